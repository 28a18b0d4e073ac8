"""The project's own pages and files."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pages() -> list[Path]:
    """Every page that the project shows to people."""
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("rules/**/*.md"))]


def blocks(text: str, language: str = "") -> list[str]:
    """The fenced blocks of a language in a page, with the indentation of a list's item taken off."""
    found = re.finditer(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{match[1]}", "", match[2], flags=re.MULTILINE) for match in found]


def links(text: str) -> Iterator[str]:
    """The targets of a page's links, code apart."""
    prose = re.sub(r"^( *)```.*?^\1```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", prose)


def tracked() -> list[Path]:
    """Every file of the project: all in git, or, where it is shipped without, all but what tools leave behind."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=False,
        capture_output=True,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        left_behind = re.compile(
            r"/(\.venv[^/]*|\.[a-z_]+_cache|__pycache__|\.hypothesis|mutants|\.coverage[^/]*)(/|$)"
        )
        paths = [path for path in ROOT.rglob("*") if not left_behind.search(f"/{path.relative_to(ROOT).as_posix()}")]
    return [path for path in paths if path.is_file()]
