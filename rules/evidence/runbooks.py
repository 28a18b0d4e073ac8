"""The runbooks that the policy names: what they say under which heading, and whether what they cite is there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from rules.evidence.loading import Broken, Fault, Opaque, opened
from rules.evidence.markdown import MAX_PAGE, Page, Span, page
from rules.facts import Files, Presence, Unverifiable
from rules.policy import Policy
from rules.values import Glob, RepoPath, quote

MAX_PAGES = 2 * MAX_PAGE
"""How many characters of Markdown are read for a policy, all runbooks together."""
_BEYOND = f"is beyond the {MAX_PAGES // 1024} KiB of runbooks that are read in all: shorten them, or name fewer"


@dataclass(frozen=True, slots=True)
class Cited:
    """Something in the repository that a runbook cites, as it is written there, and what stands at its place."""

    name: str
    line: int
    presence: Presence | Unverifiable


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads in a repository: the paths that it may mean, likeliest first, and the anchor.

    `repository` is the `OWNER/NAME` that an address at github.com names.
    """

    paths: tuple[str, ...]
    anchor: str
    repository: str | None = None


@dataclass(frozen=True, slots=True)
class Runbooks:
    """The files of `runbooks`, by their paths.

    `pages` are those that could be read, `cited` what they cite of the repository, `alerts` the alerts that they speak
    of by name. `broken` have to be mended; of the `opaque` nothing can be told. `files` are all of the repository's;
    None where they can't be told.
    """

    pages: Mapping[str, Page] = field(default_factory=dict)
    cited: Mapping[str, tuple[Cited, ...]] = field(default_factory=dict)
    alerts: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    broken: Mapping[str, Fault] = field(default_factory=dict)
    opaque: Mapping[str, Fault] = field(default_factory=dict)
    files: frozenset[str] | None = None

    @staticmethod
    def wanted(policy: Policy) -> Iterable[RepoPath | Glob]:
        """The files that `runbooks` names."""
        return tuple(dict.fromkeys(runbook.file for runbook in policy.runbooks or () if runbook.file))

    @classmethod
    def read(cls, policy: Policy, files: Files) -> Self:
        """Every runbook that the policy names; never raises on any content."""
        pages: dict[str, Page] = {}
        broken: dict[str, Fault] = {}
        opaque: dict[str, Fault] = {}
        left = MAX_PAGES
        for path in cls.wanted(policy):
            try:
                text = _text(files, path)
                if left < len(text) <= MAX_PAGE:
                    raise Opaque(_BEYOND)
                pages[path] = page(text)
                left -= len(text)
            except Broken as error:
                broken[path] = Fault(path, error.message, error.line)
            except Opaque as error:
                opaque[path] = Fault(path, error.reason)
        ground = _Ground(files, pages)
        cited = {path: tuple(ground.cited(path)) for path in pages}
        alerts = {path: tuple(filter(_of_an_alert, one.spans)) for path, one in pages.items()}
        return cls(pages, cited, alerts, broken, opaque, None if ground.unknown else ground.files)


def leads(address: str, beside: str = "") -> Target | None:
    """Where an address leads in a repository, None for any other.

    Read are addresses as GitHub makes them for files (`/OWNER/REPO/blob/REF/PATH`, on any host) and paths, from the
    repository's root or from the folder of the file `beside`. A branch's name may hold slashes: hence several paths.
    """
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if not parts.scheme and not parts.netloc:
        near = _joined(_folder(beside), parts.path)
        paths = [path for path in (_joined("", parts.path.lstrip("/")), near) if path]
        return Target(tuple(dict.fromkeys(map(unquote, paths))), unquote(parts.fragment))
    if parts.scheme not in ("http", "https") or len(steps) > _STEPS:
        return None
    if host == "raw.githubusercontent.com":
        rest = steps[2:]
    elif len(steps) > 2 and steps[2] in ("blob", "tree", "raw", "blame", "edit"):
        rest = steps[3:]
    else:
        return None
    found = tuple("/".join(rest[start:]) for start in range(1, len(rest)))
    repository = "/".join(steps[:2]) if host in _GITHUB else None
    return Target(found, unquote(parts.fragment), repository) if found else None


_STEPS = 100
_GITHUB = ("github.com", "www.github.com", "raw.githubusercontent.com")


def _text(files: Files, path: str) -> str:
    text = opened(files, path)
    if path.lower().endswith(_OTHER):
        raise Opaque("is not Markdown, and no other runbook is read: write it in Markdown")
    if not text.strip():
        raise Broken("is empty: write what to do when an alert fires")
    return text


