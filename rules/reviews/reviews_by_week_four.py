"""Every required review has a team and is due within four weeks of the start.

A review booked for week 12 finds its problems when the pilot is built and the date is promised; then it is either
waved through or the pilot dies. In week 4 the same finding costs an afternoon.

Fix: name the review's `team`, and bring its `due` forward to at most four weeks (or what the organisation says) after
`pilot.start`.
"""

from collections.abc import Iterator
from datetime import date

from rules.facts import Today
from rules.policy import Limits, Organisation, Policy, Review
from rules.rule import Finding, Fix, Severity, bad, good, quote
from rules.values import Path, days_after
from rules.wording import Guesses

CODE = "REV001"
SEVERITY = Severity.ERROR


def check(policy: Policy, organisation: Organisation, limits: Limits, today: Today) -> Iterator[Finding]:
    last = days_after(policy.pilot.start, 7 * limits.review_weeks)
    reviews = policy.reviews or {}
    guess = Guesses()
    for name in organisation.required_reviews:
        if reviews.get(name) is None:
            better = guess(name, [other for other in reviews if other not in organisation.required_reviews])
            hint = f"; {quote(better)} does not count for it" if better else ""
            message = (
                f"no {quote(name)} review is planned: under `reviews`, write `{name}:` with its `team:` and `due:`"
            )
            yield Finding(("reviews", name), message + hint)
        else:
            yield from _late(reviews[name], ("reviews", name), last, policy.pilot.start, limits, today)


def _late(review: Review, at: Path, last: date, start: date, limits: Limits, today: Today) -> Iterator[Finding]:
    name = quote(at[-1])
    # A date that has passed already would only be overdue: then what to do is for people to say.
    fix = Fix(str(last)) if last >= today.date else None
    write = f"write `due: {last}`" + (
        " or earlier" if fix else ", which has passed: hold it now, record `outcome: passed`"
    )
    if review.team is None:
        yield Finding((*at, "team"), f'nobody does the {name} review: write `team: "@org/team"`')
    if review.due is None:
        yield Finding((*at, "due"), f"the {name} review has no date: {write}", fix=fix)
    elif review.due > last:
        days = (review.due - start).days
        after = f"{days // 7} weeks" if days % 7 == 0 else f"{days} days"
        message = f"the {name} review is due {after} after the start, later than {limits.review_weeks} weeks: {write}"
        yield Finding((*at, "due"), message, fix=fix)


_OTHERS = "compliance: {team: '@acme/grc', due: 2026-11-27}, legal: {team: '@acme/legal', due: 2026-11-30}"

EXAMPLES = [
    good(
        """
        reviews:
          security:   {team: "@acme/appsec", due: 2026-11-27}
          compliance: {team: "@acme/grc", due: 2026-11-27}
          legal:      {team: "@acme/legal", due: 2026-11-30}
        """
    ),
    good(
        "reviews: {privacy: {team: '@acme/privacy', due: 2026-11-09}}",
        organisation="{version: 1, required_reviews: [privacy], limits: {review_weeks: 1}}",
    ),
    bad(
        """
        reviews:
          security:
            team: "@acme/appsec"
            due: 2026-12-07
          compliance: {team: "@acme/grc", due: 2026-11-27}
          legal: {team: "@acme/legal", due: 2026-11-30}
        """,
        at="reviews.security.due",
        says="5 weeks after the start, later than 4 weeks: write `due: 2026-11-30` or earlier",
    ),
    bad(
        f"reviews: {{security: {{team: '@acme/appsec', due: 2026-12-01}}, {_OTHERS}}}",
        at="reviews.security.due",
        says="29 days after the start",
    ),
    bad(
        """
        reviews:
          security:
            team: "@acme/appsec"
          compliance: {team: "@acme/grc", due: 2026-11-27}
          legal: {team: "@acme/legal", due: 2026-11-30}
        """,
        at="reviews.security.due",
        says="has no date: write `due: 2026-11-30` or earlier",
    ),
    bad(
        f"reviews: {{security: {{team: '@acme/appsec', due: 2027-01-11}}, {_OTHERS}}}",
        at="reviews.security.due",
        says="write `due: 2026-11-30`, which has passed: hold it now, record `outcome: passed`",
        today=date(2026, 12, 1),
    ),
    bad(
        f"reviews: {{security: {{due: 2026-11-27}}, {_OTHERS}}}",
        at="reviews.security.team",
        says="nobody does the",
    ),
    bad(f"reviews: {{{_OTHERS}}}", at="reviews.security", says="no `security` review is planned"),
    bad(
        f"reviews: {{Security: {{team: '@acme/appsec', due: 2026-11-27}}, {_OTHERS}}}",
        at="reviews.security",
        says="with its `team:` and `due:`; `Security` does not count for it",
    ),
    bad("owners: {}", at="reviews.legal", says="no `legal` review is planned"),
]
