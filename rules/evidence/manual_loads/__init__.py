"""Where code reads a CSV, Excel or notebook file that lies beside it, by a path that is written in the code.

Python, notebooks and SQL. What comes from a variable, an argument, the environment, an address or a package's own
resources is no such read; nor is what a test, a migration, an evaluation or documentation reads.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.evidence import notebooks
from rules.evidence.loading import Broken
from rules.evidence.manual_loads.literal import Load, is_local
from rules.evidence.manual_loads.python import in_python, parses
from rules.evidence.manual_loads.sql import in_sql
from rules.evidence.whereabouts import is_documentation, is_example, is_foreign, is_measurement, is_migration, is_test
from rules.facts import Written

__all__ = ["Load", "Read", "reads"]


@dataclass(frozen=True, slots=True)
class Read:
    """The reads of a file; `unread` says why there may be others, in words that fit behind its name."""

    loads: tuple[Load, ...] = ()
    unread: str | None = None


def reads(file: Written, allowance: notebooks.Allowance | None = None) -> Read:
    """The reads that stand in lines which count. Never raises on any content.

    `allowance`: how much may be read of the notebooks, where there are several.
    """
    path = file.path
    apart = (is_test, is_example, is_foreign, is_documentation, is_migration, is_measurement)
    if any(kind(path) for kind in apart) or not _likely(file.text):
        return Read()
    if path.lower().endswith((".sql", ".psql", ".pgsql", ".ddl", ".hql")):
        return _counted(file, in_sql(file.text))
    allowance = allowance or notebooks.Allowance()
    cells = notebooks.cells(file.text, allowance)
    if cells is not None and allowance.cut:
        return Read(unread="is a notebook of more cells and lines than are read: split it, or clear what it put out")
    if cells is None and not path.lower().endswith((".py", ".pyw")) and not re.match(r"#!.*\bpython", file.text):
        return Read()
    try:
        return _counted(file, _in_program(file.text) if cells is None else _in_notebook(cells))
    except Broken as broken:
        lines = file.text.split("\n")
        told = any(file.counts(number) and _TABLE.search(line) for number, line in enumerate(lines, 1))
        return Read(unread=broken.message if told else None)


_TABLE = re.compile(
    r"read_csv|read_excel|read_table|loadtxt|genfromtxt|load_workbook|open_workbook|\.(?:csv|tsv|xlsx?|ods)\b",
    re.IGNORECASE,
)
_MARKS = (
    "csv", ".tsv", "excel", ".xls", ".ods", "workbook", "loadtxt", "genfromtxt", "read_table", "read_fwf", ".ipynb",
    "execute_notebook", "infile", "inpath", "bulk", ".import", "spark",
)  # fmt: skip


def _likely(text: str) -> bool:
    """Whether there is anything in a text for which it is worth being parsed."""
    small = text.lower()
    return any(mark in small for mark in _MARKS) or ("copy" in small and re.search(r"from\s+e?'", small) is not None)


def _in_program(text: str) -> Iterator[Load]:
    try:
        return in_python(text)
    except Broken:  # a notebook that was saved as a program keeps its commands
        return in_python("\n".join(_MAGIC.sub(r"\1pass #", line) for line in text.split("\n")))


def _counted(file: Written, loads: Iterator[Load]) -> Read:
    """Those of which a line counts, each on the first that does."""
    found = []
    for load in loads:
        line = next((line for line in range(load.line, load.end_line + 1) if file.counts(line)), None)
        if line is not None:
            found.append(Load(line, line, load.how, load.path))
    return Read(tuple(sorted(set(found))))


_MAGIC = re.compile(r"^(\s*)[%!?]")
_RUN = re.compile(r"\s*%run\s+(?:-\S+\s+)*[\"']?([^\s\"']+\.ipynb)\b")


def _in_notebook(cells: tuple[notebooks.Cell, ...]) -> Iterator[Load]:
    """The reads of the cells of code. Names that one cell sets are known in those below it, as in one program."""
    program: list[notebooks.Line] = []
    for cell in cells:
        if cell.kind != "code":
            continue
        first = cell.lines[0][1].lstrip()
        if first.startswith("%%"):
            if re.match(r"%%\w*sql", first):
                yield from (_moved(load, cell.lines) for load in in_sql("\n" + cell.text.partition("\n")[2]))
            continue
        for number, line in cell.lines:
            run = _RUN.match(line)
            if run and is_local(run[1]):
                yield Load(number, number, "%run", run[1])
        plain = [(number, _MAGIC.sub(r"\1pass #", line)) for number, line in cell.lines]
        # A cell that does not parse never ran: the rest is read without it.
        if parses("\n".join(line for _, line in plain)):
            program += plain
    yield from (_moved(load, program) for load in in_python("\n".join(line for _, line in program)))


def _moved(load: Load, lines: Sequence[notebooks.Line]) -> Load:
    return Load(lines[load.line - 1][0], lines[load.end_line - 1][0], load.how, load.path)
