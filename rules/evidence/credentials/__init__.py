"""Credentials in the text of a file: where they stand and of what kind they are, never what they say.

The detectors are those of detect-secrets without its measures of entropy (see `detectors`), the filters its own and
more (see `lookalikes`). Files are told apart by their names, as it does; notebooks are read cell by cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evidence import notebooks
from rules.evidence.credentials.searching import leaks, promising
from rules.evidence.credentials.sheets import Budget, Leak, Sheet
from rules.evidence.whereabouts import is_example, is_foreign, is_prose, is_test
from rules.facts import Written

__all__ = ["Leak", "Searched", "search"]


@dataclass(frozen=True, slots=True)
class Searched:
    """The credentials of a file, by line; and whether it was looked at to its end."""

    leaks: tuple[Leak, ...] = ()
    complete: bool = True


def search(file: Written, allowance: notebooks.Allowance | None = None) -> Searched:
    """The credentials in the lines of a file that count; none where it is a test, an example or not written here.

    `allowance`: how much may be read of the notebooks, where there are several. Never raises. Takes time in proportion
    to the text; a file that would take seconds is not searched to its end.
    """
    if is_test(file.path) or is_example(file.path) or is_foreign(file.path):
        return Searched()
    if not promising(file.text) or _no_text(file.path):
        return Searched()
    found, budget, allowance = set[Leak](), Budget(), allowance or notebooks.Allowance()
    allowance.cut = False
    for sheet in _sheets(file, allowance):
        found.update(leaks(sheet, budget))
    return Searched(tuple(sorted(found)), budget.left > 0 and not allowance.cut)


_NO_TEXT = (".lock", ".sum", ".iml", ".ipr", ".iws", ".prefs", ".pdf", ".png", ".jpg", ".gif", ".ico")


def _no_text(path: str) -> bool:
    """Whether a program made this, or it describes an interface, in which `password` names a field."""
    return path.lower().endswith(_NO_TEXT) or "swagger" in path.lower()


def _sheets(file: Written, allowance: notebooks.Allowance) -> Iterator[Sheet]:
    cells = notebooks.cells(file.text, allowance)
    lines = file.text.split("\n") if cells else ()
    for cell in cells or ():
        name = "cell.py" if cell.kind == "code" else "cell.out"
        yield Sheet(name, cell.text, cell.line, file.counts, cell.kind == "prose", lines)
    if cells is None:
        yield Sheet(file.path, file.text, lambda line: line, file.counts, _told_to_people(file.path))


def _told_to_people(path: str) -> bool:
    """Whether `password: …` is said to people here, or is a label; and in a policy, the name of a secret."""
    words = (
        r"(?:^|/)(?:locales?|i18n|l10n|lang|langs|languages?|translations?|messages)(?:/|[._-])|\.html?$|\.pilot\.yml$"
    )
    return is_prose(path) or re.search(words, path.lower()) is not None
