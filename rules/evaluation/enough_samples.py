"""A value rests on enough samples to be no accident: `min_samples`, and a share that clears its target beyond chance.

Ten right answers out of ten prove next to nothing: a pilot that is right four times in five gets there one time in ten.
So the whole 95 % interval of a share (Wilson's) has to lie on the right side of the target.

Fix: measure on more samples; the finding says how many would do. Name their number in `source.samples`.
"""

from collections.abc import Iterator

from rules.evidence.comparison import clears, enough, interval, satisfies, shared, shown
from rules.evidence.results import Measured, Results, called, measured
from rules.facts import Measurements
from rules.policy import Criterion, Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear
from rules.values import Path

CODE = "EVA004"
SEVERITY = Severity.WARNING


def check(
    policy: Policy, results: Results, measurements: Measurements
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.criteria:
        yield NotApplicable("there are no criteria (CRI001)")
    for index, criterion in enumerate(policy.criteria or ()):
        found = measured(results, measurements, index)
        if isinstance(found, Measured):
            yield from _judged(criterion, ("criteria", index), called(policy, index), found)
        elif criterion.min_samples is None:
            continue
        elif isinstance(found, Unverifiable):
            yield found
        else:
            yield NotApplicable(f"{called(policy, index)} has no value that can be read (CRI003)")


def _judged(criterion: Criterion, at: Path, name: str, found: Measured) -> Iterator[Finding]:
    source, wanted = (*at, "source", "samples"), criterion.min_samples
    if "samples" in found.faults:
        yield Finding(source, f"nobody knows on how many samples {name} rests, {found.faults['samples']}")
    elif found.samples is None and wanted is not None:
        if criterion.source is None or criterion.source.file is None:
            message = f"{name} asks for {wanted} samples, but a query has no number of them: write `window:` instead"
            yield Finding((*at, "min_samples"), message)
        else:
            message = f"nothing says on how many samples {name} rests: write `samples:` with a pointer to their number"
            yield Finding(source, message)
    elif found.samples is not None and wanted is not None and found.samples < wanted:
        message = f"{name} rests on {found.samples} samples, fewer than {wanted}: measure on more"
        yield Finding((*at, "min_samples"), message)
    elif found.samples is not None:
        yield from _chance(criterion, at, name, (found.value, found.samples))


def _chance(criterion: Criterion, at: Path, name: str, found: tuple[float, int]) -> Iterator[Finding]:
    value, samples = found
    whole, op, target = shared(criterion, value), criterion.op, criterion.target
    # A target that is missed is for CRI005; one at the end of the scale no interval can clear.
    if whole is None or op is None or target is None or not 0 < target < whole or not satisfies(op, value, target):
        return
    if samples == 0:
        yield Finding((*at, "min_samples"), f"{name} rests on no sample at all: measure on some")
        return
    bounds = interval(value / whole, samples)
    if not clears(op, bounds, target / whole):
        low, high = (f"{bound * whole:.4g}" for bound in bounds)
        said = f"{name} measures {shown(value, target)} on {samples} samples"
        message = f"{said}, which may be anything from {low} to {high} (95 %)"
        least = enough(op, value / whole, target / whole)
        hint = f"measure on {least} samples or more" if least else "no number of samples will do, get beyond the target"
        yield Finding((*at, "min_samples"), f"{message} and so miss {op} {target}: {hint}")


_POLICY = """
criteria:
  - id: accuracy
    op: "{op}"
    target: {target}
    unit: {unit}
    min_samples: 100
    source: {{format: json, file: r.json, pointer: /a, samples: /n}}
"""


def _case(op: str = ">=", target: str = "0.93", unit: str = "ratio") -> str:
    return _POLICY.format(op=op, target=target, unit=unit)


EXAMPLES = [
    good(_case(), files={"r.json": '{"a": 0.951, "n": 2180}'}),
    good(_case("<=", "5", "percent"), files={"r.json": '{"a": 3, "n": 1000}'}),
    good(_case(unit="s"), files={"r.json": '{"a": 0.94, "n": 100}'}),
    good(_case(target="1"), files={"r.json": '{"a": 1, "n": 100}'}),
    good(_case(), files={"r.json": '{"a": 0.5, "n": 100}'}),
    good("criteria: [{op: '>', window: 7d, source: {file: r.json, pointer: /a}}]", files={"r.json": '{"a": 1}'}),
    good("criteria: [{op: '>', target: 1, source: {file: r.json, pointer: /a}}]"),
    bad(
        _case(),
        at="criteria[0].min_samples",
        says="`accuracy` rests on 99 samples, fewer than 100: measure on more",
        files={"r.json": '{"a": 0.99, "n": 99}'},
    ),
    bad(
        _case(),
        at="criteria[0].min_samples",
        says="measures 0.951 on 300 samples, which may be anything from 0.9204 to 0.9702 (95 %) and so miss >= 0.93:"
        " measure on 568 samples or more",
        files={"r.json": '{"a": 0.951, "n": 300}'},
    ),
    bad(
        _case("<=", "5", "percent"),
        at="criteria[0].min_samples",
        says="from 1.586 to 5.602 (95 %)",
        files={"r.json": '{"a": 3, "n": 300}'},
    ),
    bad(
        _case(),
        at="criteria[0].min_samples",
        says="no number of samples will do, get beyond the target",
        files={"r.json": '{"a": 0.93, "n": 5000}'},
    ),
    bad(
        _case().replace("    min_samples: 100\n", ""),
        at="criteria[0].min_samples",
        says="rests on no sample at all: measure on some",
        files={"r.json": '{"a": 0.95, "n": 0}'},
    ),
    bad(
        _case(),
        at="criteria[0].source.samples",
        says="`r.json` holds `-3` at `/n`, which is no number of samples: point at a whole number",
        files={"r.json": '{"a": 0.95, "n": -3}'},
    ),
    bad(
        "criteria: [{id: a, min_samples: 9, source: {file: r.json, pointer: /a}}]",
        at="criteria[0].source.samples",
        says="nothing says on how many samples `a` rests: write `samples:`",
        files={"r.json": '{"a": 0.95}'},
    ),
    bad(
        "criteria: [{id: a, min_samples: 9, source: {query: up}}]",
        at="criteria[0].min_samples",
        says="a query has no number of them: write `window:` instead",
        given=(Measurements({"up": 1.0}, Unverifiable("nobody asked")),),
    ),
    idle("owners: {}", says="there are no criteria (CRI001)"),
    idle(_case(), says="`accuracy` has no value that can be read (CRI003)"),
    unclear(
        "criteria: [{min_samples: 9, source: {query: up}}]",
        says="the server was not asked: name it",
        given=(Measurements({}, Unverifiable("the server was not asked: name it")),),
    ),
]
