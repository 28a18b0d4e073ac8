"""A family is called by its package, and titled by what its docstring says first."""

from types import ModuleType

import pytest

from rules.catalogue import catalogue, collect


def package(doc: str) -> ModuleType:
    made = ModuleType("acme", doc)
    setattr(made, "__path__", [])  # noqa: B010 - a package without rules
    return made


@pytest.mark.parametrize(
    ("doc", "title"),
    [
        ("Acme: what Acme fights.", "Acme"),
        ("Acme: what it fights: haste.", "Acme"),
        ("What Acme fights.", "What Acme fights"),
        ("What Acme fights.\n\nAnd why.", "What Acme fights"),
        ("How we use X.", "How we use X"),
    ],
)
def test_a_family_is_titled_by_what_stands_before_the_colon_else_by_its_first_line(doc: str, title: str) -> None:
    assert collect([("acme", package(doc))]).families["acme"].title == title


def test_the_built_in_families_are_called_by_their_packages() -> None:
    # Gathered anew: what was gathered when the tests were found would hide a change.
    assert set(catalogue.__wrapped__().families) == {
        "policy_file", "ownership", "criteria", "evaluation", "integration", "reviews", "monitoring", "decision",
        "runbook",
    }  # fmt: skip
