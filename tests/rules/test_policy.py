"""The organisation's word: who must have a policy, when it is enforced, and what holds where it says nothing."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.facts import Codes, Commit, Facts, Presence, Today, Tree, Unverifiable
from rules.policy import Limits, Organisation, Pilot, Policy
from rules.values import RepoPath
from tests.rules.given import TODAY, organisation, policy


def test_these_are_the_defaults() -> None:
    found = Organisation()
    assert found == organisation()
    assert (found.version, found.timezone, found.mode, found.enforce_from, found.comment) == (
        1,
        "UTC",
        "enforce",
        None,
        "never",
    )
    assert (found.required_for.topics, found.required_for.properties) == (("ai-pilot",), {})
    assert (found.rules, found.locked, found.approvers) == ({}, ("REV001", "REV002", "POL003"), ())
    assert found.required_reviews == ("security", "compliance", "legal")
    limits = found.limits
    assert (limits.review_weeks, limits.pilot_days, limits.waiver_days, limits.extensions) == (4, 180, 30, 1)
    reminders = found.reminders
    assert (reminders.lead_days, reminders.repeat_days, reminders.quiet_weekdays) == ((7, 1), 7, ("saturday", "sunday"))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_a_time_zone_is_one_of_the_table(zone: str) -> None:
    assert organisation(f"timezone: {zone}").timezone == zone


@pytest.mark.parametrize(
    ("text", "today", "advises"),
    [
        ("mode: enforce", TODAY, False),
        ("mode: advise", TODAY, True),
        ("enforce_from: 2026-11-25", TODAY, True),
        ("enforce_from: 2026-11-24", TODAY, False),
        ("enforce_from: null", TODAY, False),
        ("{mode: advise, enforce_from: 2026-11-01}", TODAY, True),
    ],
)
def test_errors_count_from_the_day_on_which_they_are_enforced(text: str, today: date, advises: bool) -> None:
    assert organisation(text).advises(today) is advises


@pytest.mark.parametrize(
    ("wanted", "topics", "properties", "asked"),
    [
        ("{}", {"ai-pilot", "x"}, {}, True),
        ("{}", {"x"}, {}, False),
        ("{}", set(), {}, False),
        ("{topics: [a, b]}", {"b"}, {}, True),
        ("{topics: [], properties: {tier: gold}}", set(), {"tier": "gold"}, True),
        ("{topics: [], properties: {tier: gold}}", set(), {"tier": "silver"}, False),
        ("{topics: [], properties: {tier: gold}}", {"gold"}, {}, False),
        ("{topics: [], properties: {tier: [gold, silver]}}", set(), {"tier": "silver"}, True),
        ("{topics: [a], properties: {tier: gold}}", set(), {"tier": "gold"}, True),
        ("{topics: []}", {"a"}, {"tier": "gold"}, False),
    ],
)
def test_topics_and_properties_say_who_must_have_a_policy(
    wanted: str, topics: set[str], properties: dict[str, str], asked: bool
) -> None:
    assert organisation(f"required_for: {wanted}").asks_for_policy(frozenset(topics), properties) is asked


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [("{}", True), ("{topics: []}", False), ("{topics: [], properties: {tier: gold}}", True)],
)
def test_where_a_repository_s_topics_are_not_known_any_demand_counts(wanted: str, asked: bool) -> None:
    found = organisation(f"required_for: {wanted}")
    assert found.asks_for_policy(None, None) is asked
    assert found.asks_for_policy(frozenset(), None) is asked
    assert found.asks_for_policy(None, {}) is asked


def test_a_policy_can_not_be_changed() -> None:
    with pytest.raises(ValidationError):
        policy("").pilot.name = "other"  # type: ignore[misc,assignment]


def test_every_key_has_its_place_in_the_policy() -> None:
    assert list(Policy.model_fields) == [
        "version", "pilot", "owners", "criteria", "evaluation", "integrations", "reviews", "monitoring", "runbooks",
        "decision", "rules", "waivers",
    ]  # fmt: skip
    assert [key for key, info in Policy.model_fields.items() if info.is_required()] == ["version", "pilot"]
    assert [key for key, info in Pilot.model_fields.items() if info.is_required()] == ["name", "stage", "start"]


def test_facts_are_had_by_their_type() -> None:
    facts = Facts(Today(TODAY), Commit("abc"))
    assert facts.get(Today) == Today(TODAY)
    assert facts.having(Commit) == Commit("abc")
    with pytest.raises(LookupError):
        facts.get(Codes)
    with pytest.raises(LookupError):
        facts.having(Codes)


def test_facts_are_added_and_taken_away_in_a_copy() -> None:
    facts = Facts(Today(TODAY), Commit("abc"))
    later = facts.also(Today(date(2027, 1, 1)))
    assert later.having(Today) == Today(date(2027, 1, 1))
    assert later.having(Commit) == Commit("abc")
    assert facts.having(Today) == Today(TODAY)
    why = Unverifiable("no permission")
    assert facts.lacking(Commit, why).get(Commit) is why
    assert facts.lacking(Commit, why).get(Today) == Today(TODAY)
    assert facts.get(Commit) == Commit("abc")
    assert facts.also(Limits()).having(Limits).review_weeks == 4


def test_a_tree_knows_the_paths_that_were_looked_up_and_no_others() -> None:
    tree = Tree({"a": Presence.FILE})
    assert tree.at(RepoPath("a")) is Presence.FILE
    with pytest.raises(LookupError):
        tree.at(RepoPath("b"))


def test_what_stands_at_a_path_is_said_in_words() -> None:
    assert [presence.value for presence in Presence] == [
        "a file",
        "a folder",
        "not there",
        "ignored by git, so not in the repository",
        "a symbolic link that leads out of the repository",
        "in a submodule, so not in the repository",
    ]
