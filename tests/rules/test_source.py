"""A path of the policy leads to the place where a person should look, also where what it names is missing."""

import pytest

from rules.document import absent
from rules.nodes import ScalarNode
from rules.places import Place
from rules.policy import Policy
from rules.values import Path
from tests.rules.given import reading

TEXT = """\
# what it is
version: 1
pilot: {name: a, stage: pilot,
  start: 2026-11-02}
criteria:
  - id: x
    target: 1
  - {id: y}
  - plain
  - []
reviews:
  legal:
    due: 2026-11-27 # soon
  odd.name:

# who decides
decision:
  go: [a, b]
"""

PLACES: list[tuple[Path, Place]] = [
    (("version",), Place(2, 1, 2, 8)),
    (("pilot", "name"), Place(3, 9, 3, 13)),
    (("pilot", "start"), Place(4, 3, 4, 8)),
    (("pilot", "risk"), Place(3, 1, 3, 6)),
    (("criteria",), Place(5, 1, 5, 9)),
    (("criteria", 0), Place(6, 5, 6, 7)),
    (("criteria", 0, "target"), Place(7, 5, 7, 11)),
    (("criteria", 0, "op"), Place(6, 5, 6, 7)),
    (("criteria", 0, "source", "file"), Place(6, 5, 6, 7)),
    (("criteria", 1), Place(8, 5, 8, 6)),
    (("criteria", 1, "op"), Place(8, 5, 8, 6)),
    (("criteria", 2), Place(9, 5, 9, 10)),
    (("criteria", 2, "op"), Place(9, 5, 9, 10)),
    (("criteria", 3), Place(10, 5, 10, 6)),
    (("criteria", 4), Place(5, 1, 5, 9)),
    (("criteria", "x"), Place(5, 1, 5, 9)),
    (("reviews", "legal", "due"), Place(13, 5, 13, 8)),
    (("reviews", "legal", "team"), Place(12, 3, 12, 8)),
    (("reviews", "security"), Place(11, 1, 11, 8)),
    (("reviews", "odd.name", "due"), Place(14, 3, 14, 11)),
    (("decision", "go", 1), Place(18, 11, 18, 12)),
    (("decision", "go", 2), Place(18, 3, 18, 5)),
    # a section that is missing: on the line below the one after which it belongs, or behind its end
    (("owners",), Place(5, 1, 5, 1)),
    (("owners", "fix"), Place(5, 1, 5, 1)),
    (("evaluation",), Place(11, 1, 11, 1)),
    (("monitoring", "signals", 0, "kind"), Place(15, 1, 15, 1)),
    (("runbooks",), Place(15, 1, 15, 1)),
    (("waivers",), Place(18, 13, 18, 13)),
    # nothing that there may be: where the file's keys begin
    (("nonsense",), Place(2, 1, 2, 1)),
    ((), Place(2, 1, 2, 1)),
]


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_a_path_leads_to_a_place(path: Path, place: Place) -> None:
    assert reading(TEXT).place(path) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("pilot", "name"), Place(3, 15, 3, 16)),
        (("reviews", "legal", "due"), Place(13, 10, 13, 20)),
        (("decision", "go", 0), Place(18, 8, 18, 9)),
        (("decision", "go"), Place(18, 3, 18, 5)),
        (("criteria", 0), Place(6, 5, 6, 7)),
        (("reviews", "odd.name"), Place(14, 3, 14, 11)),
        (("owners",), Place(5, 1, 5, 1)),
    ],
)
def test_the_place_of_a_value_is_the_value_where_there_is_a_single_one(path: Path, place: Place) -> None:
    assert reading(TEXT).place_of_value(path) == place


def test_a_section_that_belongs_first_belongs_where_the_keys_begin() -> None:
    assert reading("\n# c\nowners: {}\n").place(("version",)) == Place(3, 1, 3, 1)
    assert reading("{owners: {}}").place(("version",)) == Place(1, 1, 1, 1)


def test_sections_out_of_order_end_where_the_last_one_before_ends() -> None:
    document = reading("criteria: []\nowners: {}\nversion: 1\nwaivers: []\n")
    assert document.place(("evaluation",)) == Place(4, 1, 4, 1)
    before = document.section_before(("evaluation",))
    assert isinstance(before, ScalarNode)
    assert before.value == 1
    assert document.section_before(("version",)) is None
    assert document.section_before(()) is None
    assert document.section_before(("nonsense",)) is None


def test_a_section_without_a_value_ends_behind_its_key() -> None:
    assert reading("owners: # c\nreviews:\n").place(("criteria",)) == Place(2, 1, 2, 1)
    assert reading("reviews: # c\n").place(("waivers",)) == Place(1, 9, 1, 9)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("owners:\n  fix: a\n  # retrain: later\n# what it must reach\nreviews: {}\n", Place(4, 1, 4, 1)),
        ("owners:\n  fix: a\n  # retrain: later\n", Place(2, 9, 2, 9)),
        ("owners:\n  fix: a\n\n", Place(3, 1, 3, 1)),
        ("owners: {fix: a}\n# last", Place(2, 1, 2, 1)),
        ("owners:\n  fix: >\n    a\n    b\nreviews: {}\n", Place(5, 1, 5, 1)),
        ("  owners: {}\n  # what it must reach\n  reviews: {}\n", Place(2, 1, 2, 1)),
        ("{owners: {},\n reviews: {}}\n", Place(1, 12, 1, 12)),
        ("owners: {}", Place(1, 11, 1, 11)),
    ],
)
def test_a_missing_section_belongs_below_what_is_the_one_before_it_s_own(text: str, place: Place) -> None:
    assert reading(text).place(("criteria",)) == place


def test_a_file_without_keys_has_one_place() -> None:
    for text in ("", "# c\n"):
        assert reading(text).place(("owners",)) == Place(1, 1, 1, 1)
    assert reading("\n- a\n").place(("owners",)) == Place(2, 1, 2, 1)
    assert absent(".pilot.yml", Policy).place(()) == Place(1, 1, 1, 1)
    assert absent(".pilot.yml", Policy).section_before(("owners",)) is None


def test_what_stands_at_a_path_is_found_with_its_key() -> None:
    document = reading(TEXT)
    node, key = document.find(("criteria", 0, "target"))
    assert isinstance(node, ScalarNode)
    assert node.value == 1
    assert key is not None
    assert key.value == "target"
    item, no_key = document.find(("decision", "go", 1))
    assert isinstance(item, ScalarNode)
    assert item.value == "b"
    assert no_key is None
    assert document.find(()) == (document.root, None)
    for path in (("decision", "go", 2), ("decision", "go", "x"), ("version", "x"), ("criteria", 0, "x"), (0,)):
        assert document.find(path) == (None, None)
