"""Every alert has a runbook, and leads straight to the heading that answers it.

Whoever is called at night did not build the pilot. An alert without a runbook is answered by guessing or by silencing;
an address that ends nowhere, or at a heading with nothing below it, is found out at three in the morning.

Fix: write a heading for each signal's alert into a runbook, and below it what to do; list the alert in that runbook's
`alerts`, and give it a `runbook_url` that leads to the heading, as in
`https://github.com/acme/triage/blob/main/docs/runbook.md#triageaccuracylow`.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.answering import Answers
from rules.evidence.markdown import slug
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.runbooks import Runbooks, Target, leads
from rules.evidence.watching import Watched, shown, watched
from rules.facts import Repository
from rules.places import Place
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.wording import Guesses

CODE = "RUN001"
SEVERITY = Severity.ERROR

Said = Finding | NotApplicable | Unverifiable


def check(policy: Policy, alerts: Alerts, runbooks: Runbooks, repository: Repository) -> Iterator[Said]:
    signals = watched(policy, alerts)
    if not signals:
        yield NotApplicable("there are no signals (MON001)")
    for number, runbook in enumerate(policy.runbooks or ()):
        at = ("runbooks", number, "file")
        if runbook.file is None:
            yield Finding(at, f"runbook {number + 1} is nowhere to be read: write `file:` and its path")
        elif runbook.file in runbooks.broken:
            yield Finding(at, f"the runbook {runbooks.broken[runbook.file]}")
        elif runbook.file in runbooks.opaque:
            yield Unverifiable(f"the runbook {runbooks.opaque[runbook.file]}")
    judge = _Judge(Answers(policy, runbooks, repository))
    for one in signals:
        if one.signal.alert is None:
            yield NotApplicable(f"{one.name} has no alert (MON002)")
        else:
            yield from judge.signal(one, one.signal.alert)


class _Judge:
    """Judges signal after signal; what was said of an alert is not said again of the next signal that has it."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.guess = answers, Guesses()
        self.told: set[object] = set()

    def signal(self, one: Watched, name: str) -> Iterator[Said]:
        targets = [leads(alert.runbook_url, alert.path) for alert in one.alerts if alert.runbook_url]
        ours = self.answers.ours(targets)
        if not self.answers.listed(name) and not ours:
            yield from self._once(name, Finding(one.at("alert"), self._unanswered(name, targets)))
            return
        for file, heading in self.answers.hollow(name, ours):
            message = f"{quote(file)} has nothing under {quote(heading.title)}, which answers {quote(name)}"
            place = Place(heading.line, 1, heading.line, 1)
            found = Finding(one.at("alert"), f"{message}: write there what to do", place=place, file=file)
            yield from self._once((file, heading), found)
        if not one.alerts:
            yield NotApplicable(one.unfound)
        for alert in one.alerts:
            for said in self._address(one, alert):
                yield from self._once((name, alert.runbook_url or None, alert.unclear), said)

    def _once(self, key: object, said: Said) -> Iterator[Said]:
        if key not in self.told:
            self.told.add(key)
            yield said

    def _unanswered(self, name: str, targets: list[Target | None]) -> str:
        """What is said of an alert that no runbook lists, and whose address leads to none."""
        said, heading = f"no runbook answers {quote(name)}", quote(f"## {name}")
        there = [path for one in targets if one for path in self.answers.there(one)]
        if there:
            return f"{said}: name the file to which its `runbook_url` leads under `runbooks`, {_entry(there[0], name)}"
        if spoken := self.answers.speaking(name):
            where, title = quote(spoken[0]), quote(spoken[1].title)
            return f"{said}: write it into the `alerts` of {where}, whose {title} speaks of it"
        for path in self.answers.known:
            what = f"and into the file the heading {heading} and what to do"
            return f"{said}: write it into the `alerts` of one, as of {quote(path)}, {what}"
        new = f"write one with the heading {heading} and what to do"
        return f"{said}: {new}, and name it under `runbooks`, {_entry('docs/runbook.md', name)}"

    def _address(self, one: Watched, alert: Alert) -> Iterator[Finding | Unverifiable]:
        url, files = alert.runbook_url, self.answers.files(alert.name) or list(self.answers.titles)
        if not url:
            if alert.unclear:
                yield Unverifiable(f"whether {shown(alert)} names a runbook can't be told: {alert.unclear}")
            else:
                write = self._where(alert.name, files, "write one that leads to")
                yield Finding(one.at("alert"), f"{shown(alert)} has no `runbook_url`: {write}")
            return
        said, target = f"the `runbook_url` of {shown(alert)}", leads(url, alert.path)
        write = self._where(alert.name, files)
        if "{{" in url or target is None:
            why = "is written with a template" if "{{" in url else "is an address that can't be looked at"
            yield Unverifiable(f"{said}, {quote(url)}, {why}: {write}")
            return
        abroad, here = self.answers.abroad(target), quote(self.answers.repository.name)
        if abroad:
            other = f"{quote(target.repository)}, another repository than this one, {here}"
            yield Finding(one.at("alert"), f"{said} leads to {other}: {write}")
        elif abroad is None:
            other = f"{quote(target.repository)}, and this is a clone of {here}"
            yield Unverifiable(f"{said} leads to {other}: if that is no fork of it, {write}")
        elif wrong := self._wrong(alert.name, target, write):
            yield Finding(one.at("alert"), f"{said} leads to {wrong}")

    def _wrong(self, name: str, target: Target, write: str) -> str | None:
        """Where an address leads that leads to no heading of a runbook, and what to write; None for one that does."""
        file = self.answers.meant(target)
        if file is None:
            there = self.answers.there(target)
            if there:
                entry = f"name it under `runbooks`, {_entry(there[0], name)}"
                return f"{quote(there[0])}, which is no runbook of this policy: {entry}, or {write}"
            meant = quote(target.paths[0]) if target.paths else "no file"
            return f"{meant}, which is {self.answers.unknown}: {write}"
        if self.answers.resolves(file, target.anchor, name):
            return None
        missing = f": there is no {quote('#' + target.anchor)}" * bool(target.anchor)
        return f"no heading of {quote(file)}{missing}: {self._where(name, [file], like=target.anchor)}"

    def _where(self, name: str, files: list[str], lead: str = "let it lead to", like: str = "") -> str:
        """What to write so that an alert leads to its heading: to one that is there, or to one to be written."""
        titles = self.answers.titles
        for file in files:
            found = titles[file].naming(name) if file in titles else []
            if found:
                return f"{lead} {quote(f'{file}#{found[0].anchor}')}"
        file = next(iter([*files, *self.answers.known, "docs/runbook.md"]))
        if self.answers.opaque(file):
            return f"{lead} the heading of {quote(file)} that answers it"
        near, new = None, quote(f"## {name}")
        for word in (like, name) if file in titles else ():
            near = near or titles[file].nearest(word, self.guess)
        if near:
            answers = f"if its heading {quote(near.title)} answers it, or write the heading {new} and what to do there"
            return f"{lead} {quote(f'{file}#{near.anchor}')}, {answers}"
        return f"{lead} {quote(f'{file}#{slug(name)}')}, and write the heading {new} and what to do there"


