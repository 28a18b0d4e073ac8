"""Which file the words of a folder mean."""

from contextlib import nullcontext

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.gather.pull import Asked, read_pull
from bot.review.folders import Folders, folder_of, path_of
from rules.catalogue import catalogue
from tests.bot.github.hub import Hub
from tests.bot.review.given import SMALL, by


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        (".", ".pilot.yml"),
        ("./", ".pilot.yml"),
        (".pilot.yml", ".pilot.yml"),
        ("services/triage", "services/triage/.pilot.yml"),
        ("services/triage/", "services/triage/.pilot.yml"),
        ("./services//triage/.pilot.yml", "services/triage/.pilot.yml"),
        ("services/../billing", "billing/.pilot.yml"),
        ("..a", "..a/.pilot.yml"),
        ("a b", "a b/.pilot.yml"),
    ],
)
def test_a_folder_is_that_of_its_policy(folder: str, path: str) -> None:
    assert path_of(folder) == path
    assert path_of(folder_of(path)) == path


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("/", "begins with `/`: write `in .`"),
        ("/services/triage", "begins with `/`: write `in services/triage`"),
        ("//services", "write `in services`"),
        ("..", "leaves the repository"),
        ("a/../..", "leaves the repository"),
        ("../.pilot.yml", "leaves the repository"),
        ("services\\triage", "is no folder"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "is no folder"),
        ("a" * 1_001, "is no folder"),
    ],
)
def test_what_is_no_folder_is_said_with_what_to_write(folder: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        path_of(folder)


@given(st.text(st.sampled_from("./a\\ "), min_size=1, max_size=20))
def test_no_folder_leads_out_of_the_repository(folder: str) -> None:
    try:
        path = path_of(folder)
    except UserError:
        return
    assert path.endswith(".pilot.yml")
    assert not path.startswith("/")
    assert ".." not in path.split("/")


@pytest.mark.parametrize(
    ("truncated", "says"),
    [
        (False, "there is no `.pilot.yml` here: `/pilot init` begins one"),
        (True, "in a folder, write `/pilot in FOLDER …`"),
    ],
)
def test_where_github_lists_not_all_files_a_folder_may_still_have_one(truncated: bool, says: str) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        hub = Hub(files={"README.md": b"# A\n"}, truncated=truncated)
        installation = hub.start(mock)
        found = Folders(installation, by(), read_pull(installation, catalogue(), Asked("acme/triage", 17)))
        assert (found.only(), says in found.lacking(".pilot.yml")) == (".pilot.yml", True)
        with nullcontext() if truncated else pytest.raises(UserError, match="there is no folder `anywhere`"):
            found.exists("anywhere/.pilot.yml")


@pytest.mark.parametrize("path", ["services/triage/x.py", "docs/a.md"])
def test_the_only_policy_that_judges_is_meant(path: str) -> None:
    nested = {f"{folder}/.pilot.yml": SMALL for folder in ("services/triage", "billing")}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        hub = Hub(files={**nested, path: b"x\n"}, base=nested)
        hub.patches = [{"filename": path, "status": "added", "sha": "1", "additions": 1, "deletions": 0, "patch": "+x"}]
        installation = hub.start(mock)
        found = Folders(installation, by(), read_pull(installation, catalogue(), Asked("acme/triage", 17)))
        if path.startswith("services"):
            assert found.only() == "services/triage/.pilot.yml"
            return
        with pytest.raises(
            UserError, match="nor one that judges this: write `/pilot in billing …`; there are pilots in"
        ):
            found.only()
