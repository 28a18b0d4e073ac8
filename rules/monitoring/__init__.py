"""Monitoring: without an eye on quality, a model drifts in silence until its users give up on it."""

SECTION = "monitoring"
