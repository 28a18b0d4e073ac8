"""A waiver that is whole, short, allowed and on the base branch waives what it names until its day, and no longer."""

from datetime import date

import pytest

from rules.facts import Base
from rules.report import Outcome, RuleResult
from tests.rules.given import HEADER, TODAY, keyed, policy, report, result

WAIVER = '{rule: INT003, reason: "The vendor\n  is late", approved_by: "@ana-r", expires: 2026-12-15}'


def with_waivers(*waivers: str) -> str:
    return HEADER + f"integrations: [{{kind: csv}}, {{kind: manual}}]\nwaivers: [{', '.join(waivers)}]\n"


def judged(text: str, today: date = TODAY, org: str = "version: 1", base: Base | None = None) -> RuleResult:
    return result(report(text, today=today, org=org, base=base), "INT003")


def test_a_waiver_in_force_waives_all_findings_of_its_rule() -> None:
    found = report(with_waivers(WAIVER), select=["INT003"])
    one = found.rules[0]
    assert one.outcome is Outcome.WAIVED
    assert one.severity == "error"
    assert one.reason == "until 2026-12-15, approved by @ana-r: The vendor is late"
    assert found.findings == ()
    assert found.conclusion == "success"
    assert found.readiness.overall == 0.0


def test_a_waiver_is_in_force_through_its_last_day() -> None:
    assert judged(with_waivers(WAIVER), date(2026, 12, 15)).outcome is Outcome.WAIVED
    assert judged(with_waivers(WAIVER), date(2026, 12, 16)).outcome is Outcome.FAIL


def test_a_waiver_that_is_too_long_waives_nothing() -> None:
    assert judged(with_waivers(WAIVER), date(2026, 11, 15)).outcome is Outcome.WAIVED
    assert judged(with_waivers(WAIVER), date(2026, 11, 14)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "waiver",
    [
        '{rule: INT003, approved_by: "@a", expires: 2026-12-15}',
        '{rule: INT003, reason: " ", approved_by: "@a", expires: 2026-12-15}',
        "{rule: INT003, reason: x, expires: 2026-12-15}",
        '{rule: INT003, reason: x, approved_by: "@a"}',
        '{reason: x, approved_by: "@a", expires: 2026-12-15}',
        '{rule: CRI001, reason: x, approved_by: "@a", expires: 2026-12-15}',
    ],
)
def test_a_waiver_that_is_not_whole_or_of_another_rule_waives_nothing(waiver: str) -> None:
    one = judged(with_waivers(waiver))
    assert (one.outcome, one.reason) == (Outcome.FAIL, None)


def test_a_waiver_of_a_locked_rule_waives_nothing() -> None:
    assert judged(with_waivers(WAIVER), org="{version: 1, locked: [INT003]}").outcome is Outcome.FAIL


def test_a_waiver_of_a_rule_about_the_file_waives_nothing() -> None:
    text = HEADER + 'waivers: [{rule: POL004, reason: x, approved_by: "@a", expires: 2026-12-15}]\n'
    assert result(report(text), "POL004").outcome is Outcome.FAIL


def test_a_waiver_with_a_key_covers_that_key_and_what_is_below() -> None:
    def waived(key: str) -> set[str | None]:
        keep = {key for key, _ in keyed(report(with_waivers(), select=["INT003"]))}
        waiver = WAIVER.replace("{rule", f"{{key: '{key}', rule")
        return keep - {key for key, _ in keyed(report(with_waivers(waiver), select=["INT003"]))}

    rest = {"environment", "auth", "timeout", "on_failure", "kind"}
    assert waived("integrations[0].kind") == {"integrations[0].kind"}
    assert waived("integrations[1]") == {f"integrations[1].{key}" for key in rest}
    assert waived("integrations") == {f"integrations[{number}].{key}" for number in (0, 1) for key in rest}
    assert waived("integrations[0].kin") == set()
    assert waived("owners") == set()
    assert waived("") == set()


def test_what_a_waiver_leaves_still_fails() -> None:
    waiver = WAIVER.replace("{rule", "{key: 'integrations[0]', rule")
    one = judged(with_waivers(waiver))
    assert (one.outcome, one.reason) == (Outcome.FAIL, None)


def test_each_waiver_that_was_needed_is_named_once() -> None:
    first = WAIVER.replace("{rule", "{key: 'integrations[0]', rule")
    second = '{rule: INT003, key: "integrations[1]", reason: y, approved_by: "@lee", expires: 2026-12-01}'
    assert judged(with_waivers(first, second)).reason == (
        "until 2026-12-15, approved by @ana-r: The vendor is late; until 2026-12-01, approved by @lee: y"
    )


def test_a_waiver_without_a_finding_leaves_a_pass() -> None:
    text = HEADER + f"runbooks: [{{exercised: 2026-11-20}}]\nwaivers: [{WAIVER.replace('INT003', 'RUN005')}]\n"
    assert result(report(text), "RUN005").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (["integrations[0].kin"], "its waiver for `integrations[0].kin` fits none of its findings"),
        (["integrations.0"], "its waiver for `integrations.0` fits none of its findings"),
        (["a", "integrations[0]", "b"], "its waiver for `a` and 1 more fits none of its findings"),
    ],
)
def test_a_waiver_whose_key_fits_nothing_says_so(keys: list[str], says: str) -> None:
    waivers = [WAIVER.replace("{rule", f"{{key: '{key}', rule") for key in keys]
    one = judged(with_waivers(*waivers))
    assert one.reason is not None
    assert one.reason == f"{says}: mend its `key`, or take it off"


