"""Integration: real connections that are put off (CSV exports, manual loads, test credentials) never come."""

SECTION = "integrations"
