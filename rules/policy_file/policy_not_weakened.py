"""A change of the policy adds or tightens, or somebody who may has approved what it gives up.

A gate that a pull request can lower is no gate: the target that is missed becomes an easier one, the date a later one,
and nobody has decided it. Whatever can't be shown to add or to tighten is a weakening.

Fix: keep the old value, or have an approver who had no hand in the pull request approve its last commit.
"""

from collections.abc import Iterator

from rules.approval import Approval, Assent
from rules.document import Document
from rules.facts import Approvals, Base, Codes
from rules.policy import Organisation, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle
from rules.weakening import weakenings

CODE = "POL003"
SEVERITY = Severity.ERROR

_MOST = 50
"""How many weakenings are told apart."""


def check(
    document: Document[Policy],
    base: Base,
    organisation: Organisation,
    codes: Codes,
    assent: Assent,
) -> Iterator[Finding | NotApplicable]:
    if base.own:
        yield NotApplicable("there is no other policy to compare with: `--base REF` names one")
    elif document.problems:
        yield NotApplicable("POL002 fails")
    elif document.absent and not base.exists:
        yield NotApplicable(f"there is no {document.path}, here or on the base branch")
    else:
        approved = assent.approval()
        if approved.by is None:
            found = list(_weakened(document, base, organisation, codes, approved))
            yield from found[:_MOST]
            if len(found) > _MOST:
                rest = len(found) - _MOST
                yield Finding((), f"{rest} more weaken the policy{_instead(approved)}")


def _weakened(
    document: Document[Policy], base: Base, organisation: Organisation, codes: Codes, approved: Approval
) -> Iterator[Finding]:
    if document.model is None:
        message = f"{document.path} is taken away, and with it the contract that the base branch keeps"
        ended = "; a pilot that has ended stays in it as `stage: retired`"
        yield Finding((), f"{message}{_instead(approved, ended)}")
    elif base.broken:
        message = "the base branch's policy can't be read, so that nothing shows that this one promises as much"
        yield Finding((), f"{message}{_instead(approved)}")
    else:
        for one in weakenings(base.policy, document.model, organisation, codes):
            yield Finding(one.at, f"{one.what}{_instead(approved)}")


def _instead(approved: Approval, more: str = "") -> str:
    """What to do about it."""
    text = (
        f": keep what stood there, or have this commit approved by {approved.may}, without a hand in the change{more}"
    )
    return text if approved.unread is None else f"{text} (whether it is, can't be read: {approved.unread.reason})"


_BASE = """
pilot: {name: triage, stage: pilot, start: 2026-11-02}
owners: {monitor: "@lee"}
criteria: [{id: accuracy, op: ">=", target: 0.93}]
reviews: {legal: {team: "@acme/legal", due: 2026-11-27}}
decision: {date: 2027-01-25, deciders: ["@ana-r"]}
"""
_EASED = _BASE.replace("0.93", "0.9")
_WAIVER = "waivers: [{rule: INT002, reason: Vendor is late, approved_by: '@ana-r', expires: 2026-12-15}]\n"
_ALONE = (Approvals(("lee",), frozenset({"dev"})),)
_SEEN = (Approvals(("ana-r",), frozenset({"dev"})),)

EXAMPLES = [
    good(_BASE, base=_BASE),
    good(_BASE.replace("0.93", "0.95"), base=_BASE),
    good(_BASE, base=_BASE + _WAIVER),
    good(_EASED, base=_BASE, given=_SEEN),
    good(_BASE + "rules: {CRI002: error}\n", base=None),
    bad(
        _EASED,
        base=_BASE,
        given=_ALONE,
        at="criteria[0].target",
        says="`criteria[0].target` is eased, from `>= 0.93` to `>= 0.9`: keep what stood there, or have this commit"
        " approved by `@ana-r`, without a hand in the change",
    ),
    bad(
        _EASED,
        base=_BASE,
        given=(Approvals(("ana-r",), frozenset({"ana-r", "dev"})),),
        at="criteria[0].target",
        says="approved by `@ana-r`",
    ),
    bad(_BASE.replace("2026-11-27", "2026-12-24"), base=_BASE, at="reviews.legal.due", says="slips, from `2026-11-27`"),
    bad(_BASE.replace('owners: {monitor: "@lee"}', ""), base=_BASE, at="owners", says="`owners` is dropped"),
    bad(_BASE + _WAIVER, base=_BASE, at="waivers[0]", says="`waivers[0]` is added: `INT002`"),
    bad(
        _BASE + "rules: {INT001: notice}\n",
        base=_BASE,
        at="rules.INT001",
        says="is lowered, from `error` to `notice`",
    ),
    bad(_BASE.replace("stage: pilot", "stage: retired"), base=_BASE, at="pilot.stage", says="to `retired`"),
    bad("pilot: {name: triage, stage: retired, start: 2026-11-02}", base=None, at="pilot.stage", says="begins as"),
    bad(None, base=_BASE, at="", says=".pilot.yml is taken away"),
    bad(_BASE, base="owner: {}", at="", says="the base branch's policy can't be read"),
    idle(_BASE, says="there is no other policy to compare with: `--base REF` names one"),
    idle(None, base=None, says="there is no .pilot.yml, here or on the base branch"),
    idle("owner: {}", base=_BASE, says="POL002 fails"),
]
