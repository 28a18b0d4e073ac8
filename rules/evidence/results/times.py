"""The day on which something was measured, as results write it: ISO 8601, or seconds or milliseconds since 1970."""

from datetime import UTC, date, datetime, timedelta

from rules.evidence.loading import number

_MILLISECONDS = 100_000_000_000


def day(value: object) -> date | None:
    """The day, in UTC where the time of day is known; None where the value states none."""
    if isinstance(value, str) and len(value) <= 40:
        return _written(value.strip())
    found = number(value)
    if found is None or not 0 < found < _MILLISECONDS * 100:
        return None
    seconds = found / 1000 if found > _MILLISECONDS else found
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(seconds, 250_000_000_000))).date()


def _written(text: str) -> date | None:
    if text.isdecimal():
        return day(int(text))
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        return None
