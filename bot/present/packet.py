"""The packet for the decision: all that whoever decides ought to have seen, in Markdown."""

from collections.abc import Iterator

from bot.present import Shown, markdown
from rules.evidence.comparison import satisfies
from rules.evidence.comparison import shown as figure
from rules.evidence.results import Measured, Reading, Results, measured
from rules.facts import Facts, Measurements, Unverifiable
from rules.policy import Criterion, Policy
from rules.report import Outcome
from rules.values import quote

_MOST = 50


def render(shown: Shown, policy: Policy, facts: Facts) -> str:
    """Criteria with what was measured, readiness by family, open findings, waivers in force and reviews."""
    report = shown.report
    parts = [
        f"## Go or no-go: {markdown.inline(report.pilot or '')}",
        f"stage {report.stage} · as of {report.today}"
        + (f" · at {report.commit[:12]}" if report.commit else "")
        + markdown.below(shown),
        "\n".join(_criteria(policy, facts)),
        markdown.readiness(shown),
        "### Open findings\n\n" + "\n".join(_findings(shown)),
        "### Waivers in force\n\n" + "\n".join(_waivers(shown, policy)),
        "### Reviews\n\n" + "\n".join(_reviews(policy)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _criteria(policy: Policy, facts: Facts) -> Iterator[str]:
    yield "| criterion | target | measured | samples | source |"
    yield "|---|---|---|---|---|"
    results, measurements = facts.get(Results), facts.get(Measurements)
    go = (policy.decision.go if policy.decision else None) or ()
    for index, one in enumerate(policy.criteria or ()):
        found: Reading = (
            results
            if isinstance(results, Unverifiable)
            else measurements
            if isinstance(measurements, Unverifiable)
            else measured(results, measurements, index)
        )
        name = quote(one.id or f"criteria[{index}]") + (" (go)" if one.id in go else "")
        cells = (name, _target(one), _value(one, found), _samples(found), _source(one))
        yield "| " + " | ".join(map(markdown.cell, cells)) + " |"


def _target(one: Criterion) -> str:
    return " ".join(str(part) for part in (one.op, one.target, one.unit) if part is not None) or "none"


def _value(one: Criterion, found: Reading) -> str:
    if not isinstance(found, Measured):
        return found.reason if isinstance(found, Unverifiable) else found.message
    if one.op is None or one.target is None:
        return str(found.value)
    met = "met" if satisfies(one.op, found.value, one.target) else "missed"
    return f"{figure(found.value, one.target)}, {met}"


def _samples(found: Reading) -> str:
    return str(found.samples) if isinstance(found, Measured) and found.samples is not None else "not told"


def _source(one: Criterion) -> str:
    source = one.source
    if source is None:
        return "none"
    return quote(source.query if source.query is not None else f"{source.file or ''} {source.pointer or ''}".strip())


def _findings(shown: Shown) -> Iterator[str]:
    found = shown.report.findings
    for one in found[:_MOST]:
        yield f"- {one.severity} **{one.code}** {quote(one.path)} line {one.line}: {markdown.inline(one.message)}"
    if len(found) > _MOST:
        yield f"- and {len(found) - _MOST} more"
    if not found:
        yield "none"


def _waivers(shown: Shown, policy: Policy) -> Iterator[str]:
    waived = {one.code for one in shown.report.rules if one.outcome is Outcome.WAIVED}
    there = [one for one in policy.waivers or () if one.rule in waived]
    for one in there:
        words = f"{one.reason or 'no reason'}, until {one.expires}, approved by {quote(one.approved_by or 'nobody')}"
        yield f"- **{markdown.inline(one.rule or '')}**: {markdown.inline(words)}"
    if not there:
        yield "none"


def _reviews(policy: Policy) -> Iterator[str]:
    for name, one in (policy.reviews or {}).items():
        words = (
            f"{quote(name)}: {one.outcome or 'pending'}, due {one.due or 'on no day'}, team {quote(one.team or 'none')}"
        )
        yield f"- {markdown.inline(words)}"
    if not policy.reviews:
        yield "none"
