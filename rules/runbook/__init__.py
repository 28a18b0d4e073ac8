"""Runbooks: an alert that nobody knows how to answer, and a model that nobody can turn off, end a pilot's welcome."""

SECTION = "runbooks"
