"""Whom CODEOWNERS gives each file to, as GitHub reads it.

The patterns are matched here rather than by a library: `[a-z]` matches nothing on GitHub, a line with a mistake is
skipped whole, and a hostile file must not take minutes. The semantics are those of GitHub's "About code owners".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from rules.evidence.loading import Broken, Fault, Opaque, opened
from rules.facts import MAX_FILES, Files, Unread, Unverifiable
from rules.policy import Policy
from rules.values import Glob, RepoPath, quote

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file, in its order; the first that is there is the only one that counts."""
MAX_FAULTS = 100
"""How many lines with mistakes are kept."""
MAX_WORK = 500_000
"""How many names are compared with a part of a pattern at most; a file that needs more is not judged."""


@dataclass(frozen=True, slots=True)
class Owned:
    """The line of CODEOWNERS that decides about a file; without owners, it says that the file has none."""

    line: int
    owners: tuple[str, ...]

    def names(self, handle: str) -> bool:
        """Whether this person or team is among the owners; GitHub takes capitals for small letters."""
        return handle.lower() in (owner.lower() for owner in self.owners)


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """What CODEOWNERS says of the files that the policy names.

    `path` is the file's own, None where there is none. `owned` holds the line that decides about each file, None for
    one that no line means. `configs` are the files of each entry of `monitoring.configs`, or why they can't be told.
    `faults` are the lines that GitHub skips. `broken` and `opaque` say why nothing of this can be told.
    """

    path: str | None = None
    owned: Mapping[str, Owned | None] = field(default_factory=dict)
    configs: tuple[tuple[str, ...] | Unverifiable, ...] = ()
    faults: tuple[Fault, ...] = ()
    broken: Fault | None = None
    opaque: Fault | None = None

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:  # noqa: ARG004 - no policy says otherwise
        """The places where GitHub looks."""
        return tuple(map(RepoPath, PLACES))

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """What the first of them says; never raises on any content."""
        path = first(files, PLACES)
        if path is None:
            return cls()
        try:
            lines, faults = _parsed(path, opened(files, path))
            configs = tuple(_configs(policy, files))
            named = [POLICY, *(runbook.file for runbook in policy.runbooks or () if runbook.file)]
            for config in configs:
                named += () if isinstance(config, Unverifiable) else config
            owned = _owned(lines, dict.fromkeys(named))
        except Broken as error:
            return cls(path, broken=Fault(path, error.message, error.line))
        except Opaque as error:
            return cls(path, opaque=Fault(path, error.reason))
        return cls(path, owned, configs, tuple(faults))


POLICY = ".pilot.yml"


def first(files: Files, places: Sequence[str]) -> str | None:
    """The first of these places where a file of the repository stands, readable or not."""
    return next((path for path in places if _stands(files.read(path))), None)


def _stands(data: bytes | Unread) -> bool:
    return not (isinstance(data, Unread) and data.mendable)


