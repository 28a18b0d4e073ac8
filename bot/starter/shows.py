"""What a repository shows of its pilot."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.evidence.monitoring import Alert


@dataclass(frozen=True, slots=True)
class Shows:
    """What a repository shows of its pilot. Paths are relative to its root, in order."""

    name: str
    owner: str | None = None
    configs: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    manifests: tuple[str, ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    """Paths with the format that each is of."""
    runbooks: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the alerts that a runbook answers, by its path."""
    stop_switch: str | None = None
