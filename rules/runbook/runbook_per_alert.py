"""Every alert has a runbook, and leads straight to the heading that answers it.

Whoever is called at night did not build the pilot. An alert without a runbook is answered by guessing or by silencing;
an address that ends nowhere is found out at three in the morning.

Fix: list each signal's alert in the `alerts` of a runbook, and give the alert a `runbook_url` that leads to its
heading, as in `https://github.com/acme/triage/blob/main/docs/runbook.md#triageaccuracylow`.
"""

from collections.abc import Iterator

from rules.evidence.markdown import slug
from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.runbooks import Runbooks, Target, leads
from rules.evidence.watching import Watched, shown, watched
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "RUN001"
SEVERITY = Severity.ERROR


def check(policy: Policy, alerts: Alerts, runbooks: Runbooks) -> Iterator[Finding | NotApplicable | Unverifiable]:
    signals = watched(policy, alerts)
    if not policy.runbooks:
        yield NotApplicable("there are no runbooks (RUN004)")
        return
    if not signals:
        yield NotApplicable("there are no signals (MON001)")
    for number, runbook in enumerate(policy.runbooks):
        at = ("runbooks", number, "file")
        if runbook.file is None:
            yield Finding(at, f"runbook {number + 1} is nowhere to be read: write `file:` and its path")
        elif runbook.file in runbooks.broken:
            yield Finding(at, f"the runbook {runbooks.broken[runbook.file]}")
        elif runbook.file in runbooks.opaque:
            yield Unverifiable(f"the runbook {runbooks.opaque[runbook.file]}")
    for one in signals:
        if one.signal.alert is None:
            yield NotApplicable(f"{one.name} has no alert (MON002)")
        else:
            yield from _judge(one, one.signal.alert, policy, runbooks)


def _judge(
    one: Watched, name: str, policy: Policy, runbooks: Runbooks
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    answers: list[str] = [
        runbook.file for runbook in policy.runbooks or () if runbook.file and name in (runbook.alerts or ())
    ]
    targets = [leads(alert.runbook_url, alert.path) for alert in one.alerts if alert.runbook_url]
    listed = any(name in (runbook.alerts or ()) for runbook in policy.runbooks or ())
    if not listed and not any(target and _file(target, runbooks) for target in targets):
        yield Finding(one.at("alert"), f"no runbook answers {quote(name)}: write it into the `alerts` of one")
    if not one.alerts:
        yield NotApplicable(one.unfound)
    for alert in one.alerts:
        yield from _address(one, alert, answers or [*runbooks.pages], policy, runbooks)


def _address(
    one: Watched, alert: Alert, answers: list[str], policy: Policy, runbooks: Runbooks
) -> Iterator[Finding | Unverifiable]:
    url = alert.runbook_url
    write = quote(f"{answers[0] if answers else 'docs/runbook.md'}#{_anchor(alert.name, answers, runbooks)}")
    if not url:
        if alert.unclear:
            yield Unverifiable(f"whether {shown(alert)} names a runbook can't be told: {alert.unclear}")
        else:
            yield Finding(one.at("alert"), f"{shown(alert)} has no `runbook_url`: write one that leads to {write}")
        return
    target = leads(url, alert.path)
    if "{{" in url or target is None:
        why = "is written with a template" if "{{" in url else "is an address that can't be looked at"
        yield Unverifiable(f"the `runbook_url` of {shown(alert)}, {quote(url)}, {why}: let it lead to {write}")
        return
    file = _file(target, runbooks)
    if file is None:
        meant = quote(target.paths[0]) if target.paths else "no file"
        message = f"the `runbook_url` of {shown(alert)} leads to {meant}, which is no runbook of this policy"
        yield Finding(one.at("alert"), f"{message}: let it lead to {write}, or name the file under `runbooks`")
    elif file in runbooks.pages and not _resolves(file, target.anchor, alert.name, policy, runbooks):
        wrong = f"leads to no heading of {quote(file)}" + (
            f": there is no {quote('#' + target.anchor)}" * bool(target.anchor)
        )
        write = quote(f"{file}#{_anchor(alert.name, [file], runbooks)}")
        yield Finding(one.at("alert"), f"the `runbook_url` of {shown(alert)} {wrong}: let it lead to {write}")


def _file(target: Target, runbooks: Runbooks) -> str | None:
    """The runbook that an address means; None where it means no runbook of the policy."""
    known = (runbooks.pages, runbooks.broken, runbooks.opaque)
    return next((path for path in target.paths if any(path in kind for kind in known)), None)


def _resolves(file: str, anchor: str, name: str, policy: Policy, runbooks: Runbooks) -> bool:
    page = runbooks.pages[file]
    if anchor:
        return page.has(anchor)
    # A file that answers one alert alone needs no anchor to be found one's way in.
    answered = {alert for runbook in policy.runbooks or () if runbook.file == file for alert in runbook.alerts or ()}
    return bool(page.headings) and answered <= {name}


def _anchor(name: str, answers: list[str], runbooks: Runbooks) -> str:
    """The anchor of the heading that speaks of an alert; where none does, of one that should."""
    headings = [one for path in answers[:1] if path in runbooks.pages for one in runbooks.pages[path].headings]
    plain = slug(name)
    found = [one.anchor for one in headings if one.anchor == plain] or [
        one.anchor for one in headings if name.lower() in one.title.lower()
    ]
    return found[0] if found else plain


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
        says="leads to `runbook.md`, which is no runbook of this policy: let it lead to",
        files=_files(f"{_HUB}/runbook.md#triageaccuracylow"),
    ),
    bad(
        _POLICY.replace("alerts: [TriageAccuracyLow]", "alerts: [Other]"),
        at="monitoring.signals[0].alert",
        says="no runbook answers `TriageAccuracyLow`: write it into the `alerts` of one",
        files=_files(None),
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="the runbook `docs/runbook.md` is not there: commit it there",
        files=_files(f"{_HUB}/docs/runbook.md#triageaccuracylow", path="runbook.md"),
    ),
    bad(
        "runbooks: [{alerts: [TriageAccuracyLow]}]",
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
    idle("owners: {}", says="there are no runbooks (RUN004)"),
]
