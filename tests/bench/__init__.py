"""Measurements, run by `make bench`: they print figures and fail only where one can't be taken."""
