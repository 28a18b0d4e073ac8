"""An item comes to a list, or leaves it, and all else in the policy stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.edits import applied, scalar
from rules.items import add, remove
from tests.rules.given import HEADER, example, reading

ITEM = {"rule": "INT002", "reason": "x: y"}
NEW = '{rule: INT002, reason: "x: y"}'
AT = ("waivers",)


def _added(text: str) -> str | None:
    edit = add(reading(HEADER + text), AT, ITEM)
    return None if edit is None else (applied(HEADER + text, [edit]) or "").removeprefix(HEADER)


def _removed(text: str, *at: object) -> str | None:
    edit = remove(reading(HEADER + text), at or ("waivers", 0))  # type: ignore[arg-type]
    return None if edit is None else (applied(HEADER + text, [edit]) or "").removeprefix(HEADER)


ADDED = [
    ("owners: {}\n", f"owners: {{}}\nwaivers:\n  - {NEW}\n"),
    ("owners: {}", f"owners: {{}}\nwaivers:\n  - {NEW}"),
    ("waivers:\n", f"waivers:\n  - {NEW}\n"),
    ("waivers: # none\n", f"waivers: [{NEW}] # none\n"),
    ("waivers: []\n", f"waivers: [{NEW}]\n"),
    ("waivers: [ ] # none\n", f"waivers: [{NEW} ] # none\n"),
    ("waivers: [{rule: A},]\n", f"waivers: [{{rule: A}}, {NEW},]\n"),
    ("waivers: [\n  {rule: A} # a\n]\n", f"waivers: [\n  {{rule: A}}, {NEW} # a\n]\n"),
    ("waivers:\n- rule: A # a\n\n# end\n", f"waivers:\n- rule: A # a\n- {NEW}\n\n# end\n"),
    ("waivers:\n    -   rule: A\n        reason: x", f"waivers:\n    -   rule: A\n        reason: x\n    - {NEW}"),
    ("waivers:\n  -\n    rule: A\nrules: {}\n", f"waivers:\n  -\n    rule: A\n  - {NEW}\nrules: {{}}\n"),
]


@pytest.mark.parametrize(("text", "after"), ADDED)
def test_an_item_is_added(text: str, after: str) -> None:
    assert _added(text) == after


@pytest.mark.parametrize(
    "text", ["waivers: &a []\n", "waivers: x\n", "waivers: {a: 1}\n", "waivers:\n  ? x\n", "? waivers\n: - a\n"]
)
def test_an_item_is_not_added_where_there_is_no_place(text: str) -> None:
    assert _added(text) is None


def test_an_item_needs_a_policy() -> None:
    assert add(reading(""), AT, ITEM) is None
    assert add(reading("version: 1\nreviews: {a: &x {b: 1}}\n"), ("reviews", "a", "c"), ITEM) is None
    assert add(reading("{version: 1}\n"), AT, ITEM) is not None
    assert add(reading("a:\n  - - x\n"), ("a", 0), ITEM) is None
    assert add(reading("? a\n: b\n"), ("a", "b"), ITEM) is None


REMOVED = [
    ("waivers:\n  - rule: A\n    reason: x # y\n  # b\n  - rule: B\n", "waivers:\n  # b\n  - rule: B\n"),
    ("waivers:\n  # a\n  -\n    rule: A\nrules: {}\n", "waivers:\n  # a\nrules: {}\n"),
    ("waivers: [{rule: A}, {rule: B}]\n", "waivers: [{rule: B}]\n"),
    ("waivers: [{rule: A}] # a\n", "waivers: [] # a\n"),
    ("waivers: [{rule: A} , ] # a\n", "waivers: [ ] # a\n"),
    ("waivers: [\n  {rule: A}, # a\n]\n", "waivers: [\n   # a\n]\n"),
    ("waivers: [\n  {rule: A},\n]\n", "waivers: [\n]\n"),
    ("waivers: [\n  {rule: A}]\n", "waivers: [\n  ]\n"),
    ("waivers: [\r\n  {rule: A}\r\n]\r\n", "waivers: [\r\n]\r\n"),
    ("waivers:\n- {rule: A}", "waivers:"),
]


@pytest.mark.parametrize(("text", "after"), REMOVED)
def test_an_item_is_removed(text: str, after: str) -> None:
    assert _removed(text) == after


def test_a_later_item_of_a_flow_list_is_removed_with_what_leads_to_it() -> None:
    text = "waivers: [\n  {rule: A},\n  {rule: B},\n]\n"
    assert _removed(text, "waivers", 1) == "waivers: [\n  {rule: A},\n]\n"
    assert _removed(text.replace("A},", "A}, # a"), "waivers", 1) is None


@pytest.mark.parametrize(
    "at", [("waivers", 2), ("waivers", -1), ("waivers", "a"), ("waivers", 0, "rule"), ("rules", 0)]
)
def test_what_is_no_item_is_not_removed(at: tuple[object, ...]) -> None:
    assert _removed("waivers: [{rule: A}, {rule: B}]\n", *at) is None


@pytest.mark.parametrize("text", ["waivers:\n  - &a {rule: A}\n", "? waivers\n: - {rule: A}\n"])
def test_what_can_t_be_taken_away_alone_stays(text: str) -> None:
    assert _removed(text) is None


@settings(max_examples=25)
@given(
    reason=st.text(st.characters(codec="utf-8"), max_size=200),
    ending=st.sampled_from(["\n", "\r\n"]),
    cut=st.booleans(),
)
def test_what_was_added_and_removed_leaves_the_policy_as_it_was(reason: str, ending: str, cut: bool) -> None:
    text = example().replace("\n", ending)
    text = text.removesuffix(ending) if cut else text
    document = reading(text)
    count = len((document.model.waivers if document.model else None) or ())
    put_in = add(document, AT, {"rule": "INT002", "reason": reason})
    assert put_in is not None
    longer = applied(text, [put_in])
    assert longer is not None
    after = reading(longer)
    assert after.model is not None
    assert after.model.waivers is not None
    assert after.model.waivers[count].reason == reason
    taken = remove(after, ("waivers", count))
    assert taken is not None
    assert (applied(longer, [taken]) or "").replace(f"{ending}waivers:", "") == text.replace(f"{ending}waivers:", "")
    assert scalar(reason) in longer
