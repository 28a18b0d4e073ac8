"""Ownership: pilots die when nobody owns their operation once the builders have moved on."""

SECTION = "owners"