# GitHub tells by its name how a file is written.
_OTHER = (".rst", ".adoc", ".asciidoc", ".asc", ".org", ".textile", ".html", ".htm", ".ipynb", ".rdoc", ".pod", ".wiki")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _joined(folder: str, path: str) -> str | None:
    """The path from a folder on, with `.` and `..` followed; None where it leaves the repository."""
    steps: list[str] = []
    for step in [*folder.split("/"), *path.split("/")]:
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


class _Ground:
    """What the runbooks may cite: the repository, and the pages themselves."""

    def __init__(self, files: Files, pages: Mapping[str, Page]) -> None:
        paths = files.paths
        self.unknown = paths if isinstance(paths, Unverifiable) else None
        self.files = frozenset(() if isinstance(paths, Unverifiable) else paths)
        self.folders = frozenset(path[: match.start()] for path in self.files for match in re.finditer("/", path))
        self.pages = pages

    def cited(self, path: str) -> Iterator[Cited]:
        """Everything in the repository that a runbook cites."""
        for link in self.pages[path].links:
            yield from self._link(path, unquote(link.target), link.line)
        for span in self.pages[path].spans:
            yield from self._span(path, span)

    def at(self, path: str) -> Presence | Unverifiable:
        if self.unknown:
            return self.unknown
        if path in self.files:
            return Presence.FILE
        return Presence.FOLDER if path in self.folders or not path else Presence.NOTHING

    def _link(self, path: str, target: str, line: int) -> Iterator[Cited]:
        workflow = _WORKFLOW.fullmatch(target)
        if workflow:
            yield self._workflow(f".github/workflows/{workflow[1]}", line)
        elif not _ELSEWHERE.match(target) and not _OPEN.search(target):
            file, _, anchor = target.partition("#")
            file = file.partition("?")[0]
            place = _joined("" if file.startswith("/") else _folder(path), file) if file else path
            if place is None:
                return
            presence = self.at(place) if file else Presence.FILE
            yield Cited(file or "#" + anchor, line, presence if file else self._anchor(path, anchor))
            if file and anchor and place in self.pages:
                yield Cited(target, line, self._anchor(place, anchor))

    def _anchor(self, path: str, anchor: str) -> Presence:
        # An empty anchor and `#top` are the top of any page.
        there = anchor.lower() in ("", "top") or self.pages[path].has(anchor)
        return Presence.FILE if there else Presence.NOTHING

    def _workflow(self, path: str, line: int) -> Cited:
        presence = self.at(path)
        if presence is Presence.NOTHING:
            # An address names its repository, and which one this is, is not known here.
            presence = Unverifiable(f"{quote(path)} is not here, and may be another repository's: cite it by its path")
        return Cited(path, line, presence)

    def _span(self, path: str, span: Span) -> Iterator[Cited]:
        text = re.sub(r"(?::\d{1,9}|#L?\d{1,9}.{0,12})$", "", span.text)
        if len(text) > 500 or not _PATH.fullmatch(text):
            return
        plain = text.removeprefix("./")
        first = plain.partition("/")[0]
        known = first in self.folders
        if (known and (text.endswith("/") or "." in plain.rpartition("/")[2])) or (
            "." not in first.removeprefix(".") and first not in _SYSTEM and plain.lower().endswith(_ENDINGS)
        ):
            found = [self.at(place) for place in (_joined("", plain), _joined(_folder(path), plain)) if place]
            there = next((one for one in found if one is not Presence.NOTHING), Presence.NOTHING)
            yield Cited(text, span.line, there)


_WORKFLOW = re.compile(r"https?://[^/\s]+/[^/\s]+/[^/\s]+/actions/workflows/([\w.-]+\.ya?ml)(?:[/?#].*)?", re.DOTALL)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
# Text that somebody or something fills in.
_OPEN = re.compile(r"[{}<>$*]|%\(")
_PATH = re.compile(r"(?:\./)?[\w.@+-]+(?:/[\w.@+-]+)+/?")
_SYSTEM = frozenset(["etc", "var", "usr", "opt", "tmp", "home", "root", "mnt", "srv", "dev", "proc"])
_ENDINGS = (
    *(".md", ".txt", ".yml", ".yaml", ".json", ".toml", ".cfg", ".ini", ".tf", ".hcl", ".sql", ".ipynb"),
    *(".py", ".sh", ".bash", ".ps1", ".js", ".ts", ".go", ".rb", ".java"),
)
_CAMEL = re.compile(r"(?:[A-Z][a-z0-9]+){2,}[A-Z]*")


def _of_an_alert(span: Span) -> bool:
    """Whether a code span names an alert: it looks like one's name, and the word next to it is `alert`."""
    beside = re.search(r"\balerts?:?\s{1,2}$", span.before, re.IGNORECASE) or re.match(
        r"\s{1,2}alert\b", span.after, re.IGNORECASE
    )
    return bool(beside) and len(span.text) <= 200 and _CAMEL.fullmatch(span.text) is not None
