"""What is remembered of a repository's policy for the next time, in memory alone."""

from dataclasses import dataclass
from datetime import datetime

from bot.gather.beside import Wanted
from bot.github.cache import Cache

__all__ = ["Cache", "Known"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the policy of a repository has been found to ask for, so that it can be asked for at once."""

    wanted: Wanted
    until: datetime
    commits: frozenset[str] = frozenset()
