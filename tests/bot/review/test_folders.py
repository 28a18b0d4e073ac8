"""Which file the words of a folder mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.review.folders import folder_of, path_of


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
