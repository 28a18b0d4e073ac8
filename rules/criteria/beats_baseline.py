"""Every criterion knows what today's process reaches, and asks for more.

A target below what is reached today lets a pilot succeed by making things worse; without a baseline nobody can tell.

Fix: measure today's process, write it as `baseline`, and set `target` on the better side of it.
"""

from collections.abc import Iterator

from rules.policy import Criterion, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote

CODE = "CRI004"
SEVERITY = Severity.WARNING


def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
    if not policy.criteria:
        yield NotApplicable("there are no criteria (CRI001)")
    for number, criterion in enumerate(policy.criteria or ()):
        name = quote(criterion.id) if criterion.id else f"criterion {number + 1}"
        if criterion.baseline is None:
            message = f"{name} has no baseline: write `baseline:` and what today's process reaches"
            yield Finding(("criteria", number, "baseline"), message)
        elif not _stricter(criterion):
            message = (
                f"{name} asks for {criterion.op} {criterion.target}, no better than today's {criterion.baseline}:"
                " set a stricter `target`"
            )
            yield Finding(("criteria", number, "target"), message)


def _stricter(criterion: Criterion) -> bool:
    """Whether the target lies on the better side of the baseline; true where op or target is for CRI001 to miss."""
    if criterion.op is None or criterion.target is None or criterion.baseline is None:
        return True
    if criterion.op in (">", ">="):
        return criterion.target > criterion.baseline
    return criterion.target < criterion.baseline


EXAMPLES = [
    good(
        """
        criteria:
          - {id: routing-accuracy, op: ">=", target: 0.93, baseline: 0.87}
          - {id: p95-latency, op: "<=", target: 2, baseline: 30}
          - {id: handled, op: ">", target: 900, baseline: 899.5}
          - {id: cost, op: "<", target: 0.1, baseline: 0.2}
          - {id: unfinished, baseline: 0.2}
          - {id: aimless, op: ">", baseline: 0.2}
        """
    ),
    bad(
        "criteria: [{id: accuracy, op: '>=', target: 0.93}]",
        at="criteria[0].baseline",
        says="has no baseline",
    ),
    bad(
        "criteria: [{op: '>=', target: 0.87, baseline: 0.87}]",
        at="criteria[0].target",
        says="no better than today's",
    ),
    bad("criteria: [{op: '>', target: 0.5, baseline: 0.87}]", at="criteria[0].target", says="asks for > 0.5"),
    bad(
        "criteria: [{op: '<=', target: 30, baseline: 30}]",
        at="criteria[0].target",
        says="no better than today's 30",
    ),
    bad(
        "criteria: [{op: '<', target: 31, baseline: 30}]",
        at="criteria[0].target",
        says="set a stricter `target`",
    ),
    idle("owners: {}", says="there are no criteria (CRI001)"),
]
