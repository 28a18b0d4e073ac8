"""The button `fix`: a pull request with every replacement, or a patch where the app can't commit; once a head."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses

from bot.errors import Refused
from bot.github.client import Installation
from bot.review.fix import fix
from bot.review.judge import By
from bot.review.pull import Asked
from rules.catalogue import catalogue
from rules.document import read
from rules.policy import Policy
from tests.bot.github.hub import HEAD
from tests.bot.review.given import SMALL, Workshop, by

# Each date is later than it may be, and says the one to write.
LATE = (
    SMALL
    + b"reviews:\n  security: {team: '@acme/appsec', due: 2027-03-01}\n"
    + b"  legal: {team: '@acme/legal', due: 2027-03-01}\n"
)
NAME = f"pilotgate/fix-17-{HEAD[:7]}"
ASKED = Asked("acme/triage", 17, head=HEAD)


@pytest.fixture
def hub() -> Workshop:
    return Workshop(files={".pilot.yml": LATE}, base={".pilot.yml": SMALL})


@pytest.fixture
def installation(hub: Workshop) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


def pressed(hub: Workshop, installation: Installation, line: By | None = None) -> bytes:
    """The policy as it was mended on the branch."""
    fix(installation, line or by(), ASKED, "Dev")
    return hub.branches[f"refs/heads/{NAME}"][".pilot.yml"]


def said(hub: Workshop) -> str:
    (comment,) = hub.comments
    return str(comment["body"])


def test_a_pull_request_into_the_pull_request_is_opened_and_told(hub: Workshop, installation: Installation) -> None:
    line = by()
    mended = pressed(hub, installation, line)
    assert mended == LATE.replace(b"2027-03-01", b"2026-11-30")
    (made,) = hub.proposed
    assert (made["head"], made["base"], made["title"]) == (NAME, "feature", "Fixes for #17")
    assert made["body"].count("**REV001**") == 2
    assert hub.messages == ["Mend REV001\n\nAsked for by Dev on #17."]
    assert "#100 mends 2 findings. Merge it into this branch to take it." in said(hub)
    assert line.memory.hands(501, 17) == line.memory.hands(501, 100) == {"dev"}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_the_rest_of_the_file_stays_as_it_is(
    mark: bytes, ending: bytes, hub: Workshop, installation: Installation
) -> None:
    policy = mark + LATE.replace(b"\n", ending)
    hub.files[".pilot.yml"] = policy
    assert pressed(hub, installation) == policy.replace(b"2027-03-01", b"2026-11-30")


def test_a_policy_of_several_slips_is_mended_though_each_alone_leaves_it_unreadable(
    hub: Workshop, installation: Installation
) -> None:
    hub.files[".pilot.yml"] = SMALL.replace(b"stage:", b"stag:") + b"ownrs: {fix: '@lee'}\nrevews: {}\n"
    mended = pressed(hub, installation)
    assert mended == SMALL + b"owners: {fix: '@lee'}\nreviews: {}\n"
    assert read(mended, ".pilot.yml", Policy, catalogue().codes).model is not None


def test_pressed_again_nothing_more_is_done(hub: Workshop, installation: Installation) -> None:
    pressed(hub, installation)
    hub.counted()
    fix(installation, by(), ASKED, "dev")
    assert (len(hub.proposed), len(hub.comments)) == (1, 1)
    assert [one for one in hub.counted() if one.startswith(("POST", "PUT"))] == []


def test_a_job_that_was_killed_before_it_told_goes_on_where_it_was(hub: Workshop, installation: Installation) -> None:
    pressed(hub, installation)
    hub.comments.clear()
    fix(installation, by(), ASKED, "dev")
    assert (len(hub.proposed), len(hub.messages)) == (1, 1)
    assert "#100 mends 2 findings" in said(hub)


def patched(text: str, before: bytes, folder: Path) -> bytes:
    """The policy after `git apply` of the patch in a comment."""
    (folder / ".pilot.yml").write_bytes(before)
    patch = text.partition("```diff\n")[2].rpartition("```")[0]
    command = ["git", "apply", "-p1", "-"]
    subprocess.run(command, input=patch.encode(), cwd=folder, check=True, capture_output=True)
    return (folder / ".pilot.yml").read_bytes()


@pytest.mark.parametrize("end", [b"", b"# end\n", b"# no end", b"owners: {}\n" + b"\n" * 9])
def test_a_fork_gets_a_patch_that_git_applies(
    end: bytes, hub: Workshop, installation: Installation, tmp_path: Path
) -> None:
    hub.files[".pilot.yml"] = LATE + end
    hub.pull = {"isCrossRepository": True}
    fix(installation, by(), ASKED, "dev")
    assert (hub.branches, hub.proposed) == ({}, [])
    assert "since this pull request comes from a fork" in said(hub)
    assert patched(said(hub), LATE + end, tmp_path) == (LATE + end).replace(b"2027-03-01", b"2026-11-30")


@pytest.mark.parametrize("refused", ["/git/refs", "/contents/.pilot.yml", "/pulls"])
@pytest.mark.parametrize("status", [403, 404])
def test_where_the_app_may_not_write_there_is_a_patch(
    refused: str, status: int, hub: Workshop, installation: Installation
) -> None:
    original = hub._rest

    def writing_refused(method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        hub.refuses = {} if method == "GET" else {refused: status}
        return original(method, path, body)

    hub._rest = writing_refused  # type: ignore[method-assign]
    fix(installation, by(), ASKED, "dev")
    assert "it lacks the permission contents: write" in said(hub)
    assert "+  legal: {team: '@acme/legal', due: 2026-11-30}" in said(hub)


def test_any_other_refusal_is_raised(hub: Workshop, installation: Installation) -> None:
    hub.refuses = {"/git/refs": 451}
    with pytest.raises(Refused):
        fix(installation, by(), ASKED, "dev")
    assert hub.comments == []


@pytest.mark.parametrize("policy", [SMALL, SMALL + b"owners: {}\n"])
def test_where_nothing_can_be_mended_nothing_is_written(
    policy: bytes, hub: Workshop, installation: Installation
) -> None:
    hub.files[".pilot.yml"] = policy
    fix(installation, by(), ASKED, "dev")
    assert (hub.branches, hub.proposed, hub.comments) == ({}, [], [])


def test_a_head_that_has_moved_or_is_closed_is_left(hub: Workshop, installation: Installation) -> None:
    fix(installation, by(), Asked("acme/triage", 17, head="c" * 40), "dev")
    hub.pull = {"state": "CLOSED"}
    fix(installation, by(), ASKED, "dev")
    assert (hub.branches, hub.comments) == ({}, [])


def test_a_policy_with_fences_in_it_breaks_no_patch(hub: Workshop, installation: Installation) -> None:
    hub.files[".pilot.yml"] = LATE + b"# ````\n"
    hub.pull = {"isCrossRepository": True}
    fix(installation, by(), ASKED, "dev")
    assert "\n`````diff\n" in said(hub)
    assert said(hub).rstrip().endswith("\n`````")
