"""Slash commands: who may give them, what they do, and that nothing happens twice."""

import pytest

from bot.demo.github.state import Comment
from tests.e2e.given import HERE, POLICY
from tests.e2e.plant import Plant

ORG = "acme"
WITHOUT_WRITE = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "members": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "read",
}


@pytest.fixture
def number(line: Plant) -> int:
    """A pull request by `dev` that changes a page."""
    line.stand.push(HERE, "feature", {"docs/page.md": b"# Page\n"})
    made = line.stand.pull(HERE, "feature")
    line.asked()
    return made


def said(line: Plant, number: int, text: str, by: str) -> tuple[str, set[str]]:
    """What a comment is answered, and the reactions to it."""
    before = len(line.stand.issue(HERE, number).comments)
    comment = line.stand.comment(HERE, number, text, by=by)
    line.settle()
    answers = line.stand.issue(HERE, number).comments[before + 1 :]
    assert len(answers) <= 1
    return answers[0].body.partition("-->\n")[2] if answers else "", reactions(comment)


def reactions(comment: Comment) -> set[str]:
    return {one.content for one in comment.reactions}


def policy(line: Plant, branch: str = "feature") -> str:
    git = line.stand.world.repositories[HERE.lower()].git
    found = git.branch(branch)
    assert found is not None
    entry = git.entry(found, POLICY)
    assert entry is not None
    return git.blob(entry.sha).decode()


DONE, REFUSED = {"eyes", "+1"}, {"eyes", "confused"}


def test_help_lists_every_command(line: Plant, number: int) -> None:
    text, seen = said(line, number, "/pilot help", "dev")
    assert seen == DONE
    assert "| `/pilot waive CODE until DATE because TEXT` |" in text


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("assign monitor @acme/ml-research", "@acme/ml-oncall", "@acme/ml-research"),
        ("schedule security 2026-11-26", "due: 2026-11-20", "due: 2026-11-26"),
    ],
)
def test_a_command_changes_one_line(line: Plant, number: int, text: str, before: str, after: str) -> None:
    was = policy(line)
    answer, seen = said(line, number, f"/pilot {text}", "dev")
    assert (seen, answer.startswith("Done")) == (DONE, True), answer
    assert policy(line) == was.replace(before, after, 1)
