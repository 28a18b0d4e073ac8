"""What keeps a waiver from being in force: told by the rule POL004, and asked by the engine before it waives."""

from collections.abc import Callable, Collection, Iterator

from rules.facts import Codes, Today
from rules.policy import Organisation, Waiver
from rules.rule import Finding, Fix
from rules.values import Path, days_after, quote
from rules.wording import nearest

Guess = Callable[[str, Collection[str]], str | None]


def faults(
    waiver: Waiver, at: Path, codes: Codes, organisation: Organisation, today: Today, guess: Guess = nearest
) -> Iterator[Finding]:
    """Everything wrong with the waiver that stands at `at`, now or (with `since`) from a day on."""
    yield from _rule_faults(waiver, at, codes, organisation, guess)
    if not (waiver.reason or "").strip():
        yield Finding((*at, "reason"), "the waiver gives no reason: write `reason:` and why it is needed")
    if waiver.approved_by is None:
        yield Finding((*at, "approved_by"), 'nobody approved the waiver: write `approved_by: "@login"`')
    last = days_after(today.date, organisation.limits.waiver_days)
    if waiver.expires is None:
        yield Finding(
            (*at, "expires"), f"the waiver never ends: write `expires: {last}` or earlier", fix=Fix(str(last))
        )
    elif waiver.expires > last:
        allowed = organisation.limits.waiver_days
        message = f"the waiver runs to {waiver.expires}, more than {allowed} days ahead: write {last} or earlier"
        yield Finding((*at, "expires"), message, fix=Fix(str(last)))
    else:
        message = (
            f"the waiver ends with {waiver.expires} and waives nothing after it: mend what it waives and remove it"
        )
        yield Finding((*at, "expires"), message, since=days_after(waiver.expires, 1))


def _rule_faults(waiver: Waiver, at: Path, codes: Codes, organisation: Organisation, guess: Guess) -> Iterator[Finding]:
    rule = (*at, "rule")
    if waiver.rule is None:
        yield Finding(rule, "the waiver names no rule: write `rule:` and its code, as in `rule: INT002`")
    elif waiver.rule.startswith("POL") and waiver.rule in codes.known:
        yield Finding(rule, f"{quote(waiver.rule)} guards the policy itself and is never waived: remove this waiver")
    elif waiver.rule not in codes.known:
        better = guess(waiver.rule, [code for code in codes.known if not code.startswith("POL")])
        hint = f"did you mean {quote(better)}?" if better else "`pilotgate rules` lists the codes"
        yield Finding(rule, f"{quote(waiver.rule)} is no rule's code: {hint}", fix=Fix(better) if better else None)
    elif waiver.rule in organisation.locked:
        yield Finding(
            rule,
            f"{quote(waiver.rule)} is locked by the organisation and can't be waived: remove this waiver",
        )
