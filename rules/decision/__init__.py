"""Decision: a pilot with no date and no criteria for its end is neither stopped nor put into production."""

SECTION = "decision"
