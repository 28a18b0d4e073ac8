"""What is misspelt is guessed, and only where the guess is near; what kind of thing stands there has a name."""

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.document import read
from rules.policy import Criterion, Decision, Extension, Organisation, Owners, Pilot, Policy, Review
from rules.shape import bare, fields, fields_at, inside, section
from rules.source import Source
from rules.values import Name
from rules.wording import Guesses, nearest, problems
from tests.rules.given import CODES, reading


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("owner", ["owners", "pilot"], "owners"),
        ("OWNERS", ["owners"], "owners"),
        ("cri002", ["CRI002", "CRI001"], "CRI002"),
        ("min-samples", ["min_samples", "min_sample"], "min_samples"),
        ("p95-latensy", ["p95-latency"], "p95-latency"),
        ("zzz", ["owners"], None),
        ("", ["owners"], None),
        ("owner", [], None),
        (3, ["3"], "3"),
        ("x" * 100 + "y" * 900, ["x" * 100], "x" * 100),
    ],
)
def test_the_nearest_word_is_what_is_meant(word: object, known: list[str], meant: str | None) -> None:
    assert nearest(word, known) == meant


def test_only_the_first_two_hundred_words_are_looked_at() -> None:
    words = [f"word{number:03d}" for number in range(201)]
    assert nearest("WORD199", words) == "word199"
    assert nearest("special", [*words[:199], "special"]) == "special"
    assert nearest("special", [*words[:200], "special"]) is None


def test_only_the_first_fifty_words_are_guessed() -> None:
    guess = Guesses()
    assert [guess("owner", ["owners"]) for _ in range(51)] == ["owners"] * 50 + [None]


def test_the_fields_of_a_model_are_known_by_their_keys_in_the_file() -> None:
    assert list(fields(Extension)) == ["from", "to", "because"]
    assert list(fields(Pilot)) == ["name", "summary", "stage", "risk", "start"]


def test_annotations_are_read_to_the_type_that_stands_there() -> None:
    annotations = {key: info.annotation for key, info in fields(Policy).items()}
    assert bare(annotations["owners"]) is Owners
    assert bare(fields(Pilot)["name"].annotation) is Name
    assert inside(annotations["criteria"]) is Criterion
    assert inside(annotations["reviews"]) is Review
    assert inside(annotations["owners"]) is Owners
    assert section(annotations["criteria"]) is Criterion
    assert section(annotations["reviews"]) is Review
    assert section(annotations["owners"]) is Owners
    assert section(annotations["rules"]) is None
    assert section(fields(Decision)["go"].annotation) is None
    assert section(fields(Pilot)["name"].annotation) is None


def test_the_keys_at_a_path_are_those_of_the_model_there() -> None:
    assert list(fields_at(Policy, ())) == list(Policy.model_fields)
    assert list(fields_at(Policy, ("criteria", 0))) == list(Criterion.model_fields)
    assert list(fields_at(Policy, ("reviews", "legal"))) == list(Review.model_fields)
    assert list(fields_at(Policy, ("decision", "extensions", 3))) == ["from", "to", "because"]
    for path in (
        ("rules",),
        ("rules", "CRI002"),
        ("reviews",),
        ("nonsense",),
        ("nonsense", "x"),
        ("criteria", 0, "id"),
    ):
        assert fields_at(Policy, path) == {}
    assert list(fields_at(Organisation, ("limits",)))[:1] == ["review_weeks"]


class Plain(BaseModel):
    """A model with a demand of which nothing here knows how to speak."""

    model_config = ConfigDict(strict=True)
    word: str = Field(max_length=3)


def test_a_mistake_without_words_of_its_own_is_told_in_pydantic_s() -> None:
    found = read(b"word: toolong\n", "x.yml", Plain, CODES)
    assert [problem.message for problem in found.problems] == ["`word`: string should have at most 3 characters"]


def test_a_mistake_of_the_whole_file_is_named_so() -> None:
    document = reading("version: 1\n")
    source = Source(document.path, document.text, document.root, document.sections)
    with pytest.raises(ValidationError) as error:
        Policy.model_validate(3)
    (problem,) = problems(error.value, source, Policy, CODES)
    assert problem.message == f"the file: keys belong here ({', '.join(Policy.model_fields)}), not a number"
    assert problem.key == ()