def _configs(policy: Policy, files: Files) -> Iterator[tuple[str, ...] | Unverifiable]:
    for pattern in (policy.monitoring.configs if policy.monitoring else None) or ():
        matching = files.matching(pattern)
        if isinstance(matching, Unverifiable):
            yield Unverifiable(f"the files of {quote(pattern)} can't be looked up: {matching.reason}")
        else:
            yield matching[:MAX_FILES]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of CODEOWNERS."""

    number: int
    pattern: str
    owners: tuple[str, ...]


ONE, ANY, DEEP = "\n?", "\n*", ("\n**",)
"""`?`, `*` and the part `**`: no text of a line can be these."""


def _parsed(path: str, text: str) -> tuple[list[_Line], list[Fault]]:
    lines: list[_Line] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.split("\n"), 1):
        # Since 2022 a comment may stand behind the owners.
        written = line.partition("#")[0].strip()
        if not written:
            continue
        pattern, *owners = re.split(r"(?<!\\)\s+", written) if "\\" in written else written.split()
        wrong = _wrong(pattern, owners)
        if not wrong:
            lines.append(_Line(number, pattern, tuple(owners)))
        elif len(faults) < MAX_FAULTS:
            faults.append(Fault(path, f"{wrong}, and GitHub skips the line", number))
    return lines, faults


def _wrong(pattern: str, owners: Sequence[str]) -> str | None:
    """What GitHub's own list of errors would say of a line, where that is sure."""
    if pattern == "\\":
        return "escapes a `#`, which does not work in CODEOWNERS: remove it"
    if pattern.startswith("!"):
        return f"excludes files by {quote(pattern)}, which does not work in CODEOWNERS: list what is owned"
    if "[" in pattern or "]" in pattern:
        return f"has brackets in {quote(pattern)}, which do not work in CODEOWNERS: write `*` or `?`"
    if "***" in pattern:
        return f"has three asterisks in {quote(pattern)}: write `**`"
    bad = next((owner for owner in owners if not _OWNER.fullmatch(owner)), None)
    return bad and f'names {quote(bad)}, which is no owner: write "@login", "@org/team" or an e-mail address'


_OWNER = re.compile(r"@[A-Za-z0-9_-]+(?:/[\w.-]+)?|[^@\s]+@[^@\s]+")


def _parts(pattern: str) -> tuple[tuple[str, ...], ...]:
    """What stands between the slashes of a pattern, each a series of characters, `ONE` and `ANY`."""
    parts = pattern.split("/")
    if parts[0] == "":
        parts = parts[1:]
    elif len(parts) == 1 or (len(parts) == 2 and not parts[1]):
        parts = ["**", *parts]
    if parts[-1] == "" and len(parts) > 1:
        parts[-1] = "**"
    return tuple(DEEP if part == "**" else tuple(_signs(part)) for part in parts)


def _signs(part: str) -> Iterator[str]:
    escaped = False
    for character in part:
        if character == "\\" and not escaped:
            escaped = True
            continue
        yield character if escaped else {"*": ANY, "?": ONE}.get(character, character)
        escaped = False


def _owned(lines: Sequence[_Line], paths: Iterable[str]) -> dict[str, Owned | None]:
    owned: dict[str, Owned | None] = {}
    every: dict[int, tuple[tuple[str, ...], ...]] = {}
    work = 0
    for path in paths:
        names = path.split("/")
        owned[path] = None
        for line in reversed(lines):
            parts = every.get(line.number) or every.setdefault(line.number, _parts(line.pattern))
            work += len(parts) * len(names) if parts[0] == DEEP else min(len(parts), len(names) + 1)
            if work > MAX_WORK:
                raise Opaque("holds too many patterns to be compared with every file: use wildcards, or fewer lines")
            if _means(parts, names):
                owned[path] = Owned(line.number, line.owners)
                break
    return owned


def _means(parts: Sequence[tuple[str, ...]], names: Sequence[str]) -> bool:
    """Whether a pattern means a file, or a folder that it is in."""
    # Which beginnings of the path the pattern has met so far, by their number of names.
    met = {0}
    for number, part in enumerate(parts, 1):
        if part == DEEP:
            least = min(met) + (number == len(parts))
            met = set(range(least, len(names) + 1))
        else:
            met = {count + 1 for count in met if count < len(names) and _like(part, names[count])}
        if not met:
            return False
    # `docs/*` means the files of a folder and not what is deeper; `*` alone and `/x*` mean folders as well.
    return len(names) in met if parts[-1] in (DEEP, (ANY,)) else True


def _like(part: Sequence[str], name: str) -> bool:
    """Whether a name is as a part of a pattern says; takes no longer than the square of the name's length."""
    at = here = 0
    star, back = -1, 0
    while here < len(name):
        if at < len(part) and part[at] == ANY:
            star, back = at, here
            at += 1
        elif at < len(part) and part[at] in (ONE, name[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            back += 1
            at, here = star + 1, back
        else:
            return False
    return all(part[left] == ANY for left in range(at, len(part)))
