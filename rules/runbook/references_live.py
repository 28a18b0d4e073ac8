"""What a runbook cites is there.

Files move, alerts are renamed, workflows are merged. A runbook that still speaks of the old ones sends people to
places that are gone, and after the second dead link nobody follows it any further.

Fix: cite what is there under its present name, or commit what belongs there.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.monitoring import Alerts
from rules.evidence.runbooks import Runbooks
from rules.facts import Presence
from rules.places import Place
from rules.policy import Policy, Runbook
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.wording import Guesses

CODE = "RUN003"
SEVERITY = Severity.WARNING

_MOST = 20
"""How many dead references of one runbook are told."""


def check(policy: Policy, alerts: Alerts, runbooks: Runbooks) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.runbooks:
        yield NotApplicable("there are no runbooks (RUN004)")
    guess = Guesses()
    seen = set()
    for number, runbook in enumerate(policy.runbooks or ()):
        yield from _listed(number, runbook, alerts, guess)
        file = str(runbook.file)
        if file in runbooks.opaque:
            yield Unverifiable(f"the runbook {runbooks.opaque[file]}")
        elif file not in runbooks.pages:
            yield NotApplicable(f"runbook {number + 1} can't be read (RUN001)")
        elif file not in seen:
            seen.add(file)
            yield from _dead(number, file, runbooks)
            yield from _unknown(number, file, runbooks, alerts)


def _listed(number: int, runbook: Runbook, alerts: Alerts, guess: Guesses) -> Iterator[Finding | Unverifiable]:
    """What is wrong with the alerts that the policy says a runbook answers."""
    known = dict.fromkeys(alert.name for alert in alerts.alerts)
    for place, name in enumerate(runbook.alerts or ()):
        if name in known or alerts.broken or not known:
            continue  # what can't be read, and alerts that are nowhere, are MON002's
        if alerts.opaque:
            yield Unverifiable(f"whether there is an alert {quote(name)} can't be told: {alerts.opaque[0]}")
            continue
        better = guess(name, known)
        hint = f"did you mean {quote(better)}?" if better else "write the name of one, or take it off"
        message = f"{quote(name)} is no alert of `monitoring.configs`: {hint}"
        yield Finding(("runbooks", number, "alerts", place), message, fix=Fix(scalar(better)) if better else None)


def _dead(number: int, file: str, runbooks: Runbooks) -> Iterator[Finding | Unverifiable]:
    gone = {one.name: one.line for one in reversed(runbooks.cited[file]) if one.presence is Presence.NOTHING}
    for name, line in sorted(gone.items(), key=lambda one: one[1])[:_MOST]:
        what = "is no heading there" if "#" in name else "is not there"
        message = f"{quote(file)} cites {quote(name)}, which {what}: cite what is there, or commit it"
        yield Finding(("runbooks", number, "file"), message, place=Place(line, 1, line, 1), file=file)
    for one in runbooks.cited[file]:
        if isinstance(one.presence, Unverifiable):
            yield Unverifiable(f"{quote(f'{file}:{one.line}')} cites {quote(one.name)}: {one.presence.reason}")


def _unknown(number: int, file: str, runbooks: Runbooks, alerts: Alerts) -> Iterator[Finding | Unverifiable]:
    known = {alert.name for alert in alerts.alerts}
    lines = {span.text: span.line for span in reversed(runbooks.alerts[file]) if span.text not in known}
    if not known or alerts.broken:
        return
    for name, line in sorted(lines.items(), key=lambda one: one[1])[:_MOST]:
        if alerts.opaque:
            yield Unverifiable(f"whether there is an alert {quote(name)} can't be told: {alerts.opaque[0]}")
        else:
            message = (
                f"{quote(file)} speaks of the alert {quote(name)}, which no file of `configs` defines: mend its name"
            )
            yield Finding(("runbooks", number, "file"), message, place=Place(line, 1, line, 1), file=file)


_POLICY = """
monitoring: {configs: ["ops/*.yml"]}
runbooks: [{file: docs/runbook.md, alerts: [TriageErrors]}]
"""
_TEXT = """
    # Runbook

    When the alert `TriageErrors` fires, read the [design](design.md#queues) and run `ops/stop.sh`.
    Then follow [the next part](#next) or start `.github/workflows/disable-triage.yml`.

    ## Next
"""
_FILES = {
    "docs/runbook.md": _TEXT,
    "docs/design.md": "# Queues\n",
    "ops/alerts.yml": "groups: [{name: triage, rules: [{alert: TriageErrors, expr: triage_errors > 5}]}]\n",
    "ops/stop.sh": "",
    ".github/workflows/disable-triage.yml": "",
}
_TEMPLATE = {"ops/more.yml": "{{- range .Values.alerts }}\n"}


def _with(text: str) -> dict[str, str]:
    return {**_FILES, "docs/runbook.md": text}


EXAMPLES = [
    good(_POLICY, files=_FILES),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="`docs/runbook.md` cites `ops/stop.sh`, which is not there: cite what is there, or commit it",
        files={path: text for path, text in _FILES.items() if path != "ops/stop.sh"},
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="cites `#next`, which is no heading there",
        files=_with(_TEXT.replace("## Next", "## After that")),
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="speaks of the alert `TriageFailures`, which no file of `configs` defines: mend its name",
        files=_with("The alert `TriageFailures` says that triage fails.\n"),
    ),
    bad(
        _POLICY.replace("TriageErrors", "TriageError"),
        at="runbooks[0].alerts[0]",
        says="`TriageError` is no alert of `monitoring.configs`: did you mean `TriageErrors`?",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("TriageErrors", "Sums"),
        at="runbooks[0].alerts[0]",
        says="write the name of one, or take it off",
        files=_FILES,
    ),
    unclear(
        _POLICY,
        says="`docs/runbook.md:1` cites `.github/workflows/stop.yml`: `.github/workflows/stop.yml` is not here, and may"
        " be another repository's: cite it by its path",
        files=_with("Run [it](https://github.com/acme/ops/actions/workflows/stop.yml).\n"),
    ),
    unclear(
        _POLICY.replace("TriageErrors", "Other"),
        says="whether there is an alert `Other` can't be told: `ops/more.yml` is a template, and what it becomes is not"
        " known here: name what it renders to",
        files={**_FILES, **_TEMPLATE},
    ),
    unclear(
        _POLICY,
        says="whether there is an alert `TriageFailures` can't be told: `ops/more.yml` is a template, and what it"
        " becomes is not known here: name what it renders to",
        files={**_with("The alert `TriageFailures` says that triage fails.\n"), **_TEMPLATE},
    ),
    unclear(
        "runbooks: [{file: docs/runbook.adoc}]",
        says="the runbook `docs/runbook.adoc` is not Markdown, and no other runbook is read: write it in Markdown",
        files={"docs/runbook.adoc": "= Runbook\n"},
    ),
    idle(_POLICY, says="runbook 1 can't be read (RUN001)"),
    idle("owners: {}", says="there are no runbooks (RUN004)"),
]
