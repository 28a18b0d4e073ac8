"""Quality and drift are watched, not only uptime and latency.

A model that answers fast and wrong looks healthy on every dashboard of the platform. Somebody must watch whether it
is still right, and whether its input still looks like what it was judged on.

Fix: under `monitoring.signals`, add a signal of kind quality and one of kind drift, and for each criterion of kind
quality a signal that names it in `criterion`.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.policy import Policy, Signal
from rules.rule import Finding, Fix, Severity, bad, good, quote
from rules.values import Path
from rules.wording import Guesses

CODE = "MON001"
SEVERITY = Severity.ERROR


def check(policy: Policy) -> Iterator[Finding]:
    signals = (policy.monitoring.signals if policy.monitoring else None) or ()
    for kind, why in (
        ("quality", "whether its answers are still right"),
        ("drift", "whether its input has changed"),
    ):
        if all(signal.kind != kind for signal in signals):
            yield _unseen(policy, signals, kind, why)
    yield from _unwatched(policy, signals)
    yield from _astray(policy, signals)


def _unseen(policy: Policy, signals: tuple[Signal, ...], kind: str, why: str) -> Finding:
    """That no signal is said to watch something, where one that says no kind may be meant to."""
    at: Path = ("monitoring", "signals") if policy.monitoring else ("monitoring",)
    add = f"add a signal with `kind: {kind}`, its `metric` and its `alert`"
    number = next((number for number, signal in enumerate(signals) if signal.kind is None), None)
    if number is None:
        return Finding(at, f"nothing watches {why}: {add}")
    name = f"the signal {quote(signals[number].id)}" if signals[number].id else f"signal {number + 1}"
    said = f"no signal says that it watches {why}: {name} has no kind"
    return Finding(at, f"{said}; write `kind: {kind}` there if it does, else {add}")


def _unwatched(policy: Policy, signals: tuple[Signal, ...]) -> Iterator[Finding]:
    watched = {signal.criterion for signal in signals}
    for number, criterion in enumerate(policy.criteria or ()):
        if criterion.kind == "quality" and (criterion.id is None or criterion.id not in watched):
            name = quote(criterion.id) if criterion.id else f"criterion {number + 1}"
            message = f"no signal watches {name}, a criterion of quality: add one with `criterion:` and its `id`"
            yield Finding(("criteria", number), message)


def _astray(policy: Policy, signals: tuple[Signal, ...]) -> Iterator[Finding]:
    known = {criterion.id: criterion for criterion in policy.criteria or () if criterion.id}
    guess = Guesses()
    for number, signal in enumerate(signals):
        if signal.criterion is not None and signal.criterion not in known:
            better = guess(signal.criterion, known)
            hint = f"did you mean {quote(better)}?" if better else "write the `id` of one"
            message = f"{quote(signal.criterion)} is no criterion of this policy: {hint}"
            yield Finding(
                ("monitoring", "signals", number, "criterion"), message, fix=Fix(scalar(better)) if better else None
            )


EXAMPLES = [
    good(
        """
        criteria:
          - {id: routing-accuracy, kind: quality}
          - {id: p95-latency, kind: latency}
        monitoring:
          signals:
            - {id: live-accuracy, kind: quality, metric: triage_accuracy, criterion: routing-accuracy}
            - {id: input-drift, kind: drift, metric: triage_input_psi}
        """
    ),
    bad(
        """
        monitoring:
          signals:
            - {id: uptime, kind: reliability, metric: up}
            - {id: input-drift, kind: drift, metric: triage_input_psi}
        """,
        at="monitoring.signals",
        says="whether its answers are still right",
    ),
    bad(
        "monitoring: {signals: [{kind: quality}]}",
        at="monitoring.signals",
        says="add a signal with `kind: drift`",
    ),
    bad(
        "monitoring: {signals: [{kind: quality}, {id: psi, metric: triage_input_psi}]}",
        at="monitoring.signals",
        says="no signal says that it watches whether its input has changed: the signal `psi` has no kind; write"
        " `kind: drift` there if it does, else add a signal",
    ),
    bad(
        "monitoring: {signals: [{kind: drift}, {metric: triage_accuracy}]}",
        at="monitoring.signals",
        says="signal 2 has no kind; write `kind: quality` there if it does",
    ),
    bad("monitoring: {}", at="monitoring.signals", says="nothing watches"),
    bad("owners: {}", at="monitoring", says="nothing watches"),
    bad(
        """
        criteria:
          - {id: p95-latency, kind: latency}
          - {id: routing-accuracy, kind: quality}
        monitoring: {signals: [{kind: quality}, {kind: drift}]}
        """,
        at="criteria[1]",
        says="no signal watches `routing-accuracy`",
    ),
    bad(
        "criteria: [{kind: quality}]\nmonitoring: {signals: [{kind: quality}, {kind: drift}]}",
        at="criteria[0]",
        says="no signal watches criterion 1",
    ),
    bad(
        """
        criteria: [{id: routing-accuracy, kind: quality}]
        monitoring:
          signals:
            - {kind: quality, criterion: routing-acuracy}
            - {kind: drift}
        """,
        at="monitoring.signals[0].criterion",
        says="did you mean `routing-accuracy`?",
    ),
    bad(
        "monitoring: {signals: [{kind: quality, criterion: speed}, {kind: drift}]}",
        at="monitoring.signals[0].criterion",
        says="write the `id` of one",
    ),
]
