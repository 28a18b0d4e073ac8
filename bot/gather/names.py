"""What is looked up wherever a policy stands: its own name, and the paths that it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.facts import MAX_EVIDENCE, MAX_FILES, MAX_SUM, Unread, most_patterns
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
TOO_MUCH = Unread(f"is beyond the {MAX_SUM // 1024 // 1024} MiB of evidence that are read in all", mendable=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files that are asked for, each once, those asked for by name first; and which of them each pattern means."""

    paths: Sequence[str]
    matching: Mapping[str, tuple[str, ...]]


def chosen(wanted: Iterable[RepoPath], listed: Sequence[str]) -> Chosen:
    """What paths and patterns ask for among the files that are listed, which are in order."""
    asked = list(dict.fromkeys(wanted))
    patterns = [one for one in asked if isinstance(one, Glob) and not one.plain][: most_patterns(len(listed))]
    named = [str(one) for one in asked if not (isinstance(one, Glob) and not one.plain)]
    matching = {str(pattern): pattern.among(listed) for pattern in patterns}
    return Chosen(list(dict.fromkeys([*named, *(path for found in matching.values() for path in found)])), matching)


def unseen(large: int, beyond: int) -> str | None:
    """What is said of files that are too large to be looked at, or beyond the number that is."""
    said = [f"{large} large file{'s' if large > 1 else ''}"] if large else []
    said += [f"{beyond} more file{'s' if beyond > 1 else ''}"] if beyond > 0 else []
    return f"{' and '.join(said)} could not be looked at" if said else None
