"""Waives a rule until a day, for a reason that anybody can read.

The waiver is its sender's approval of the commit that it makes: whatever is pushed after it voids it.
"""

import re
from dataclasses import dataclass

from bot.commands import Where, Who, reason
from bot.errors import UserError
from bot.review import rights
from bot.review.asked import Asked
from bot.review.change import Wish, change
from bot.review.draft import Draft
from rules.facts import Codes, Today
from rules.policy import Waiver
from rules.waivers import faults

USAGE = "waive CODE until DATE because TEXT"
EXAMPLE = "waive INT002 until +2w because the vendor's API lands in December"
WHO = Who.APPROVER
WHERE = Where.BOTH


@dataclass(frozen=True, slots=True)
class Waived:
    """A rule's code, the words of a day, and why."""

    code: str
    day: str
    why: str


def parse(words: str) -> Waived:
    """A code, until when, and why."""
    head, because, why = words.partition(" because ")
    found = re.fullmatch(r"(\S+)\s+until\s+(\S.*)", head.strip(), re.I)
    if found is None or not because or not why.strip():
        raise UserError("`waive` takes a rule's code, `until` and a day, `because` and a reason")
    return Waived(found[1], found[2], reason(why))


def do(parsed: Waived, asked: Asked) -> str:
    """A commit with the waiver."""
    _ = asked.policy  # Whether there is one is said first.
    code, last = asked.rule(parsed.code).code, asked.day(parsed.day)
    if last < asked.today:
        raise UserError(f"{last} has passed")
    item: dict[str, object] = {"rule": code, "reason": parsed.why, "approved_by": f"@{asked.login}", "expires": last}
    waiver, codes = Waiver.model_validate({**item, "expires": str(last)}), Codes(asked.by.catalogue.codes)
    wrong = [one for one in faults(waiver, (), codes, asked.organisation, Today(asked.today)) if one.since is None]
    if wrong:
        raise UserError(wrong[0].message)

    def make(draft: Draft, asked: Asked) -> None:
        rights.to_approve(asked)
        for number, one in enumerate(asked.policy.waivers or ()):
            if one.rule == code and one.key is None:
                for key in ("reason", "approved_by", "expires"):
                    draft.put(("waivers", number, key), item[key])
                return
        draft.add(("waivers",), item)

    details = {"rule": code, "until": str(last), "because": parsed.why}
    return change(asked, Wish(f"Waive {code} until {last}", make, parsed.why, "waiver", details))
