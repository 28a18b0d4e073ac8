"""How people name what a policy asks for: runbooks, and what turns a thing off. Habits, not facts."""

import re
from collections.abc import Sequence

_PAGES = (".md", ".markdown")
_RUNBOOK = re.compile(r"(?i)(?:run|play)[-_ ]?books?(?![a-z])")
# Where there is no runbook, these are the next best.
_ON_CALL = re.compile(r"(?i)(?<![a-z])on[-_ ]?call(?![a-z])|incident[-_ ]?response")
_ABOUT_OTHERS = re.compile(r"(?i)readme|index|.*template|contributing")
_STOPS = (
    re.compile(r"(?i)(?:^|[-_. ])(?:disable|deactivate|kill|stop|turn-?_?off|shut-?_?down)(?:[-_. ]|$)"),
    re.compile(r"(?i)(?:^|[-_. ])(?:off|switch|pause|roll-?_?back)(?:[-_. ]|$)"),
)
# What language models and analysers of text call something else.
_WORDS = re.compile(r"(?i)stop[-_. ]?(?:words?|sequences?|tokens?)")
_SCRIPTS = frozenset({"scripts", "script", "bin", "ops", "tools", "hack", "deploy", "infra", "ci"})
_ENDINGS = (".sh", ".bash", ".zsh", ".ps1", ".py", ".rb", ".js", ".ts")


def is_page(path: str) -> bool:
    """Whether this is Markdown, as a runbook has to be."""
    return path.lower().endswith(_PAGES)


def runbooks(paths: Sequence[str]) -> list[str]:
    """Those of the pages that are called runbooks, or stand in a folder that is; else those for people on call."""
    return next((found for names in (_RUNBOOK, _ON_CALL) if (found := [one for one in paths if _is(names, one)])), [])


def _is(names: re.Pattern[str], path: str) -> bool:
    *folders, name = path.split("/")
    among = any(names.search(folder) for folder in folders) and not _ABOUT_OTHERS.match(name)
    return among or names.search(name) is not None


def is_script(path: str) -> bool:
    """Whether this is something to run, by where it stands."""
    *folders, name = path.lower().split("/")
    if not folders:
        return name.endswith(".sh")
    return not _SCRIPTS.isdisjoint(folders) and ("." not in name or name.endswith(_ENDINGS))


def stops(path: str) -> int:
    """How plainly a file's name says that it turns something off: 2 plainly, 1 perhaps, 0 not at all."""
    name = path.rpartition("/")[2]
    if _WORDS.search(name):
        return 0
    return next((2 - place for place, names in enumerate(_STOPS) if names.search(name)), 0)
