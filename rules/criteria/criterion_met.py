"""Every criterion is met: the measured value is on the right side of its target.

A pilot goes live on what it reaches, not on what it was meant to reach. Once the date is near, a target that is missed
is argued away unless the gate itself compares.

Fix: improve the pilot until it reaches the target, and commit the new results. To ease a target is to weaken the
policy.
"""

from collections.abc import Iterator

from rules.evidence.comparison import misfit, satisfies, scale, shown
from rules.evidence.results import Measured, Results, called, measured
from rules.facts import Measurements
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear

CODE = "CRI005"
SEVERITY = Severity.ERROR_FROM_DECISION


def check(
    policy: Policy, results: Results, measurements: Measurements
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.criteria:
        yield NotApplicable("there are no criteria (CRI001)")
    for index, criterion in enumerate(policy.criteria or ()):
        name, found = called(policy, index), measured(results, measurements, index)
        if criterion.op is None or criterion.target is None:
            yield NotApplicable(f"{name} has no op or no target (CRI001)")
        elif isinstance(found, Unverifiable):
            yield found
        elif not isinstance(found, Measured):
            yield NotApplicable(f"{name} has no value that can be read (CRI003)")
        elif misfit(criterion, found.value):
            whole = scale(criterion.unit)
            message = (
                f"{name} measures {shown(found.value)}, which is no {criterion.unit}: write the unit that it is in"
            )
            yield Finding(("criteria", index, "unit"), f"{message}, or results between 0 and {whole}")
        elif not satisfies(criterion.op, found.value, criterion.target):
            said = f"{name} measures {shown(found.value, criterion.target)}, not {criterion.op} {criterion.target}"
            message = f"{said}: improve the pilot, and commit its new results"
            yield Finding(("criteria", index, "target"), message)


def _policy(op: str, target: str) -> str:
    source = "source: {format: json, file: r.json, pointer: /a}"
    return f'criteria: [{{id: accuracy, kind: quality, op: "{op}", target: {target}, unit: ratio, {source}}}]'


_FILE = {"r.json": '{"a": 0.93}'}
_QUERY = "criteria: [{id: p95, op: '<=', target: 2, unit: s, source: {format: prometheus, query: p95}}]"

EXAMPLES = [
    good(_policy(">=", "0.93"), files=_FILE),
    good(_policy("<", "0.94"), files=_FILE),
    good(_policy("<=", "0.93"), files=_FILE),
    good(_QUERY, given=(Measurements({"p95": 1.4}, Unverifiable("nobody asked")),)),
    good(
        "criteria: [{kind: cost, op: '<', target: 2, unit: ratio, source: {file: r.json, pointer: /a}}]",
        files={"r.json": '{"a": 1.7}'},
    ),
    bad(
        _policy(">", "0.93"),
        at="criteria[0].target",
        says="`accuracy` measures 0.93, not > 0.93: improve the pilot",
        files=_FILE,
    ),
    bad(_policy(">=", "0.94"), at="criteria[0].target", says="not >= 0.94", files=_FILE),
    bad(_policy("<", "0.93"), at="criteria[0].target", says="not < 0.93", files=_FILE),
    bad(
        _policy(">=", "0.9"),
        at="criteria[0].unit",
        says="measures 95, which is no ratio: write the unit that it is in, or results between 0 and 1",
        files={"r.json": '{"a": 95}'},
    ),
    bad(
        _QUERY,
        at="criteria[0].target",
        says="measures 2.5, not <= 2",
        given=(Measurements({"p95": 2.5}, Unverifiable("nobody asked")),),
    ),
    idle("owners: {}", says="there are no criteria (CRI001)"),
    idle(_policy(">=", "0.9"), says="`accuracy` has no value that can be read (CRI003)"),
    idle(
        _QUERY,
        says="`p95` has no value that can be read (CRI003)",
        given=(Measurements({"p95": float("nan")}, Unverifiable("nobody asked")),),
    ),
    idle(
        "criteria: [{op: '>', source: {file: r.json, pointer: /a}}]",
        says="criterion 1 has no op or no target (CRI001)",
        files=_FILE,
    ),
    unclear(
        _QUERY,
        says="the server was not asked: name it",
        given=(Measurements({}, Unverifiable("the server was not asked: name it")),),
    ),
    unclear(
        _policy(">=", "0.9"),
        files={"r.json": "version https://git-lfs.github.com/spec/v1\n"},
        says="`r.json` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
