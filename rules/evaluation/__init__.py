"""Evaluation data: a pilot that was built and judged on curated data meets production unprepared."""

SECTION = "evaluation"
RESERVED = ("EVA001", "EVA002", "EVA003", "EVA004", "EVA005", "EVA006")
