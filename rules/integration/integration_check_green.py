"""The check that proves an integration has succeeded on this commit, posted by the app that posts it on the base.

A connection that worked at the demo is not one that works now; only a test against the other side says so, each time.
And any workflow can post a check of any name, so it counts only from where it has always come.

Fix: make the check run on every pull request and succeed, under the name that `check` gives.
"""

from collections.abc import Iterator
from dataclasses import replace

from rules.facts import Checks, Ran, Unverifiable
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle, quote, unclear

CODE = "INT005"
SEVERITY = Severity.ERROR_FROM_DECISION


def check(policy: Policy, checks: Checks) -> Iterator[Finding | NotApplicable | Unverifiable]:
    named = [(number, one.check) for number, one in enumerate(policy.integrations or ()) if one.check]
    if not named:
        yield NotApplicable("no integration names a check")
    for number, name in named:
        sources = {one.source for one in checks.base if one.name == name}
        ran = [one for one in checks.here if one.name == name]
        if checks.unread and not any(one.source in sources for one in ran):
            yield checks.unread
        elif not sources and ran:
            yield Unverifiable(f"{quote(name)} has never run on the base branch, which would tell whose check counts")
        else:
            wrong = _wrong(name, [one for one in ran if one.source in sources], ran, sources)
            if wrong:
                yield Finding(("integrations", number, "check"), wrong)


def _wrong(name: str, counting: list[Ran], ran: list[Ran], sources: set[str]) -> str | None:
    """What keeps the check from proving anything; None where it does."""
    if not counting and ran:
        others = ", ".join(sorted(quote(one.source) for one in ran))
        usual = ", ".join(map(quote, sorted(sources)))
        return f"{quote(name)} comes from {others} here, but from {usual} on the base branch: let it come from there"
    if not counting:
        return f"{quote(name)} has not run on this commit: run it for every pull request, under this name"
    bad_ones = [one for one in counting if one.conclusion != "success"]
    if not bad_ones:
        return None
    if bad_ones[0].conclusion is None:
        return f"{quote(name)} has not finished on this commit: it counts once it succeeds"
    return f"{quote(name)} came out as {quote(bad_ones[0].conclusion)} on this commit: make it succeed"


_POLICY = "integrations: [{id: invoices, check: integration / invoices}]"
_NAME = "integration / invoices"


def _ran(conclusion: str | None, source: str = "github-actions", base: str | None = "github-actions") -> tuple[Checks]:
    return (Checks((Ran(_NAME, conclusion, source),), (Ran(_NAME, "success", base),) if base else ()),)


_UNREAD = Unverifiable("statuses can't be read: grant the app the permission statuses:read")

EXAMPLES = [
    good(_POLICY, given=_ran("success")),
    bad(
        _POLICY,
        at="integrations[0].check",
        says="`integration / invoices` came out as `failure` on this commit: make",
        given=_ran("failure"),
    ),
    bad(_POLICY, at="integrations[0].check", says="has not finished on this commit: it counts", given=_ran(None)),
    bad(_POLICY, at="integrations[0].check", says="has not run on this commit: run it", given=(Checks((), ()),)),
    bad(
        _POLICY,
        at="integrations[0].check",
        says="comes from `mallory-ci` here, but from `github-actions` on the base branch: let it",
        given=_ran("success", "mallory-ci"),
    ),
    unclear(
        _POLICY,
        says="`integration / invoices` has never run on the base branch, which would tell whose check counts",
        given=_ran("success", base=None),
    ),
    good(_POLICY, given=(replace(_ran("success")[0], unread=_UNREAD),)),
    unclear(_POLICY, says=_UNREAD.reason, given=(Checks((), (), _UNREAD),)),
    idle("integrations: [{id: invoices}]", says="no integration names a check", given=_ran("success")),
]
