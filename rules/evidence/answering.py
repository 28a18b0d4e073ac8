"""Which heading of a runbook answers an alert: the one that its address leads to, or whose title names it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rules.evidence.markdown import Heading, Page, folded
from rules.evidence.runbooks import Runbooks, Target
from rules.facts import Repository
from rules.policy import Policy
from rules.wording import Guesses

_MOST = 500
"""How many titles are searched for a name that is only a part of them."""


class Titles:
    """The headings of a page, each to be found by what it is called."""

    def __init__(self, page: Page) -> None:
        self._headings = page.headings[:_MOST]
        self.text = "\n".join(one.title for one in self._headings).lower()
        self.by_letters: dict[str, list[Heading]] = {}
        self._at: dict[str, Heading] = {}
        for one in page.headings:
            self.by_letters.setdefault(_letters(one.title), []).append(one)
            self._at.setdefault(folded(one.anchor), one)

    def at(self, anchor: str) -> Heading | None:
        """The heading to which an address with this anchor leads."""
        return self._at.get(folded(anchor))

    def called(self, name: str) -> list[Heading]:
        """The headings that are called as the alert is, however that is spelt: `TriageErrors`, `Triage errors`."""
        letters = _letters(name)
        return self.by_letters.get(letters, []) if letters else []

    def naming(self, name: str) -> list[Heading]:
        """The headings that are called as the alert is, or else those that speak of it: `When TriageErrors fires`."""
        found = self.called(name)
        if found or name.lower() not in self.text:
            return found
        spoken = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        return [one for one in self._headings if spoken.search(one.title)]

    def nearest(self, name: str, guess: Guesses) -> Heading | None:
        """The heading whose title is most like the alert's name; None where none is like it."""
        found = guess(_letters(name), self.by_letters)
        return self.by_letters[found][0] if found else None


class Answers:
    """What answers the alerts of a policy: the runbooks that list them, and the headings that addresses lead to."""

    def __init__(self, policy: Policy, runbooks: Runbooks, repository: Repository) -> None:
        self.repository, self._runbooks = repository, runbooks
        self.titles = {path: Titles(page) for path, page in runbooks.pages.items()}
        self.known: Mapping[str, object] = {**runbooks.pages, **runbooks.broken, **runbooks.opaque}
        self._text = "\n".join(one.text for one in self.titles.values())
        self._called = frozenset(letters for one in self.titles.values() for letters in one.by_letters)
        self._files: dict[str, list[str]] = {}
        self._names: dict[str, set[str]] = {}
        for runbook in policy.runbooks or ():
            for name in runbook.alerts or ():
                self._files.setdefault(name, []).extend([runbook.file] if runbook.file else [])
                self._names.setdefault(str(runbook.file), set()).add(name)

    def speaking(self, name: str) -> tuple[str, Heading] | None:
        """The first runbook with a heading that names an alert, and the heading."""
        # Of hundreds of runbooks and alerts, hardly any speak of each other.
        if name.lower() in self._text or _letters(name) in self._called:
            for path, titles in self.titles.items():
                if found := titles.naming(name):
                    return path, found[0]
        return None

    def listed(self, name: str) -> bool:
        """Whether a runbook says that it answers an alert."""
        return name in self._files

    def files(self, name: str) -> list[str]:
        """The files of the runbooks that say that they answer an alert."""
        return self._files.get(name, [])

    def opaque(self, file: str) -> bool:
        """Whether nothing can be told of what stands in a runbook."""
        return file in self._runbooks.opaque

    def meant(self, target: Target) -> str | None:
        """The runbook to which an address leads; None where it leads to no runbook of the policy."""
        return next((path for path in target.paths if path in self.known), None)

    def there(self, target: Target) -> list[str]:
        """The files of this repository to which an address may lead, whether they are runbooks or not."""
        return [] if self.abroad(target) else [one for one in target.paths if one in (self._runbooks.files or ())]

    @property
    def unknown(self) -> str:
        """What a path is that leads to no runbook and to no other file that is known."""
        return "no runbook of this policy" if self._runbooks.files is None else "no file of this repository"

    def abroad(self, target: Target) -> bool | None:
        """Whether an address leads to another repository; None where that may be what this one is a fork of."""
        there, here = (target.repository or "").lower(), (self.repository.name or "").lower()
        if not there or not here or there == here:
            return False
        return None if self.repository.cloned and there.partition("/")[2] == here.partition("/")[2] else True

    def ours(self, targets: Iterable[Target | None]) -> list[tuple[str, str]]:
        """The runbooks to which addresses lead, with the anchors."""
        return [
            (file, target.anchor)
            for target in targets
            if target and (file := self.meant(target)) and not self.abroad(target)
        ]

    def resolves(self, file: str, anchor: str, name: str) -> bool:
        """Whether an alert's address leads to a heading of a runbook, as far as the runbook can be read."""
        page = self._runbooks.pages.get(file)
        if page is None or anchor:
            return page is None or page.has(anchor)
        # A file that answers one alert alone needs no anchor to be found one's way in.
        return bool(page.headings) and self._names.get(file, set()) <= {name}

    def hollow(self, name: str, ours: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Heading]]:
        """The headings that answer an alert, by its address or by their titles, and under which nothing is written."""
        led: dict[str, list[Heading]] = {file: [] for file in self.files(name)}
        for file, anchor in ours:
            heading = self.titles[file].at(anchor) if anchor and file in self.titles else None
            led.setdefault(file, []).extend([heading] if heading else [])
        for file, headings in led.items():
            if file in self.titles:
                yield from ((file, one) for one in self._hollow(file, name, headings))

    def _hollow(self, file: str, name: str, led: list[Heading]) -> Iterator[Heading]:
        yield from (heading for heading in led if heading.empty)
        # Where the address leads to one, another that only speaks of the alert need not answer it.
        own = self.titles[file].called(name) if led else self.titles[file].naming(name)
        if all(heading.empty for heading in own):
            yield from own[:1]
        page = self._runbooks.pages[file]
        if not led and not own and self._names.get(file) == {name} and all(one.empty for one in page.headings):
            yield from page.headings[:1]


@lru_cache(2000)
def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
