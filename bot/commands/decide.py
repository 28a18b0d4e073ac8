"""Decides on the pilot, with the go/no-go packet of all that speaks for and against it.

`go` is refused where DEC005 would fail. The decision is its sender's approval of the commit that it makes.
"""

from dataclasses import dataclass, replace

from bot.commands import Declined, Where, Who, reason
from bot.errors import UserError
from bot.present import packet
from bot.review import rights
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from bot.review.judge import judge
from rules.report import Outcome, Report
from rules.values import quote
from rules.wording import nearest

USAGE = "decide go|no-go|extend [until DATE] because TEXT"
EXAMPLE = "decide extend until +4w because the vendor's API came late"
WHO = Who.DECIDER
WHERE = Where.BOTH
_OUTCOMES = ("go", "no-go", "extend")
_RULE = "DEC005"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, until when for `extend`, and why."""

    outcome: str
    until: str | None
    why: str


def parse(words: str) -> Decided:
    """An outcome, a day for `extend` alone, and why."""
    head, because, why = words.partition(" because ")
    outcome, _, rest = head.strip().partition(" ")
    until, _, day = rest.strip().partition(" ")
    if outcome.lower() not in _OUTCOMES:
        better = nearest(outcome.lower(), _OUTCOMES)
        raise UserError(f"{quote(outcome)} is no decision" + (f": did you mean `{better}`?" if better else ""))
    if not because or not why.strip():
        raise UserError("`decide` takes `because` and a reason")
    if rest.strip() and (until.lower() != "until" or not day.strip()):
        raise UserError(f"{quote(rest.strip())} means nothing here")
    if (outcome.lower() == "extend") != bool(day.strip()):
        raise UserError("`extend` takes `until` and the new day; `go` and `no-go` take none")
    return Decided(outcome.lower(), day.strip() or None, reason(why))


def do(parsed: Decided, asked: Asked) -> str:
    """The packet, and the commit with the decision."""
    _ = asked.policy  # Whether there is one is said first.
    papers: list[str] = []
    day = asked.day(parsed.until) if parsed.until else None
    if day is not None and day <= asked.today:
        raise UserError(f"{day} puts nothing off")

    def make(draft: Draft, asked: Asked) -> None:
        rights.to_decide(asked)
        decision = asked.policy.decision
        draft.put(("decision", "outcome"), parsed.outcome)
        if day is not None:
            before = decision.date if decision and decision.date else asked.today
            draft.put(("decision", "date"), day)
            draft.add(("decision", "extensions"), {"from": before, "to": day, "because": parsed.why})
        papers[:] = [_held(draft, asked)]

    details = {"outcome": parsed.outcome, "until": str(day) if day else None, "because": parsed.why}
    title = f"Decide {parsed.outcome}" + (f" until {day}" if day else "")
    said = change(asked, Wish(title, make, parsed.why, "decision", details))
    return "\n\n".join([said, *papers])


def _held(draft: Draft, asked: Asked) -> str:
    """The packet of the policy as it would be, had whoever asks approved it; Declined where DEC005 would fail."""
    document, approvals = draft.checked(), asked.pull.approvals
    given = tuple(dict.fromkeys((*approvals.given, asked.login.lower())))
    pull = replace(asked.pull, approvals=replace(approvals, given=given), told=None)
    found = judge(asked.installation, asked.by, pull, document)
    if document.model is None or not found.shown:
        raise UserError("there is no pilot here that could be decided on")
    papers = packet.render(found.shown[0], document.model, found.held[0].facts)
    missing = _missing(found.shown[0].report)
    if missing:
        raise Declined(f"this can't be decided yet: {'; '.join(missing)}", papers)
    return papers


def _missing(report: Report) -> list[str]:
    """Why the decision would not stand."""
    messages = [one.message for one in report.findings if one.code == _RULE]
    result = next((one for one in report.rules if one.code == _RULE), None)
    open_ = result is not None and result.outcome is Outcome.UNVERIFIABLE and not messages
    return [*messages, *([str(result.reason)] if result is not None and open_ else [])]
