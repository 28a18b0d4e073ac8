"""Decides whether a pilot keeps its contract. Pure: see README.md for the five laws."""
