"""One text, searched: for what has the form of a credential, and for what stands beside the name of a secret."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
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
from rules.evidence.credentials.merging import Hit, merged
from rules.evidence.credentials.names import secret_name, token_name
from rules.evidence.credentials.pragmas import reason
from rules.evidence.credentials.sheets import Budget, Leak, Page, Sheet


def leaks(sheet: Sheet, budget: Budget) -> Iterator[Leak]:
    """The credentials of a text, as far as the budget lasts."""
    search = _Search(sheet, budget)
    for hit in merged(search.hits(), sheet.text):
        yield search.page.leak(hit)


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


@cache
def _texts() -> re.Pattern[str]:
    """Texts in quotes, wherever a quote may begin one."""
    return re.compile(r"(?=[\"'`]([^\"'\s]{4,})[\"'`])")


class _Search:
    """One text, searched."""

    def __init__(self, sheet: Sheet, budget: Budget) -> None:
        self.sheet, self.budget, self.text = sheet, budget, sheet.text
        # Small and capital alike, and each character where it was: one letter alone becomes two when made small.
        self.low = sheet.text.replace("İ", "i").lower()
        self.page = Page(sheet)

    def hits(self) -> Iterator[Hit]:
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

    def _tokens(self) -> Iterator[Hit]:
        done, told = 0, set[tuple[int, str]]()
        for at in sorted({*self._suspects(_MARKS), *self._shaped()}):
            number = self.page.number(at)
            if at < done or not self.page.counts(number):
                continue
            start, end = self.page.line(number)
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
                value, end = self.page.where(match.value, start, end)
                bare = match.kind == PRIVATE_KEY and bare_header(self.text[end : end + 600])
                if not bare and not fake(match, stretch):
                    told.add((number, match.kind))
                    yield from self._hit(value, end, match.kind)

    def _named(self) -> Iterator[Hit]:
        """What a program gives to the names of secrets."""
        path = "cell.py" if is_settings(self.sheet.path) else self.sheet.path
        last = 0
        for at in self._suspects(_NAMES):
            name = secret_name().search(self.text, max(last, at - 10), at + 10)
            number = self.page.number(at)
            if name is None or not self.page.counts(number):
                continue
            start, end = self.page.line(number)
            until = min(end, name.start() + _AFTER, self._next(name.end()))
            begin = max(start, last, name.start() - _BEFORE)
            stretch = self.text[begin:until]
            last = name.end()
            if not self.budget.spend(stretch):
                return
            whole = self._whole_name(name.start(), name.end(), start)
            compared = _COMPARED.match(self.text, name.end())
            if not self._worth(whole, begin, name, until):
                continue
            for value in beside_names(stretch, path):
                if not harmless(whole, value, code=True) and not (value.isalpha() and compared):
                    for place in self.page.quoted(value, begin, name.end(), until):
                        yield from self._hit(place, place + len(value), KEYWORD)

    def _worth(self, whole: str, begin: int, name: re.Match[str], until: int) -> bool:
        """Whether a text that may be a secret stands where the name's value would."""
        before = re.search(r"[!=]=\s{0,9}\w*$", self.text[begin : name.start()])
        texts = _texts().finditer(self.text, begin if before else name.end(), until)
        return any(not harmless(whole, text[1], code=True) for text in texts)

    def _handed(self, found: Callable[[str], Iterator[Handed]]) -> Iterator[Hit]:
        """What the text hands over to be let in."""
        for one in found(self.text):
            number = self.page.number(one.start)
            if not self.page.counts(number):
                continue
            if not self.budget.spend(self.text[one.start : one.end]):
                return
            yield from self._hit(one.start, one.end, one.kind)

    def _next(self, at: int) -> int:
        """Where the next name of a secret starts that is given a value of its own."""
        name = secret_name().search(self.text, at, at + _AFTER)
        apart = name is not None and re.search(r"[,;&\n]", self.text[at : name.start()]) is not None
        return name.start() if name and apart else at + _AFTER

    def _assigned(self, pairs: Iterable[Assignment]) -> Iterator[Hit]:
        for pair in pairs:
            name, value = pair.name[-200:], pair.value[:_WHOLE]
            if not self.page.counts(pair.line) or not (secret_name().search(name) or token_name(name)):
                continue
            if not self.budget.spend(value):
                return
            if secret_name().search(name):
                told = not harmless(name, value, code=False, throwaway=_pipeline(self.sheet.path))
            else:
                told = opens(name, value)
            if told:
                yield from self._hit(*self.page.where(value.split("\n")[0], *self.page.line(pair.line)), KEYWORD)

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

    def _whole_name(self, start: int, end: int, least: int) -> str:
        before = re.search(r"[\w-]*$", self.text[max(least, start - 60) : start])
        after = re.compile(r"[\w-]{0,60}").match(self.text, end)
        return (before[0] if before else "") + self.text[start:end] + (after[0] if after else "")

    def _hit(self, at: int, end: int, kind: str) -> Iterator[Hit]:
        """What was found, unless a pragma says why it is none."""
        number = self.page.number(at)
        start, until = self.page.line(number)
        above, before = self.page.line(number - 1) if number > 1 else (0, 0)
        why = reason(self.text[max(start, until - 400) : until], self.text[above : min(before, above + 400)])
        if not why:
            yield Hit(at, end, number, kind, unexplained=why is not None)


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
