"""The decision rests on criteria that exist, and at least one of them is about the result.

A pilot that may go live because it is fast and cheap has not shown that it is any use. `go` names what must be met,
and one of those is a criterion of kind quality, safety, adoption or business.

Fix: list under `decision.go` the `id`s of the criteria that must all be met.
"""

from collections import Counter
from collections.abc import Iterator

from rules.edits import scalar
from rules.policy import Criterion, Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, bad, good, idle, quote
from rules.wording import Guesses

CODE = "DEC002"
SEVERITY = Severity.ERROR

_RESULTS = ("quality", "safety", "adoption", "business")


def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
    if policy.decision is None:
        yield NotApplicable("there is no decision (DEC001)")
        return
    at = ("decision", "go")
    if not policy.decision.go:
        yield Finding(
            at,
            "no criterion must be met: write `go:` with the `id` of each that must, as in `go: [accuracy]`",
        )
        return
    known = {criterion.id: criterion for criterion in policy.criteria or () if criterion.id}
    yield from _unknown(policy.decision.go, known)
    yield from _doubled(policy)
    named = [known[name] for name in policy.decision.go if name in known]
    if named and not any(criterion.kind in _RESULTS for criterion in named):
        message = (
            f"no criterion of `go` is about the result: add one whose `kind` is {', '.join(_RESULTS[:-1])} or business"
        )
        yield Finding(at, message)


def _unknown(go: tuple[str, ...], known: dict[str, Criterion]) -> Iterator[Finding]:
    guess, unused = Guesses(), [name for name in known if name not in frozenset(go)]
    for number, name in enumerate(go):
        if name not in known:
            better = guess(name, unused)
            hint = f"did you mean {quote(better)}?" if better else "write the `id` of one under `criteria`"
            message = f"{quote(name)} is no criterion of this policy: {hint}"
            yield Finding(("decision", "go", number), message, fix=Fix(scalar(better)) if better else None)


def _doubled(policy: Policy) -> Iterator[Finding]:
    counts = Counter(criterion.id for criterion in policy.criteria or ())
    go = policy.decision.go if policy.decision else None
    for number, name in enumerate(go or ()):
        if counts[name] > 1:
            message = f"{quote(name)} names {counts[name]} criteria: give each criterion an `id` of its own"
            yield Finding(("decision", "go", number), message)


_CRITERIA = "criteria: [{id: accuracy, kind: quality}, {id: latency, kind: latency}, {id: latency-2}]\n"

EXAMPLES = [
    good(_CRITERIA + "decision: {go: [accuracy, latency]}"),
    bad(_CRITERIA + "decision: {go: [accuracy, latensy]}", at="decision.go[1]", says="did you mean `latency`?"),
    bad(
        _CRITERIA + "decision:\n  go:\n    - acuracy\n",
        at="decision.go[0]",
        says="`acuracy` is no criterion of this policy: did you mean `accuracy`?",
    ),
    bad(_CRITERIA + "decision: {go: [accuracy, cost]}", at="decision.go[1]", says="write the `id` of one"),
    bad(
        _CRITERIA + "decision: {go: [latency]}",
        at="decision.go",
        says="no criterion of `go` is about the result",
    ),
    bad(
        "criteria: [{id: a, kind: quality}, {id: a, kind: cost}]\ndecision: {go: [a]}",
        at="decision.go[0]",
        says="names 2 criteria",
    ),
    bad(_CRITERIA + "decision: {go: []}", at="decision.go", says="no criterion must be met"),
    bad("decision: {date: 2027-01-25}", at="decision.go", says="no criterion must be met"),
    idle("owners: {}", says="there is no decision (DEC001)"),
]
