"""What the environment says, read once."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`today` stands in for the clock where it is set; `colour` is false where the reader asked for none."""

    today: str | None
    colour: bool


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of a command: `PILOTGATE_TODAY`, and `NO_COLOR` and `TERM` as terminals mean them."""
    plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return Settings(today=environment.get("PILOTGATE_TODAY") or None, colour=not plain)
