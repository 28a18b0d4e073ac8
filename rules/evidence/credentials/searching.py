"""One text, searched: for what has the form of a credential, and for what stands beside the name of a secret."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rules.evidence.credentials.assignments import (
    Assignment,
    by_line,
    in_shell,
    in_yaml,
    is_settings,
    is_shell,
    is_yaml,
)
from rules.evidence.credentials.detectors import KEYWORD, PRIVATE_KEY, beside_names, tokens
from rules.evidence.credentials.handed import Handed, addressed, handed, opens
from rules.evidence.credentials.lookalikes import bare_header, fake, harmless
from rules.evidence.credentials.names import secret_name, token_name


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A credential: its line, from 1, and its kind. `unexplained`: a pragma allows it and does not say why."""

    line: int
    kind: str
    unexplained: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text to search, as a file of that name; `numbered` tells the line of the file from the line of the text."""

    path: str
    text: str
    numbered: Callable[[int], int]
    counts: Callable[[int], bool]
    prose: bool = False


@dataclass(slots=True)
class Budget:
    """How much may still be looked at in a file: characters, by the square of the starts of a pattern among them."""

    left: int = 6_000_000

    def spend(self, stretch: str) -> bool:
        """Whether there is enough left to look at this."""
        starts = sum(stretch.count(one) for one in ("eyJ", "sk-", "aws", "AWS", "key", "pass", "ecret", "token"))
        self.left -= 300 + len(stretch) * (1 + starts) ** 2
        return self.left > 0


def leaks(sheet: Sheet, budget: Budget) -> Iterator[Leak]:
    """The credentials of a text, as far as the budget lasts."""
    return _Search(sheet, budget).leaks()


# What every token has: a long word with a digit in it, or one of these.
_LONG = re.compile(r"[A-Za-z0-9_-]{20,}")
_ADDRESS = re.compile(r"://[^\s:/@]*:[^\s@/]+@")
_MARKS = (
    "eyj",
    "xox",
    "hooks.slack",
    "private key",
    "putty-user",
    "_authtoken",
    "accountkey=",
    "sq0csp-",
    "aws",
    "akc",
)
_ARTIFACTORY = re.compile(r"(?<![A-Za-z0-9])AP[0-9A-F][A-Za-z0-9]{8}")
_NAMES = ("key", "pass", "pwd", "secret", "contrase")
_HANDED = ("token", "auth", "curl", "wget")
_COMPARED = re.compile(r"[\w\"'\])]{0,60}\s{0,9}[!=]==?")
_WHOLE, _BEFORE, _AFTER = 2000, 120, 300


def promising(text: str) -> bool:
    """Whether there is anything in a text that a credential could be; looked at before anything is loaded."""
    low = text.lower()
    return any(word in low for word in (*_MARKS, *_NAMES, *_HANDED)) or any(
        form.search(text) for form in (_LONG, _ADDRESS)
    )


class _Search:
    """One text, searched."""

    def __init__(self, sheet: Sheet, budget: Budget) -> None:
        self.sheet, self.budget, self.text = sheet, budget, sheet.text
        # Small and capital alike, and each character where it was: one letter alone becomes two when made small.
        self.low = sheet.text.replace("İ", "i").lower()
        self.starts = [0, *(match.end() for match in re.finditer("\n", sheet.text))]

    def leaks(self) -> Iterator[Leak]:
        yield from self._tokens()
        yield from self._handed(addressed)
        if self.sheet.prose:
            return
        yield from self._handed(handed)
        pairs: Iterable[Assignment] | None = in_yaml(self.text) if is_yaml(self.sheet.path) else None
        if pairs is not None:
            yield from self._assigned(pairs)
            return
        if is_yaml(self.sheet.path) or is_settings(self.sheet.path):
            yield from self._assigned(by_line(self.text))
        elif is_shell(self.sheet.path):
            yield from self._assigned(in_shell(self.text))
        if not is_yaml(self.sheet.path):
            yield from self._named()

    def _tokens(self) -> Iterator[Leak]:
        done, told = 0, set[tuple[int, str]]()
        for at in sorted({*self._suspects(_MARKS), *self._shaped()}):
            number = bisect_right(self.starts, at)
            if at < done or not self._counts(number):
                continue
            start, end = self._line(number)
            done = end
            if end - start > _WHOLE:
                start, end = max(start, at - 200), min(end, at + 1200)
                done = min(end, at + 1000)
            stretch = self.text[start:end]
            if not self.budget.spend(stretch):
                return
            for match in islice(tokens(stretch), 40):
                if (number, match.kind) in told:
                    continue
                key = start + stretch.find(match.value) + len(match.value)
                bare = match.kind == PRIVATE_KEY and bare_header(self.text[key : key + 600])
                if not bare and not fake(match, stretch):
                    told.add((number, match.kind))
                    yield from self._leak(number, match.kind)

    def _named(self) -> Iterator[Leak]:
        """What a program gives to the names of secrets."""
        path = "cell.py" if is_settings(self.sheet.path) else self.sheet.path
        last = 0
        for at in self._suspects(_NAMES):
            name = secret_name().search(self.text, max(last, at - 10), at + 10)
            number = bisect_right(self.starts, at)
            if name is None or not self._counts(number):
                continue
            start, end = self._line(number)
            until = min(end, name.start() + _AFTER, self._next(name.end()))
            stretch = self.text[max(start, last, name.start() - _BEFORE) : until]
            last = name.end()
            if not self.budget.spend(stretch):
                return
            whole = self._whole_name(name.start(), name.end(), start)
            compared = _COMPARED.match(self.text, name.end())
            for value in beside_names(stretch, path):
                if not harmless(whole, value, code=True) and not (value.isalpha() and compared):
                    yield from self._leak(number, KEYWORD)

    def _handed(self, found: Callable[[str], Iterator[Handed]]) -> Iterator[Leak]:
        """What the text hands over to be let in."""
        for one in found(self.text):
            number = bisect_right(self.starts, one.start)
            if not self._counts(number):
                continue
            if not self.budget.spend(self.text[one.start : one.end]):
                return
            yield from self._leak(number, one.kind)

    def _next(self, at: int) -> int:
        """Where the next name of a secret starts that is given a value of its own."""
        name = secret_name().search(self.text, at, at + _AFTER)
        apart = name is not None and re.search(r"[,;&\n]", self.text[at : name.start()]) is not None
        return name.start() if name and apart else at + _AFTER

    def _assigned(self, pairs: Iterable[Assignment]) -> Iterator[Leak]:
        for pair in pairs:
            name, value = pair.name[-200:], pair.value[:_WHOLE]
            if not self._counts(pair.line) or not (secret_name().search(name) or token_name(name)):
                continue
            if not self.budget.spend(value):
                return
            if secret_name().search(name):
                told = not harmless(name, value, code=False, throwaway=_pipeline(self.sheet.path))
            else:
                told = opens(name, value)
            if told:
                yield from self._leak(pair.line, KEYWORD)

    def _suspects(self, marks: tuple[str, ...]) -> list[int]:
        found = []
        for mark in marks:
            at = self.low.find(mark)
            while at >= 0:
                found.append(at)
                at = self.low.find(mark, at + len(mark))
        return sorted(found)

    def _shaped(self) -> Iterator[int]:
        for match in _LONG.finditer(self.text):
            if re.search("[0-9]", match[0]) or match[0].startswith("hf_"):
                yield match.start()
        yield from (match.start() for match in _ARTIFACTORY.finditer(self.text))

    def _counts(self, number: int) -> bool:
        return self.sheet.counts(self.sheet.numbered(number))

    def _line(self, number: int) -> tuple[int, int]:
        """Where a line of the text starts and ends."""
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.starts[number - 1], end

    def _whole_name(self, start: int, end: int, least: int) -> str:
        before = re.search(r"[\w-]*$", self.text[max(least, start - 60) : start])
        after = re.compile(r"[\w-]{0,60}").match(self.text, end)
        return (before[0] if before else "") + self.text[start:end] + (after[0] if after else "")

    def _leak(self, number: int, kind: str) -> Iterator[Leak]:
        start, end = self._line(number)
        above, until = self._line(number - 1) if number > 1 else (0, 0)
        reason = _reason(self.text[max(start, end - 400) : end], self.text[above : min(until, above + 400)])
        if not reason:
            yield Leak(self.sheet.numbered(number), kind, unexplained=reason is not None)


_PRAGMA = re.compile(r"(?:#|//|/\*|--|'|;|%|<!--)[ \t]*pragma: ?(?:allow|white)list[ -]secret\b(.*)")
_PRAGMA_ABOVE = re.compile(r"[ \t]*(?:#|//|/\*|--|'|;|%|<!--)[ \t]*pragma: ?allowlist[ -]nextline[ -]secret\b(.*)")


def _reason(line: str, above: str) -> str | None:
    """Why a pragma of detect-secrets allows what stands in a line; empty where it does not say, None without one."""
    found = _PRAGMA.search(line) or _PRAGMA_ABOVE.match(above)
    if found is None:
        return None
    words = re.sub(r"\*/|-->", "", found[1]).strip()
    return words if len(re.findall(r"[^\W\d_]", words)) >= 5 else ""


def _pipeline(path: str) -> bool:
    """Whether this starts services that are thrown away when it is through."""
    return (
        re.search(
            r"\.github/workflows/|\.gitlab-ci|\.circleci/|azure-pipelines|bitbucket-pipelines|\.travis|\.drone|\.buildkite/"
            r"|(?:docker-)?compose[.-](?:test|ci|dev|local)|devcontainer",
            path.lower(),
        )
        is not None
    )
