"""What is looked up wherever a policy stands: its own name, and the paths that it names."""

from collections.abc import Iterable, Sequence

from rules.facts import MAX_EVIDENCE, MAX_FILES, MAX_PATTERNS, Unread
from rules.policy import Policy
from rules.values import Glob, RepoPath, walk

POLICY = ".pilot.yml"
ORGANISATION = ".pilot-org.yml"


def paths(policy: Policy | None) -> list[str]:
    """Every path that a policy names, each once, in order. Patterns are no paths."""
    named = (str(value) for _, value in walk(policy) if isinstance(value, RepoPath) and not isinstance(value, Glob))
    return sorted(set(named))


TOO_LARGE = Unread(f"is larger than {MAX_EVIDENCE // 1024 // 1024} MiB, more than is read", mendable=False)
TOO_MANY = Unread(f"is one of more than {MAX_FILES} files that are asked for, and is not read", mendable=False)


def chosen(wanted: Iterable[RepoPath], listed: Sequence[str]) -> list[str]:
    """The files that paths and patterns ask for, each once, those asked for by name first."""
    asked = list(dict.fromkeys(wanted))
    patterns = [one for one in asked if isinstance(one, Glob) and not one.plain][:MAX_PATTERNS]
    named = [str(one) for one in asked if not (isinstance(one, Glob) and not one.plain)]
    return list(dict.fromkeys([*named, *(path for pattern in patterns for path in listed if pattern.matches(path))]))


def unseen(large: int, beyond: int) -> str | None:
    """What is said of files that are too large to be looked at, or beyond the number that is."""
    said = [f"{large} large file{'s' if large > 1 else ''}"] if large else []
    said += [f"{beyond} more file{'s' if beyond > 1 else ''}"] if beyond > 0 else []
    return f"{' and '.join(said)} could not be looked at" if said else None
