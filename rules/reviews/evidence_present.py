"""A review that passed left its record in the repository.

"Security signed off" is remembered differently by everyone once something has gone wrong. The record says what was
looked at and on which conditions it passed.

Fix: commit the review's record and name it in `evidence`, as in `evidence: docs/reviews/security.md`.
"""

from collections.abc import Iterator

from rules.facts import Presence, Tree
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import Url

CODE = "REV003"
SEVERITY = Severity.ERROR


def check(policy: Policy, tree: Tree) -> Iterator[Finding | NotApplicable | Unverifiable]:
    passed = {name: review for name, review in (policy.reviews or {}).items() if review.outcome == "passed"}
    if not passed:
        yield NotApplicable("no review has passed yet")
    for name, review in passed.items():
        at = ("reviews", name, "evidence")
        if review.evidence is None:
            message = f"the {quote(name)} review passed without a record: write `evidence:` and the path of its record"
            yield Finding(at, message)
        elif isinstance(review.evidence, Url):
            yield Unverifiable(
                f"the record of the {quote(name)} review is an address that can't be looked at:"
                " keep the record in the repository"
            )
        elif tree.at(review.evidence) is not Presence.FILE:
            found = tree.at(review.evidence).value
            message = f"the record of the {quote(name)} review, {quote(review.evidence)}, is {found}: commit it there"
            yield Finding(at, message)


EXAMPLES = [
    good("reviews: {security: {outcome: passed, evidence: docs/security.md}}", files=("docs/security.md",)),
    bad(
        """
        reviews:
          security: {team: "@acme/appsec", due: 2026-11-27, outcome: passed, evidence: docs/reviews/security.md}
        """,
        at="reviews.security.evidence",
        says="`docs/reviews/security.md`, is not there: commit it there",
    ),
    bad(
        "reviews: {security: {outcome: passed, evidence: docs}}",
        at="reviews.security.evidence",
        says="`docs`, is a folder",
        files=("docs/security.md",),
    ),
    bad("reviews: {legal: {outcome: passed}}", at="reviews.legal.evidence", says="passed without a record"),
    idle("reviews: {security: {outcome: pending}}", says="no review has passed yet"),
    unclear(
        "reviews: {security: {outcome: passed, evidence: 'https://acme.example/r/1'}}",
        says="the record of the `security` review is an address that can't be looked at:"
        " keep the record in the repository",
    ),
]
