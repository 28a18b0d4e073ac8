"""Each value of the example is eased and tightened in turn, and policies of any kind are held against each other."""

import copy
import io
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.facts import Codes
from rules.policy import Policy
from rules.values import written
from rules.weakening import Weakening, weakenings
from tests.rules.borders import mutated
from tests.rules.given import CODES, example, organisation, reading

Path = tuple[str | int, ...]

YAML_ = YAML(typ="safe", pure=True)
FULL = YAML_.load(example() + "rules: {CRI002: warning, MON007: notice}\n")
FULL["waivers"] = [{"rule": "INT002", "reason": "Late", "approved_by": "@ana-r", "expires": date(2026, 12, 15)}]
FULL["decision"]["extensions"] = [{"from": date(2027, 1, 4), "to": date(2027, 1, 25), "because": "Vendor is late"}]
KNOWN = Codes(CODES, catalogue().weights)
RETIRED = "retired"


def scalars(node: Any, path: Path = ()) -> list[Path]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    return [path] if inner is None else [found for key, value in inner for found in scalars(value, (*path, key))]


def at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def having(path: Path, value: Any) -> Any:
    """The example with another value at a path."""
    whole = copy.deepcopy(FULL)
    at(whole, path[:-1])[path[-1]] = value
    return whole


def text(structure: Any) -> str:
    stream = io.StringIO()
    YAML_.dump(structure, stream)
    return stream.getvalue()


def model(structure: Any) -> Policy | None:
    return reading(text(structure)).model


@cache
def full() -> Policy:
    found = model(FULL)
    assert found is not None
    return found


def told(new: Policy, old: Policy | None = None) -> list[Weakening]:
    return list(weakenings(old or full(), new, organisation(), KNOWN))


# For keys that are safer in one direction: what eases, and what tightens.
JUDGED: dict[str, tuple[list[Any], list[Any]]] = {
    "pilot.stage": (["planned", RETIRED], ["decision", "production"]),
    "pilot.risk": (["minimal"], ["high"]),
    "pilot.start": ([date(2026, 12, 1)], [date(2026, 11, 29)]),
    "criteria[0].op": (["<=", "<"], [">"]),
    "criteria[1].op": ([">=", ">"], ["<"]),
    "criteria[0].target": ([0.92, 0.9299999, 0, -1], [0.931, 1]),
    "criteria[1].target": ([2.001, 30], [1.9, 0]),
    "criteria[0].min_samples": ([1499, 1], [1501]),
    "evaluation[0].environment": (["staging", "synthetic", "curated"], []),
    "evaluation[0].collected": (
        ["2026-09-02/2026-09-30", "2026-08-01/2026-08-31"],
        ["2026-08-31/2026-09-30", "2026-09-02/2026-10-01"],
    ),
    "evaluation[0].max_age": (["91d", "13w"], ["89d", "12w"]),
    "integrations[0].environment": (["staging", "test"], []),
    "integrations[0].timeout": (["5001ms", "1m"], ["4999ms", "1s"]),
    "reviews.security.due": ([date(2026, 11, 21)], [date(2026, 11, 19)]),
    "reviews.compliance.due": ([date(2026, 11, 28)], [date(2026, 11, 26)]),
    "reviews.legal.due": ([date(2027, 11, 30)], [date(2025, 11, 30)]),
    # Whether a sign-off is one, REV004 and DEC005 say.
    "reviews.security.outcome": ([], ["pending", "failed"]),
    "reviews.compliance.outcome": ([], ["passed", "failed"]),
    "reviews.legal.outcome": ([], ["passed", "failed"]),
    "monitoring.log_retention": (["179d", "25w"], ["181d", "26w"]),
    "runbooks[0].exercised": ([date(2026, 11, 17)], [date(2026, 11, 19)]),
    "decision.date": ([date(2027, 1, 26)], [date(2027, 1, 24)]),
    "decision.otherwise": (["extend"], []),
    "decision.outcome": ([], ["go", "no-go", "extend"]),
    "waivers[0].expires": ([date(2026, 12, 16)], [date(2026, 12, 14)]),
    "rules.CRI002": (["notice", "off"], ["error"]),
    "rules.MON007": (["off"], ["warning", "error"]),
}
# What fits where any change is a weakening.
OTHERS = (
    "other", "@other", "/other", "cost", date(2027, 2, 1), 7, "1h", "junit", "csv", "label:other", "CRI004",
)  # fmt: skip
FREE = [path for path in scalars(FULL) if path != ("version",) and written(path) not in JUDGED]


def cases(side: int) -> list[tuple[Path, Any]]:
    return [(path, value) for path in scalars(FULL) for value in JUDGED.get(written(path), ([], []))[side]]


def about(found: list[Weakening], path: Path) -> bool:
    """Whether something is said of the key, or of the list or the item that it is in."""
    return any(path[: len(one.at)] == one.at for one in found)


def test_every_key_that_has_a_safer_side_is_one_of_the_example() -> None:
    assert set(JUDGED) <= {written(path) for path in scalars(FULL)}


@pytest.mark.parametrize(("path", "value"), cases(0), ids=lambda one: written(one) if isinstance(one, tuple) else None)
def test_what_is_eased_is_told(path: Path, value: Any) -> None:
    new = model(having(path, value))
    assert new is not None
    found = told(new)
    assert about(found, path)
    assert all("from `" in one.what or "no longer" in one.what for one in found)


@pytest.mark.parametrize(("path", "value"), cases(1), ids=lambda one: written(one) if isinstance(one, tuple) else None)
def test_what_is_tightened_is_not(path: Path, value: Any) -> None:
    new = model(having(path, value))
    assert new is not None
    assert told(new) == []


@pytest.mark.parametrize("path", FREE, ids=written)
def test_any_other_change_of_a_value_is_told(path: Path) -> None:
    there = at(FULL, path)
    new = next((new for other in OTHERS if other != there and (new := model(having(path, other))) is not None), None)
    assert new is not None, "nothing else fits here"
    assert about(told(new), path)


_VALUES = st.sampled_from([*OTHERS, *(value for sides in JUDGED.values() for side in sides for value in side)])


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The example after some changes; the example itself where they leave no policy."""
    whole = copy.deepcopy(FULL)
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(scalars(whole)))
        depth = draw(st.integers(1, len(path)))
        parent, key = at(whole, path[: depth - 1]), path[depth - 1]
        kind = draw(st.sampled_from(("set", "drop", "turn", "double", "empty")))
        if kind == "set":
            parent[key] = draw(_VALUES) if depth == len(path) else parent[key]
        elif kind == "drop":
            del parent[key]
        elif isinstance(parent[key], list):
            changed = {"turn": parent[key][::-1], "double": parent[key] * 2, "empty": []}
            parent[key] = copy.deepcopy(changed[kind])
    return model(whole) or full()


@settings(max_examples=40, deadline=None)
@given(policies(), policies())
def test_any_two_policies_can_be_held_against_each_other(old: Policy, new: Policy) -> None:
    for base in (old, None):
        for one in weakenings(base, new, organisation(), KNOWN):
            assert one.what
            assert "\n" not in one.what
    assert told(old, old) == []
    assert told(new, new) == []


@settings(max_examples=30, deadline=None)
@given(mutated())
def test_a_policy_gone_wrong_that_still_is_one_can_be_held_against_the_example(slipped: str) -> None:
    new = reading(slipped).model
    for one in () if new is None else (*told(new), *told(full(), new)):
        assert one.what.strip()
