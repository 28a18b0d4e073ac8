"""Evaluation data: a pilot that was built and judged on curated data meets production unprepared."""

SECTION = "evaluation"