def _entry(file: str, name: str) -> str:
    """The entry of `runbooks` that says that a file answers an alert."""
    return f"{quote(f'- file: {file}')} with {quote(f'alerts: [{scalar(name)}]')}"


_POLICY = """
monitoring:
  configs: [ops/alerts.yml]
  signals: [{id: live-accuracy, metric: triage_accuracy, alert: TriageAccuracyLow}]
runbooks: [{file: docs/runbook.md, alerts: [TriageAccuracyLow]}]
"""
_HUB = "https://github.com/acme/triage/blob/main"
_TEXT = "# Triage\n\n## TriageAccuracyLow\n\nCompare by language.\n\n## Escalation\n\nCall.\n"


def _files(url: str | None, text: str = _TEXT, path: str = "docs/runbook.md") -> dict[str, str]:
    annotations = f"{{runbook_url: '{url}'}}" if url else "{}"
    rule = f"{{alert: TriageAccuracyLow, expr: triage_accuracy < 0.93, annotations: {annotations}}}"
    return {"ops/alerts.yml": f"groups:\n  - name: triage\n    rules:\n      - {rule}\n", path: text}


EXAMPLES = [
    good(_POLICY, files=_files(f"{_HUB}/docs/runbook.md#triageaccuracylow")),
    good(_POLICY, files=_files("docs/runbook.md#escalation")),
    good(_POLICY, files=_files(f"{_HUB}/docs/runbook.md")),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`TriageAccuracyLow` (`ops/alerts.yml:4`) has no `runbook_url`: write one that leads to"
        " `docs/runbook.md#triageaccuracylow`",
        files=_files(None),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="leads to no heading of `docs/runbook.md`: there is no `#triage-accuracy-low`: let it lead to"
        " `docs/runbook.md#triageaccuracylow`",
        files=_files(f"{_HUB}/docs/runbook.md#triage-accuracy-low"),
    ),
    bad(
        _POLICY.replace("[TriageAccuracyLow]", "[TriageAccuracyLow, TriageErrors]"),
        at="monitoring.signals[0].alert",
        says="leads to no heading of `docs/runbook.md`: let it lead to `docs/runbook.md#triageaccuracylow`",
        files=_files(f"{_HUB}/docs/runbook.md"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="leads to `runbook.md`, which is no file of this repository: let it lead to"
        " `docs/runbook.md#triageaccuracylow`",
        files=_files(f"{_HUB}/runbook.md#triageaccuracylow"),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="leads to `acme/other`, another repository than this one, `acme/triage`: let it lead to"
        " `docs/runbook.md#triageaccuracylow`",
        files=_files("https://github.com/acme/other/blob/main/docs/runbook.md#triageaccuracylow"),
        given=(Repository(name="acme/triage"),),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="`docs/runbook.md` has nothing under `TriageAccuracyLow`, which answers `TriageAccuracyLow`: write there",
        files=_files(f"{_HUB}/docs/runbook.md#triageaccuracylow", _TEXT.replace("Compare by language.", "TODO")),
    ),
    bad(
        _POLICY,
        at="monitoring.signals[0].alert",
        says="let it lead to `docs/runbook.md#triageaccuracylow`, and write the heading `## TriageAccuracyLow` and"
        " what to do there",
        files=_files(f"{_HUB}/docs/runbook.md#gone", "# Triage\n\nLook.\n"),
    ),
    bad(
        _POLICY.partition("runbooks")[0],
        at="monitoring.signals[0].alert",
        says="no runbook answers `TriageAccuracyLow`: write one with the heading `## TriageAccuracyLow` and what to"
        " do, and name it under `runbooks`, `- file: docs/runbook.md` with `alerts: [TriageAccuracyLow]`",
    ),
    bad(
        _POLICY.replace("alerts: [TriageAccuracyLow]", "alerts: [Other]"),
        at="monitoring.signals[0].alert",
        says="no runbook answers `TriageAccuracyLow`: write it into the `alerts` of `docs/runbook.md`, whose"
        " `TriageAccuracyLow` speaks of it",
        files=_files(None),
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="the runbook `docs/runbook.md` is not there: commit it there",
        files=_files(f"{_HUB}/docs/runbook.md#triageaccuracylow", path="runbook.md"),
    ),
    bad(
        _POLICY.replace("file: docs/runbook.md, ", ""),
        at="runbooks[0].file",
        says="runbook 1 is nowhere to be read: write `file:`",
    ),
    unclear(
        _POLICY,
        says="the `runbook_url` of `TriageAccuracyLow` (`ops/alerts.yml:4`), `https://wiki.acme.example/triage`, is an"
        " address that can't be looked at: let it lead to `docs/runbook.md#triageaccuracylow`",
        files=_files("https://wiki.acme.example/triage"),
    ),
    unclear(
        _POLICY,
        says="the `runbook_url` of `TriageAccuracyLow` (`ops/alerts.yml:4`), `docs/runbook.md#{{ $labels.queue }}`, is"
        " written with a template: let it lead to `docs/runbook.md#triageaccuracylow`",
        files=_files("docs/runbook.md#{{ $labels.queue }}"),
    ),
    unclear(
        _POLICY,
        says="whether `TriageAccuracyLow` (`ops/alerts.yml:4`) names a runbook can't be told: is a template",
        files=_files(None),
        given=(Alerts((Alert("TriageAccuracyLow", "Prometheus", "ops/alerts.yml", 4, unclear="is a template"),)),),
    ),
    unclear(
        _POLICY.replace("docs/runbook.md", "docs/runbook.rst"),
        says="the runbook `docs/runbook.rst` is not Markdown, and no other runbook is read: write it in Markdown",
        files=_files("docs/runbook.rst#triageaccuracylow", "Runbook\n=======\n", "docs/runbook.rst"),
    ),
    unclear(
        _POLICY,
        says="the `runbook_url` of `TriageAccuracyLow` (`ops/alerts.yml:4`) leads to `acme/triage`, and this is a clone"
        " of `ana/triage`: if that is no fork of it, let it lead to `docs/runbook.md#triageaccuracylow`",
        files=_files(f"{_HUB}/docs/runbook.md#triageaccuracylow"),
        given=(Repository(name="ana/triage", cloned=True),),
    ),
    idle(
        _POLICY.replace("TriageAccuracyLow", "TriageErrors"),
        says="no alert of the signal `live-accuracy` is found (MON002)",
        files=_files(None),
    ),
    idle(
        _POLICY.replace(", alert: TriageAccuracyLow", ""),
        says="the signal `live-accuracy` has no alert (MON002)",
        files=_files(None),
    ),
    idle("runbooks: [{file: docs/runbook.md}]", says="there are no signals (MON001)", files=_files(None)),
]
