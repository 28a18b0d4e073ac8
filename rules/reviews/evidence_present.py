"""A review that passed left its record in the repository.

"Security signed off" is remembered differently by everyone once something has gone wrong. The record says what was
looked at and on which conditions it passed.

Fix: commit the review's record and name it in `evidence`, as in `evidence: docs/reviews/security.md`.
"""

from collections.abc import Iterator

from rules.document import Document
from rules.evidence.substance import Substance
from rules.facts import Presence, Tree
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import RepoPath, Url

CODE = "REV003"
SEVERITY = Severity.ERROR


def check(
    policy: Policy, document: Document[Policy], tree: Tree, substance: Substance
) -> Iterator[Finding | NotApplicable | Unverifiable]:
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
        elif wrong := _wrong(review.evidence, document.path, tree, substance):
            yield Finding(at, f"the record of the {quote(name)} review, {quote(review.evidence)}, is {wrong}")


def _wrong(record: RepoPath, own: str, tree: Tree, substance: Substance) -> str | None:
    """What a record is that is none, and what to write; None for one that is there."""
    there = tree.at(record)
    if there is not Presence.FILE:
        return f"{there.value}: commit it {there.where}"
    if record == own:
        return "this policy, which records nothing of it: name the record itself"
    return "empty: write there what was looked at and how it came out" if record in substance.empty else None


EXAMPLES = [
    good(
        "reviews: {security: {outcome: passed, evidence: docs/security.md}}",
        files={"docs/security.md": "# Security review\n\nPassed.\n"},
    ),
    bad(
        "reviews: {security: {outcome: passed, evidence: docs/security.md}}",
        at="reviews.security.evidence",
        says="`docs/security.md`, is empty: write there what was looked at and how it came out",
        files={"docs/security.md": " \n"},
    ),
    bad(
        "reviews: {security: {outcome: passed, evidence: .pilot.yml}}",
        at="reviews.security.evidence",
        says="`.pilot.yml`, is this policy, which records nothing of it: name the record itself",
        files={".pilot.yml": "version: 1\n"},
    ),
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
