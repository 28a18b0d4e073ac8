"""Ownership: pilots die when nobody owns their operation once the builders have moved on."""

SECTION = "owners"
RESERVED = ("OWN002", "OWN003", "OWN004")
