"""What stands in the file by which users report a wrong answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rules.facts import Files
from rules.policy import Policy
from rules.values import Glob, RepoPath


@dataclass(frozen=True, slots=True)
class Feedback:
    """`empty`: the file of `monitoring.feedback` is there, and nothing stands in it."""

    empty: bool = False

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The file, where the policy names one."""
        channel = policy.monitoring.feedback if policy.monitoring else None
        return (channel,) if isinstance(channel, RepoPath) else ()

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """Whether it is empty; never raises on any content."""
        found = [files.read(str(path)) for path in cls.wanted(policy)]
        return cls(any(isinstance(data, bytes) and not data.strip() for data in found))
