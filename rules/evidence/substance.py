"""What is in the files that the policy names as stop switches and as records of reviews: nothing, or something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from rules.evidence.loading import Broken, Fault, Opaque, decoded, documents, mapping
from rules.facts import Files
from rules.policy import Policy
from rules.values import Glob, RepoPath, Url, quote

_WORKFLOWS = ".github/workflows/"
_PULLED = frozenset(
    {
        *("workflow_dispatch", "repository_dispatch", "workflow_call", "workflow_run", "schedule", "deployment"),
        # What a person writes to a bot, or does to an issue.
        *("issue_comment", "issues", "discussion", "discussion_comment"),
    }
)
"""The events by which somebody, or a program, can start a workflow without a change of the code."""


@dataclass(frozen=True, slots=True)
class Substance:
    """The `empty` files among them; `stuck` are the workflows among the switches that can't be started when needed.

    What can't be read is in neither: an image or a long document is a record all the same.
    """

    empty: frozenset[str] = frozenset()
    stuck: Mapping[str, Fault] = field(default_factory=dict)

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The stop switches, and the records of the reviews that have passed."""
        switches = [runbook.stop_switch for runbook in policy.runbooks or () if runbook.stop_switch]
        passed = [review.evidence for review in (policy.reviews or {}).values() if review.outcome == "passed"]
        return tuple(dict.fromkeys([*switches, *(one for one in passed if one and not isinstance(one, Url))]))

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """What each of them holds; never raises on any content."""
        contents = {str(path): files.read(path) for path in cls.wanted(policy)}
        known = {path: data for path, data in contents.items() if isinstance(data, bytes)}
        empty = frozenset(path for path, data in known.items() if not data.removeprefix(b"\xef\xbb\xbf").strip())
        switches = {str(runbook.stop_switch) for runbook in policy.runbooks or ()}
        workflows = [path for path in known if path in switches - empty and _is_workflow(path)]
        faults = ((path, _stuck(path, known[path])) for path in workflows)
        return cls(empty, {path: fault for path, fault in faults if fault})


def _is_workflow(path: str) -> bool:
    return path.startswith(_WORKFLOWS) and path.endswith((".yml", ".yaml")) and "/" not in path[len(_WORKFLOWS) :]


def _stuck(path: str, data: bytes) -> Fault | None:
    """Why nobody can start a workflow, and what to write; None where somebody can, or where it can't be told."""
    try:
        found = documents(decoded(data))
    except Broken as error:
        return Fault(path, error.message, error.line)
    except Opaque:
        return None
    whole = mapping(found[0]) if found else {}
    events = _names(whole.get("on"))
    if events & _PULLED:
        return None
    started = f"starts on {', '.join(map(quote, sorted(events)[:3]))} alone" if events else "has no event to start on"
    return Fault(
        path, f"{started}, so that nobody can start it when it is needed: add `workflow_dispatch:` to its `on:`"
    )


def _names(events: Any) -> frozenset[str]:
    """The events of a workflow's `on:`, in any of the ways in which they are written."""
    listed = [events] if isinstance(events, str) else events if isinstance(events, list | dict) else []
    return frozenset(one for one in listed if isinstance(one, str))
