"""Who owns what by catalog-info.yaml."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.catalog import Catalog, Entity
from rules.facts import Files, Unread
from tests.rules.given import holding, policy

NAME = "catalog-info.yaml"


def read(text: str | bytes, name: str = NAME) -> Catalog:
    return Catalog.read(policy(""), holding({name: text.encode() if isinstance(text, str) else text}))


@pytest.mark.parametrize(
    ("owner", "handle", "same"),
    [
        ("ml-platform", "@acme/ml-platform", True),
        ("group:default/ML-Platform", "@acme/ml-platform", True),
        ("group:ml-platform", "@acme/ml-platform", True),
        ("acme/ml-platform", "@acme/ml-platform", True),
        ("user:ana-r", "@Ana-R", True),
        (" ana-r ", "@ana-r", True),
        ("ml", "@acme/ml-platform", False),
        ("acme", "@acme/ml-platform", False),
        (None, "@ana-r", False),
    ],
)
def test_an_owner_is_compared_by_its_name(owner: str | None, handle: str, same: bool) -> None:
    assert Entity("component", "triage", owner, 1).owned_by(handle) is same


def test_every_document_that_describes_something_is_an_entity() -> None:
    text = "kind: Component\nmetadata: {name: a}\nspec: {owner: x}\n---\nkind: API\n---\n- 1\n---\nkind: 3\n"
    found = read(text)
    assert found.entities == (Entity("component", "a", "x", 1), Entity("api", "None", None, 5))
    assert read(text, "catalog-info.yml").path == "catalog-info.yml"


def test_the_component_that_is_called_like_the_pilot_speaks_for_it() -> None:
    a, b, group = Entity("component", "a", "x", 1), Entity("component", "b", "y", 2), Entity("group", "a", None, 3)
    found = Catalog(NAME, (a, b, group))
    assert found.described("b") == (b,)
    assert found.described("c") == (a, b)
    assert Catalog(NAME, (group,)).described("a") == ()


def test_what_can_not_be_read_is_kept_with_its_reason() -> None:
    assert Catalog.read(policy(""), holding({})) == Catalog()
    assert tuple(Catalog.wanted(policy(""))) == (NAME, "catalog-info.yml")
    assert "is not YAML" in str(read("a: [").broken)
    assert str(read("a: 1").broken) == f"`{NAME}` describes nothing: write a Component with `spec.owner`"
    assert "is a template" in str(read("{{- if .Values.x }}\nkind: Component").opaque)
    assert str(Catalog.read(policy(""), Files({NAME: Unread("is too large", mendable=False)}, ())).opaque)


_KEYS = st.sampled_from(["kind", "spec", "owner", "metadata", "name"])
_VALUES = st.recursive(
    st.none() | st.integers() | st.text("ab:/{}"),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60) | _VALUES.map(lambda value: repr(value).replace("None", "null").encode()))
def test_no_file_is_too_odd_to_be_read(data: bytes) -> None:
    found = read(data)
    assert bool(found.entities) + bool(found.broken) + bool(found.opaque) == 1
