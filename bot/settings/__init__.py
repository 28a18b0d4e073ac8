"""What the environment says, read once."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command without a server goes by.

    `today` stands in for the clock where it is set; `colour` is false where the reader asked for none; `prometheus_url`
    is empty where there is no server to ask.
    """

    today: str | None
    colour: bool
    prometheus_url: str = ""


def read(environment: Mapping[str, str]) -> Settings:
    """From `PILOTGATE_TODAY`, `PILOTGATE_PROMETHEUS_URL`, and `NO_COLOR` and `TERM` as terminals mean them."""
    plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return Settings(
        today=environment.get("PILOTGATE_TODAY") or None,
        colour=not plain,
        prometheus_url=environment.get("PILOTGATE_PROMETHEUS_URL", "").rstrip("/"),
    )
