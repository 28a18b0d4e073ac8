"""A patch in a comment: whoever takes it from there gets exactly what the app would have committed."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.review.patch import patch
from tests.bot.review.styles import WRITTEN

BEFORE = WRITTEN["comments everywhere"]
AFTER = BEFORE.replace("due: 2026-11-30", "due: 2026-11-29").replace("  # c32 end\n", "  - {rule: INT002}\n")


def copied(comment: str) -> list[tuple[str, str]]:
    """The blocks of a comment, as they are copied from the page that shows it: line ends are the browser's."""
    shown = comment.replace("\r", "")
    return [(kind, text) for _, kind, text in re.findall(r"(?ms)^(`{3,})(\w+)\n(.*?)^\1$", shown)]


def taken(folder: Path, comment: str) -> None:
    """Do what the comment offers last."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    kind, text = copied(comment)[-1]
    command = ["git", "apply", "-"] if kind == "diff" else ["sh"]
    subprocess.run(command, input=text.encode(), cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("path", [".pilot.yml", "services/triage/.pilot.yml", "team sort/.pilot.yml", "dör/.pilot.yml"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", [False, True])
def test_what_is_taken_from_the_comment_is_what_was_meant(tmp_path: Path, path: str, ending: str, cut: bool) -> None:
    before, after = ((one.rstrip("\n") if cut else one).replace("\n", ending).encode() for one in (BEFORE, AFTER))
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_bytes(before)
    said = patch([(path, before, after)])
    assert len(copied(said)) == (1 if ending == "\n" else 2)
    taken(tmp_path, said)
    assert file.read_bytes() == after


def test_mixed_line_ends_and_several_files_are_kept(tmp_path: Path) -> None:
    mixed = (b"a\r\nb\nc\r\nd", b"a\r\nx\nb\r\nc\r\nd")
    changes = [("one.yml", *mixed), ("two.yml", b"", b"new\n"), ("three.yml", b"```\n", b"````\n```\n")]
    for path, before, _ in changes:
        if before:
            (tmp_path / path).write_bytes(before)
    taken(tmp_path, patch(changes))
    assert [(tmp_path / path).read_bytes() for path, _, _ in changes] == [after for _, _, after in changes]
