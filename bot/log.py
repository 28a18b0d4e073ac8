"""Structured logs on stderr: one event a line, with the delivery it belongs to, never a secret or a payload."""

import logging
import sys
from typing import Any, Literal

import structlog

_SECRET = ("token", "secret", "private_key", "authorization", "payload", "password", "signature")


def set_up(level: str, form: Literal["console", "json"] | None) -> None:
    """Log from this level on: as lines for people on a terminal, else as JSON, unless `form` says which."""
    people = form == "console" or (form is None and sys.stderr.isatty())
    render: Any = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, render] if not people else [*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard library, and some of them whole requests: only what is wrong is wanted.
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, force=True, format="%(levelname)s %(name)s %(message)s"
    )


def _masked(_: Any, __: str, event: Any) -> Any:
    for name in event:
        if any(word in name.lower() for word in _SECRET):
            event[name] = "…"
    return event
