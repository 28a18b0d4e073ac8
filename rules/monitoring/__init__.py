"""Monitoring: without an eye on quality, a model drifts in silence until its users give up on it."""

SECTION = "monitoring"
RESERVED = ("MON002", "MON003", "MON004", "MON005", "MON006", "MON007", "MON008")
