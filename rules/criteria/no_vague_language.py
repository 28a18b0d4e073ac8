"""Descriptions and the summary say nothing that two people would read in two ways.

"Works well for most users" is agreed by everyone before the pilot and by no one after it. What can't be counted does
not belong into a contract; the number belongs into `target`.

Fix: replace the words that the message names by what is counted, of what, and how much.
"""

import re
from collections.abc import Iterator

from rules.policy import Policy
from rules.rule import Finding, Severity, bad, good, quote
from rules.values import Path

CODE = "CRI002"
SEVERITY = Severity.WARNING

_WAYS = r"(?:(?:very|really|quite|fairly|reasonably|sufficiently|extremely|generally|pretty|so)\s+)*"
_DOES = r"(?:work|perform|behav|function|runn?)(?:e?s|ed?|ing)?"

_VAGUE = re.compile(
    rf"""
    \b(?:
        {_DOES}\s+(?:\w+\s+){{0,2}}?{_WAYS}(?:well|better|fine|smoothly|nicely|properly|correctly|reliably)
      | (?:good|well)[\s-]+enough | well[\s-]+(?:working|performing|behaved|functioning)
      | (?:un)?acceptabl[ey] | acceptability | (?:un)?satisfactor(?:y|ily)
      | (?:as|than|when|where|if|whenever|wherever|how)\s+(?:is\s+|are\s+|it\s+is\s+|was\s+)?
            (?:much\s+as\s+)?(?:expected|appropriate|needed|necessary|required|applicable|intended|desired|possible
                |feasible|suitable)
      | appropriately | suitably | adequate(?:ly)? | sufficient(?:ly)? | reasonabl[ey] | substantial(?:ly)?
      | (?<!statistically\s)significant(?:ly)?(?!\s+(?:digit|figure))
      | considerabl[ey] | noticeabl[ey] | meaningful(?:ly)?
      | mostly | almost\s+(?:all|always|every\w*|never) | nearly\s+(?:all|always|every\w*)
      | usually | generally | typically | normally
      | (?<!how\s)often | sometimes | frequently(?!\s+asked) | occasionally | rarely
      | (?:in\s+)?(?:many|several|various|numerous|some|few)(?=\s+[a-z])
      | high[\s-]+quality | state[\s-]+of[\s-]+the[\s-]+art | best[\s-]+effort | user[\s-]+friendly | world[\s-]+class
      | and\s+so\s+on | etc\b\.? | and/or
      | t\.?b\.?[adc]\b\.? | to-?do | fixme | xxx
      | to\s+be\s+(?:determined|decided|defined|confirmed|announced|done|discussed|agreed)
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MOST = re.compile(
    r"(?<!\bat )(?<!\bat the )(?<!\bthe )\bmost\b(?!\s+(?:recent|frequent|common|expensive)\b)", re.IGNORECASE
)
_IMPROVE = re.compile(
    r"\b(?:improv(?:e|es|ed|ing|ements?)|enhanc(?:e|es|ed|ing|ements?)|optimi[sz](?:e|es|ed|ing|ations?)"
    r"|faster|(?<!\bor )better|cheaper|quicker|easier)\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:%|percent\b|per\s+cent\b|pct\b)", re.IGNORECASE)
_COUNTED_BEFORE = re.compile(
    r"\b(?:shares?|proportions?|fractions?|percentages?|portions?|parts?|ratios?|rates?)\s+(?:of|at\s+which)\b",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(r"\s*(?:or\s+\w+\s+)?(?:out\s+)?(?:of|per)\b", re.IGNORECASE)
_EXACT = re.compile(r"\s*(?:confidence|percentile|quantile|interval|credible)\b|-?\s*(?:points?|ci)\b", re.IGNORECASE)


def check(policy: Policy) -> Iterator[Finding]:
    criteria = policy.criteria or ()
    any_baseline = any(criterion.baseline is not None for criterion in criteria)
    yield from _read(policy.pilot.summary, ("pilot", "summary"), compared=any_baseline)
    for number, criterion in enumerate(criteria):
        at = ("criteria", number, "description")
        yield from _read(criterion.description, at, compared=criterion.baseline is not None)


def _read(text: str | None, at: Path, compared: bool) -> Iterator[Finding]:
    """One finding for each vague thing that the text says; `compared` tells whether a baseline stands beside it."""
    for words in dict.fromkeys(_vague(text or "")):
        yield Finding(at, f"{quote(words)} can't be counted: say what is counted, of what, and how much")
    better = _IMPROVE.search(text or "")
    if better and not compared:
        yield Finding(at, f"{quote(better[0])} than what? State today's value as the criterion's `baseline`")
    for words in dict.fromkeys(_bare_percentages(text or "")):
        yield Finding(at, f"{quote(words)} of what? Name what is counted, as in `{words} of invoices`")


def _vague(text: str) -> Iterator[str]:
    for pattern in (_VAGUE, _MOST):
        for match in pattern.finditer(text):
            yield " ".join(match[0].split()).lower()


def _bare_percentages(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.;!?])\s+", text):
        before = _COUNTED_BEFORE.search(sentence)
        for match in _PERCENTAGE.finditer(sentence):
            counted = before and before.end() <= match.start()
            if not counted and not any(said.match(sentence, match.end()) for said in (_COUNTED_AFTER, _EXACT)):
                yield match[0]


EXAMPLES = [
    good(
        """
        pilot:
          name: invoice-triage
          summary: Sorts supplier invoices into the queue that pays them.
          stage: pilot
          start: 2026-11-02
        criteria:
          - {id: accuracy, description: Share of invoices routed to the right queue.}
          - {id: latency, description: Takes at most 2 s for the most recent invoice.}
          - {id: rework, description: "Improves on today's rework, 13 % of invoices.", baseline: 0.13}
          - {id: interval, description: Lower end of the 95% confidence interval.}
        """
    ),
    bad(
        """
        criteria:
          - id: accuracy
            description: The model works well for most invoices.
        """,
        at="criteria[0].description",
        says="`works well` can't be counted",
    ),
    bad(
        "criteria: [{description: It worked really well.}]",
        at="criteria[0].description",
        says="`worked really well`",
    ),
    bad("criteria: [{description: Most are right.}]", at="criteria[0].description", says="`most`"),
    bad("criteria: [{description: Latency is acceptable.}]", at="criteria[0].description", says="`acceptable`"),
    bad("criteria: [{description: Routes as expected}]", at="criteria[0].description", says="`as expected`"),
    bad(
        "criteria: [{description: Asks a human where appropriate}]",
        at="criteria[0].description",
        says="`where app",
    ),
    bad("criteria: [{description: Target TBD}]", at="criteria[0].description", says="`tbd`"),
    bad("criteria: [{description: 95% accuracy}]", at="criteria[0].description", says="`95%` of what?"),
    bad(
        "criteria: [{description: Improved routing}]",
        at="criteria[0].description",
        says="`Improved` than what?",
    ),
    bad(
        "pilot: {name: triage, summary: Makes routing better., stage: pilot, start: 2026-11-02}",
        at="pilot.summary",
        says="`better` than what?",
    ),
]
