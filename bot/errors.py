"""What can go wrong without being a bug."""

from datetime import datetime


class UserError(Exception):
    """Something that the person who asked can mend. The message is one line: what is wrong, and what to do."""


class RetryLater(Exception):
    """GitHub, or the way to it, asks to come back: not before `when` (aware, UTC), and why."""

    def __init__(self, when: datetime, reason: str) -> None:
        super().__init__(reason)
        self.when, self.reason = when, reason


class Refused(Exception):
    """GitHub will not do this, however often it is asked; `reason` says what it was and what to do.

    `status` is that of the HTTP answer, where there was one.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status
