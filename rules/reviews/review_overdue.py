"""No review is past its date without having passed.

A review that slips in silence comes at week 12 after all. From the day after `due`, only `outcome: passed` will do.

Fix: hold the review and record `outcome: passed` with its `evidence`, mend what it failed on, or have a later `due`
approved.
"""

from collections.abc import Iterator
from datetime import date

from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote
from rules.values import days_after

CODE = "REV002"
SEVERITY = Severity.ERROR


def check(policy: Policy) -> Iterator[Finding | NotApplicable]:
    dated = {name: review for name, review in (policy.reviews or {}).items() if review.due is not None}
    if not dated:
        yield NotApplicable("no review has a date (REV001)")
    for name, review in dated.items():
        if review.outcome != "passed" and review.due is not None:
            message = (
                f"the {quote(name)} review was due {review.due} and is {review.outcome or 'pending'}:"
                " hold it, then write `outcome: passed` and its `evidence:`"
            )
            yield Finding(("reviews", name), message, since=days_after(review.due, 1))


EXAMPLES = [
    good("reviews: {security: {due: 2026-11-24, outcome: pending}}"),
    good("reviews: {security: {due: 2026-11-23, outcome: passed}}"),
    bad(
        """
        reviews:
          security: {team: "@acme/appsec", due: 2026-11-23, outcome: pending}
        """,
        at="reviews.security",
        says="was due 2026-11-23 and is pending",
    ),
    bad("reviews: {security: {due: 2026-11-23, outcome: failed}}", at="reviews.security", says="and is failed"),
    bad(
        "reviews: {privacy: {due: 2026-11-24}}",
        at="reviews.privacy",
        says="hold it, then write `outcome: passed`",
        today=date(2026, 11, 25),
    ),
    idle("reviews: {security: {team: '@acme/appsec'}}", says="no review has a date (REV001)"),
]
