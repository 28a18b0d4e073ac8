"""Acts: gathers facts, lets `rules` decide, and says what came out."""

__version__ = "0.1.0"
