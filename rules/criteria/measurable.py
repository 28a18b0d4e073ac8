"""Every criterion can be measured: a comparison, a number, its unit, and how much it must rest on.

"Works well" can't be checked, and a pilot that can't be checked is argued about until its budget ends. A number
without a sample size or a window is no better: three lucky answers reach any target.

Fix: give the criterion `op`, `target` and `unit`, and either `min_samples` or `window`.
"""

from collections.abc import Iterator

from rules.policy import Criterion, Policy
from rules.rule import Finding, Severity, bad, good, quote
from rules.values import Path

CODE = "CRI001"
SEVERITY = Severity.ERROR


def check(policy: Policy) -> Iterator[Finding]:
    if not policy.criteria:
        message = "no criterion says when the pilot has succeeded: write `criteria:` with one or more"
        yield Finding(("criteria",), message)
    for number, criterion in enumerate(policy.criteria or ()):
        yield from _lacking(criterion, ("criteria", number))


def _lacking(criterion: Criterion, at: Path) -> Iterator[Finding]:
    name = quote(criterion.id) if criterion.id else f"criterion {int(at[1]) + 1}"
    if criterion.op is None:
        yield Finding((*at, "op"), f'{name} compares nothing: write `op: ">="`, `">"`, `"<="` or `"<"`')
    if criterion.target is None:
        yield Finding((*at, "target"), f"{name} has no target: write `target:` and the number that decides")
    if not (criterion.unit or "").strip():
        yield Finding((*at, "unit"), f"{name} has no unit: write `unit:`, as in `unit: ratio` or `unit: s`")
    if criterion.min_samples is None and criterion.window is None:
        message = f"{name} may rest on a single sample: write `min_samples:` or `window:`, as in `window: 7d`"
        yield Finding((*at, "min_samples"), message)


EXAMPLES = [
    good(
        """
        criteria:
          - id: routing-accuracy
            op: ">="
            target: 0.93
            unit: ratio
            min_samples: 1500
        """
    ),
    good("criteria: [{id: p95-latency, op: '<=', target: 2, unit: s, window: 7d}]"),
    bad(
        """
        criteria:
          - id: routing-accuracy
            target: 0.93
            unit: ratio
            min_samples: 1500
        """,
        at="criteria[0].op",
        says="`routing-accuracy` compares nothing",
    ),
    bad(
        "criteria: [{op: '>=', unit: s, window: 7d}]",
        at="criteria[0].target",
        says="criterion 1 has no target",
    ),
    bad("criteria: [{op: '>=', target: 2, unit: ' ', window: 7d}]", at="criteria[0].unit", says="has no unit"),
    bad(
        "criteria: [{op: '>=', target: 2, unit: s, source: {samples: /n}}]",
        at="criteria[0].min_samples",
        says="may rest on a single sample",
    ),
    bad("owners: {}", at="criteria", says="no criterion says when the pilot has succeeded"),
    bad("criteria: []", at="criteria", says="no criterion says when the pilot has succeeded"),
]
