"""Every command that changes a policy, on policies as people write them: only the meant lines differ, and the result
says what was meant."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot import commands
from bot.commands import decide
from bot.errors import UserError
from bot.review import rights
from bot.review.asked import Asked, Comment
from bot.review.change import Wish
from bot.review.draft import Draft
from rules.policy import Organisation, Policy
from tests.bot.review.given import by
from tests.bot.review.styles import WRITTEN, plain, policies

BY = by()
CODES = BY.catalogue.codes
TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Here(Asked):
    """A command about a policy that is at hand."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(None, BY, Comment("acme/triage", 1, True, 1, "", "ana-r", AT), "1")  # type: ignore[arg-type]
        self.organisation, self._policy = Organisation(locked=()), policy

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def today(self) -> date:
        return TODAY


class Meant(NamedTuple):
    """What a command changes: the values, and the keys on whose lines it may."""

    text: str
    values: Callable[[dict[str, Any]], None]
    keys: str


def _assigned(values: dict[str, Any]) -> None:
    values.setdefault("owners", {})["monitor"] = "@acme/night-shift"


def _scheduled(values: dict[str, Any]) -> None:
    values.setdefault("reviews", {}).setdefault("legal", {})["due"] = "2026-12-01"


def _signed(values: dict[str, Any]) -> None:
    values.setdefault("reviews", {}).setdefault("legal", {}).update(outcome="passed", evidence="docs/legal.md")


def _waived(values: dict[str, Any]) -> None:
    new = {"rule": "INT002", "reason": 'late: "x" # y', "approved_by": "@ana-r", "expires": "2026-12-08"}
    values["waivers"] = [*values.get("waivers", []), new]


def _renewed(values: dict[str, Any]) -> None:
    for one in values["waivers"]:
        if one["rule"] == "INT003" and "key" not in one:
            one.update(reason="x", approved_by="@ana-r", expires="2026-12-08")


def _unwaived(values: dict[str, Any]) -> None:
    values["waivers"] = [one for one in values["waivers"] if one["rule"] != "INT003"]


def _decided(values: dict[str, Any]) -> None:
    values.setdefault("decision", {})["outcome"] = "no-go"


def _extended(values: dict[str, Any]) -> None:
    decision = values.setdefault("decision", {})
    moved = {"from": decision.get("date", str(TODAY)), "to": "2027-02-22", "because": "x"}
    decision.update(outcome="extend", date="2027-02-22", extensions=[*decision.get("extensions", []), moved])


_RENEWED = "waivers|INT003|reason|approved_by|expires|late|says|a: b # c|^- *(-|#.*)?$"
"""A reason may be a text of several lines, with an empty one in it."""
MEANT = {
    "assign": Meant("assign monitor @acme/night-shift", _assigned, "owners|monitor"),
    "schedule": Meant("schedule legal 2026-12-01", _scheduled, "reviews|legal|due"),
    "sign-off": Meant("sign-off legal docs/legal.md", _signed, "reviews|legal|outcome|evidence"),
    "waive": Meant('waive INT002 until 2026-12-08 because late: "x" # y', _waived, "waivers|rule:|key:"),
    "renew": Meant("waive INT003 until 2026-12-08 because x", _renewed, _RENEWED),
    "unwaive": Meant("unwaive INT003", _unwaived, f"{_RENEWED}|rule:|key:"),
    "decide": Meant("decide no-go because x", _decided, "decision|outcome"),
    "extend": Meant("decide extend until 2027-02-22 because x", _extended, "decision|outcome|date|extensions|from"),
}


