"""What the doctor says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: whether it will do, what was found, and what to do if not."""

    good: bool
    subject: str
    said: str
