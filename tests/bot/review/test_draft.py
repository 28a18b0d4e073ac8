"""A policy that commands change keeps all else byte for byte, or is not written."""

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.review.change import defused
from bot.review.draft import Draft
from rules.catalogue import catalogue
from tests.e2e.given import GOOD

CODES = catalogue().codes
HEADER = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"
COMMENTED = (
    "# a\n"
    + "".join(f"{line} # {number}\n" for number, line in enumerate(HEADER.splitlines()))
    + (
        "owners: # who\n    # above\n    accountable: '@ana-r'   # quoted\n\n    # below\n    fix:   \"@lee\"\n"
        'reviews:\n    security: {team: "@acme/appsec",   due: 2026-11-27}   # flow\n'
        "    legal:\n        due: 2026-11-30\n"
        'waivers:\n# at the margin\n- rule: INT002\n  reason: >-\n    folded\n    text\n  approved_by: "@ana-r"\n'
        "  expires: 2026-12-15\n# end\n"
    )
)
ANCHORED = (
    HEADER + 'owners: {fix: &who "@lee", monitor: *who, accountable: "@ana-r"}\nreviews: {legal: {due: 2026-11-30}}\n'
)
POLICIES = [GOOD, COMMENTED, ANCHORED, HEADER]
WAIVER = {"rule": "INT003", "reason": "x", "approved_by": "@ana-r", "expires": "2026-12-15"}


def _changed(before: bytes, after: bytes) -> tuple[int, int]:
    """How many lines went, and how many came."""
    rows = list(difflib.ndiff(before.decode().splitlines(True), after.decode().splitlines(True)))
    return sum(row.startswith("- ") for row in rows), sum(row.startswith("+ ") for row in rows)


@pytest.mark.parametrize("text", POLICIES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_only_the_lines_that_are_meant_differ(text: str, ending: str, cut: bool, mark: bytes) -> None:
    data = mark + (text.rstrip("\n") if cut else text).replace("\n", ending).encode()
    for path, value in ((("owners", "accountable"), "@noor"), (("reviews", "legal", "due"), "2026-12-01")):
        draft = Draft(data, CODES)
        draft.put(path, value)
        went, came = _changed(data, draft.data)
        assert (went <= 2, 1 <= came - went + went <= 4, draft.checked().model is not None) == (True, True, True)
        again = Draft(draft.data, CODES)
        again.put(path, value)
        assert not again.changed
    draft = Draft(data, CODES)
    draft.add(("waivers",), WAIVER)
    assert _changed(data, draft.data)[1] <= 3
    document = draft.checked()
    assert document.model is not None
    count = len(document.model.waivers or ())
    after = Draft(draft.data, CODES)
    after.remove(("waivers", count - 1))
    assert after.data.startswith(mark)
    assert after.data.replace(b"waivers:", b"").split() == data.replace(b"waivers:", b"").split()
    assert (b"\r\n" in after.data, after.data.count(b"\n") - after.data.count(b"\r\n")) == (
        ending == "\r\n",
        0 if ending == "\r\n" else after.data.count(b"\n"),
    )


def test_what_is_repeated_elsewhere_is_left_alone() -> None:
    draft = Draft(ANCHORED.encode(), CODES)
    for path in (("owners", "fix"), ("owners", "monitor")):
        with pytest.raises(UserError, match="leaves no safe place"):
            draft.put(path, "@noor")
    assert not draft.changed
    with pytest.raises(UserError, match="can't be taken out"):
        draft.remove(("waivers", 0))


def test_what_would_not_be_valid_is_not_written() -> None:
    draft = Draft(GOOD.encode(), CODES)
    draft.put(("reviews", "legal", "due"), "soon")
    with pytest.raises(UserError, match="nothing was written"):
        draft.checked()


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.sampled_from(POLICIES))
def test_any_reason_comes_back_as_it_was_given(reason: str, text: str) -> None:
    draft = Draft(text.encode(), CODES)
    draft.add(("waivers",), {**WAIVER, "reason": reason})
    model = draft.checked().model
    assert model is not None
    assert (model.waivers or ())[-1].reason == reason


@given(st.text(max_size=100))
def test_what_a_commit_says_mentions_nobody(text: str) -> None:
    said = defused(f"{text} @ana #12 GH-3 https://example.com/1")
    assert ("@ana" in said, "#12" in said, "GH-3" in said, "://" in said, "\n" in said) == (False,) * 5