@pytest.fixture(autouse=True, scope="module")
def wishes() -> Iterator[None]:
    """Whoever asks may, and what is asked for is told instead of being written."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("to_approve", "to_decide", "to_sign"):
            patch.setattr(rights, name, lambda *_: None)
        patch.setattr(decide, "_held", lambda *_: "")
        for module in commands.catalogue().values():
            if hasattr(module, "change"):
                patch.setattr(module, "change", _changed)
        yield


def _changed(asked: Here, wish: Wish) -> str:
    asked.draft = Draft(asked.data, CODES)  # type: ignore[attr-defined]
    wish.make(asked.draft, asked)  # type: ignore[attr-defined]
    return ""


def changed(data: bytes, text: str) -> bytes:
    """A policy once a command was given; UserError where it can't be changed."""
    model = Draft(data, CODES).checked().model
    assert model is not None
    asked = Here(model)
    asked.data = data  # type: ignore[attr-defined]
    call = commands.read(text)
    call.command.do(call.parsed, asked)
    made: Draft = asked.draft  # type: ignore[attr-defined]
    made.checked()
    return made.data


def values(data: bytes) -> dict[str, Any]:
    """What a policy says."""
    model = Draft(data, CODES).checked().model
    assert model is not None
    found = plain(_said(model))
    assert isinstance(found, dict)
    return found


def _said(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {one.alias or name: _said(getattr(value, name)) for name, one in fields.items()}
    if isinstance(value, Mapping):
        return {key: _said(one) for key, one in value.items()}
    return [_said(one) for one in value] if isinstance(value, tuple | list) else value and str(value)


def held(data: bytes, name: str) -> None:
    """The command does what is meant, or is refused in words."""
    meant = MEANT[name]
    expected = deepcopy(values(data))
    meant.values(expected)
    after = changed(data, meant.text)
    assert values(after) == plain(expected)
    before, now = (_lines(one) for one in (data, after))
    rows = [row for row in difflib.ndiff(before, now) if row[:2] in ("- ", "+ ")]
    strange = [row for row in rows if not re.search(meant.keys, row)]
    assert strange == []
    assert _comments(data) - _comments(after) == set() or name == "unwaive"
    # What was added ends as the lines around it do, and the last one as it did.
    assert after.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    if data.count(b"\n"):
        assert (after.count(b"\r\n") == after.count(b"\n")) == (data.count(b"\r\n") == data.count(b"\n"))
    assert after.endswith(b"\n") == data.endswith(b"\n")
    # Given again it finds nothing to do, or only what it has to say twice.
    if name in ("assign", "schedule", "sign-off", "renew", "decide"):
        assert changed(after, meant.text) == after


def _lines(data: bytes) -> list[str]:
    # The last line's break may go from it to the one below.
    return data.decode().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").rstrip("\n").split("\n")


def _comments(data: bytes) -> set[str]:
    return set(re.findall(r"# c\d+", data.decode()))


@pytest.mark.parametrize("name", MEANT)
@pytest.mark.parametrize("style", WRITTEN)
def test_only_the_meant_lines_of_a_policy_as_people_write_it_differ(style: str, name: str) -> None:
    for ending in ("\n", "\r\n"):
        for cut in (False, True):
            text = WRITTEN[style].rstrip("\n") if cut else WRITTEN[style]
            held(text.replace("\n", ending).encode(), name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.sampled_from(sorted(MEANT)))
def test_only_the_meant_lines_of_any_policy_differ(data: bytes, name: str) -> None:
    held(data, name)


SHARED = """\
version: 1
pilot: {name: a, stage: pilot, start: 2026-11-02}
owners: {accountable: &who "@ana-r", monitor: *who, fix: "@lee"}
reviews:
  compliance: &review {due: 2026-11-27, outcome: pending}
  legal: *review
decision: &decision {date: 2027-01-25, outcome: pending}
waivers: [&one {rule: INT003, reason: a, approved_by: "@lee", expires: 2026-12-01}]
"""


@pytest.mark.parametrize("name", MEANT)
def test_what_stands_elsewhere_as_well_is_refused_with_what_to_write(name: str) -> None:
    if name == "waive":
        held(SHARED.encode(), name)
        return
    with pytest.raises(UserError, match=r"leaves no safe place to write at `.*`: write .* by hand|do it by hand"):
        changed(SHARED.encode(), MEANT[name].text)


def test_every_command_that_writes_is_here() -> None:
    writing = {name for name, module in commands.catalogue().items() if hasattr(module, "change")}
    assert {one.text.split()[0] for one in MEANT.values()} == writing - {"init"}