def test_a_waiver_that_fits_one_finding_and_one_that_fits_none_are_told_together() -> None:
    first = WAIVER.replace("{rule", "{key: 'integrations[0]', rule")
    second = WAIVER.replace("{rule", "{key: 'integrations[1]', rule")
    third = WAIVER.replace("{rule", "{key: 'integrations[2]', rule")
    one = judged(with_waivers(first, second, third))
    assert (one.outcome, one.reason) == (
        Outcome.WAIVED,
        "until 2026-12-15, approved by @ana-r: The vendor is late;"
        " its waiver for `integrations[2]` fits none of its findings: mend its `key`, or take it off",
    )


@pytest.mark.parametrize("day", ["2026-05-20", "2026-11-20"])
def test_a_waiver_for_a_finding_that_is_to_come_fits(day: str) -> None:
    waiver = WAIVER.replace("{rule: INT003", "{key: 'runbooks[0].exercised', rule: RUN005")
    one = result(report(HEADER + f"runbooks: [{{exercised: {day}}}]\nwaivers: [{waiver}]\n"), "RUN005")
    assert "fits none" not in (one.reason or "")


def test_a_waiver_of_a_key_that_is_mended_is_told_of_a_pass() -> None:
    waiver = WAIVER.replace("{rule: INT003", "{key: 'runbooks[0]', rule: OWN001")
    owners = "owners: {accountable: '@a', monitor: '@b', fix: '@c', retrain: '@d'}\n"
    one = result(report(HEADER + f"{owners}waivers: [{waiver}]\n"), "OWN001")
    assert one.outcome is Outcome.PASS
    assert one.reason == "its waiver for `runbooks[0]` fits none of its findings: mend its `key`, or take it off"


def test_a_waiver_that_the_base_lacks_waives_nothing_and_says_so() -> None:
    one = judged(with_waivers(WAIVER), base=Base(policy(with_waivers())))
    assert one.outcome is Outcome.FAIL
    assert one.reason == "its waiver is not on the base branch, and not approved on this commit"
    assert judged(with_waivers(WAIVER), base=Base(None)).reason == one.reason


def test_a_waiver_that_differs_from_the_base_s_waives_nothing() -> None:
    longer = WAIVER.replace("2026-12-15", "2026-12-20")
    assert judged(with_waivers(longer), base=Base(policy(with_waivers(WAIVER)))).outcome is Outcome.FAIL
    assert judged(with_waivers(WAIVER), base=Base(policy(with_waivers(WAIVER)))).outcome is Outcome.WAIVED


def test_a_waiver_of_the_base_alone_waives_nothing() -> None:
    assert judged(with_waivers(), base=Base(policy(with_waivers(WAIVER)))).outcome is Outcome.FAIL


def test_a_lock_is_told_before_a_missing_approval() -> None:
    text = with_waivers(WAIVER) + "rules: {INT003: error}\n"
    one = judged(text, org="{version: 1, locked: [INT003]}", base=Base(None))
    assert one.reason == "locked by the organisation: `INT003: error` can only make it stricter"


def told(waivers: str, org: str = "version: 1") -> list[tuple[str | None, str]]:
    return keyed(report(HEADER + f"waivers: {waivers}\n", select=["POL004"], org=org))


def test_everything_that_is_wrong_with_a_waiver_is_told() -> None:
    assert told("[{}]") == [
        ("waivers[0].rule", "the waiver names no rule: write `rule:` and its code, as in `rule: INT002`"),
        ("waivers[0].reason", "the waiver gives no reason: write `reason:` and why it is needed"),
        ("waivers[0].approved_by", 'nobody approved the waiver: write `approved_by: "@login"`'),
        ("waivers[0].expires", "the waiver never ends: write `expires: 2026-12-24` or earlier"),
    ]


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        ("INT003 POL002", "rule", "`POL002` guards the policy itself and is never waived: remove this waiver"),
        ("INT003 POL003", "rule", "`POL003` guards the policy itself and is never waived: remove this waiver"),
        ("INT003 REV001", "rule", "`REV001` is locked by the organisation and can't be waived: remove this waiver"),
        ("INT003 INT03", "rule", "`INT03` is no rule's code: did you mean `INT003`?"),
        ("INT003 zzz", "rule", "`zzz` is no rule's code: `pilotgate rules` lists the codes"),
        (
            "2026-12-15 2026-12-25",
            "expires",
            "the waiver runs to 2026-12-25, more than 30 days ahead: write 2026-12-24 or earlier",
        ),
        (
            "2026-12-15 2026-11-23",
            "expires",
            "the waiver ends with 2026-11-23 and waives nothing after it: mend what it waives and remove it",
        ),
    ],
)
def test_a_fault_of_a_waiver_is_told(change: str, key: str, message: str) -> None:
    old, new = change.split()
    assert told(f"[{WAIVER.replace(old, new)}]") == [(f"waivers[0].{key}", message)]


def test_the_organisation_says_how_long_a_waiver_may_be() -> None:
    assert told(f"[{WAIVER}]", "{version: 1, limits: {waiver_days: 20}}") == [
        ("waivers[0].expires", "the waiver runs to 2026-12-15, more than 20 days ahead: write 2026-12-14 or earlier")
    ]
    assert told(f"[{WAIVER}]", "{version: 1, limits: {waiver_days: 21}}") == []


def test_a_waiver_of_a_rule_that_is_still_to_come_is_allowed() -> None:
    assert told(f"[{WAIVER.replace('INT003', 'MON007')}]") == []
