"""Every waiver names its rule, its reason and its approver, and ends soon.

An exception that nobody has to renew becomes the rule. A waiver lasts thirty days at most unless the organisation
says otherwise; one that is incomplete, too long or expired waives nothing.

Fix: complete the waiver, mend what it waives and remove it, or have it approved again with a new `expires`.
"""

from collections.abc import Iterator
from datetime import date

from rules.facts import Codes, Today
from rules.policy import Organisation, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle
from rules.waivers import faults
from rules.wording import Guesses

CODE = "POL004"
SEVERITY = Severity.ERROR


def check(policy: Policy, organisation: Organisation, codes: Codes, today: Today) -> Iterator[Finding | NotApplicable]:
    if not policy.waivers:
        yield NotApplicable("there are no waivers")
    guess = Guesses()
    for number, waiver in enumerate(policy.waivers or ()):
        yield from faults(waiver, ("waivers", number), codes, organisation, today, guess)


EXAMPLES = [
    good(
        """
        waivers:
          - {rule: INT003, reason: "Vendor API lands in December", approved_by: "@ana-r", expires: 2026-12-15}
        """
    ),
    good(
        "waivers: [{rule: INT003, reason: Vendor is late, approved_by: '@ana-r', expires: 2026-12-24}]",
        today=date(2026, 12, 24),
    ),
    bad(
        "waivers: [{rule: INT003, reason: Vendor is late, approved_by: '@ana-r', expires: 2026-12-24}]",
        at="waivers[0].expires",
        says="ends with 2026-12-24 and waives nothing after",
        today=date(2026, 12, 25),
    ),
    bad(
        "waivers: [{rule: INT003, reason: Vendor is late, approved_by: '@ana-r', expires: 2026-12-25}]",
        at="waivers[0].expires",
        says="more than 30 days ahead: write 2026-12-24 or earlier",
    ),
    bad(
        """
        waivers:
          - rule: INT003
            approved_by: "@ana-r"
            expires: 2026-12-15
        """,
        at="waivers[0].reason",
        says="gives no reason",
    ),
    bad(
        "waivers: [{rule: INT003, reason: x, expires: 2026-12-15}]",
        at="waivers[0].approved_by",
        says="nobody approved",
    ),
    bad(
        """
        waivers:
          - rule: INT003
            reason: Vendor is late
            approved_by: "@ana-r"
        """,
        at="waivers[0].expires",
        says="never ends: write `expires: 2026-12-24`",
    ),
    bad(
        "waivers: [{reason: x, approved_by: '@ana-r', expires: 2026-12-15}]",
        at="waivers[0].rule",
        says="names no rule",
    ),
    bad(
        "waivers: [{rule: INT03, reason: x, approved_by: '@ana-r', expires: 2026-12-15}]",
        at="waivers[0].rule",
        says="did you mean `INT003`?",
    ),
    bad(
        "waivers: [{rule: vendor, reason: x, approved_by: '@ana-r', expires: 2026-12-15}]",
        at="waivers[0].rule",
        says="`pilotgate rules` lists the codes",
    ),
    bad(
        "waivers: [{rule: POL002, reason: x, approved_by: '@ana-r', expires: 2026-12-15}]",
        at="waivers[0].rule",
        says="never waived",
    ),
    bad(
        "waivers: [{rule: REV001, reason: x, approved_by: '@ana-r', expires: 2026-12-15}]",
        at="waivers[0].rule",
        says="locked by the organisation",
    ),
    idle("waivers: []", says="there are no waivers"),
]
