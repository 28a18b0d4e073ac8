"""The files that SQL reads, in each of its dialects.

COPY (PostgreSQL), LOAD DATA (MySQL, Hive), BULK INSERT and OPENROWSET (SQL Server), `read_csv` and `FROM 'x.csv'`
(DuckDB), `\\copy` (psql) and `.import` (SQLite).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rules.evidence.manual_loads.literal import Load, is_data, is_local

_PIECE = (
    r"(?P<skip>\s+|--[^\n]*|/\*.*?(?:\*/|\Z)|#[^\n]*)"
    r"|(?P<string>[eEnN]?'(?:[^'\\]|''|\\.)*+'?)"
    r"|(?P<name>\"[^\"]*\"?|`[^`]*`?|\[[^\]\n]*\])"
    r"|(?P<body>\$\w*\$)"
    r"|(?P<command>\\copy\b[^\n]*|(?<![^\n])\.import\b[^\n]*)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<mark>\(+|;+|:)"
    r"|(?P<other>[^\w\s;(:'\"`\[$\\/#.-]+|.)"
)


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(_PIECE, re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int

    def says(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


def in_sql(text: str) -> Iterator[Load]:
    """Every read of a local file, in order. Comments are none. Never raises."""
    statement: list[_Token] = []
    for token in _tokens(text):
        if token.kind == "command":
            yield from _command(token)
        elif token.kind == "mark" and token.text[0] == ";":
            yield from _reads(statement)
            statement = []
        else:
            statement.append(token)
    yield from _reads(statement)


def _tokens(text: str) -> Iterator[_Token]:
    line, done = 1, 0
    for match in _piece().finditer(text):
        if match.lastgroup == "skip":
            continue
        line, done = line + text.count("\n", done, match.start()), match.start()
        yield _Token(str(match.lastgroup), match[0], line)


def _command(token: _Token) -> Iterator[Load]:
    form = r"\\copy\b.*?\bfrom\s+(?!stdin\b|pstdin\b|program\b)('[^']+'|\S+)"
    if token.text.startswith("."):
        form = r"\.import\s+(?:--?\w+(?:\s+[,|0-9]\S*)?\s+)*(\"[^\"]+\"|'[^']+'|[^\s|-]\S*)"
    found = re.match(form, token.text[:2000], re.IGNORECASE)
    path = found[1].strip("'\"") if found else ""
    if is_local(path):
        yield Load(token.line, token.line, token.text.split()[0], path)


def _reads(statement: Sequence[_Token]) -> Iterator[Load]:
    begun = _Begun()
    for at, token in enumerate(statement):
        before = statement[at - 1] if at else None
        begun.take(token, before)
        how = begun.reads(token, statement[max(0, at - 2) : at])
        path = _text(token)
        if how and is_local(path):
            first = min(begun.line or token.line, token.line) if how in _STATEMENTS else token.line
            yield Load(first, token.line, how, path)


_STATEMENTS = ("COPY", "LOAD DATA", "BULK INSERT")


@dataclass(slots=True)
class _Begun:
    """Which of the statements that read a file is open, and on which line it began."""

    how: str = ""
    line: int = 0

    def take(self, token: _Token, before: _Token | None) -> None:
        """Follow one token."""
        if token.says("COPY"):
            self.how, self.line = "COPY", token.line
        elif token.says("DATA") and before is not None and before.says("LOAD"):
            self.how, self.line = "LOAD DATA", before.line
        elif token.says("INSERT") and before is not None and before.says("BULK"):
            self.how, self.line = "BULK INSERT", before.line

    def reads(self, token: _Token, before: Sequence[_Token]) -> str:
        """By what a string that stands behind these two is read; empty where it is not."""
        if token.kind != "string" or not before:
            return ""
        last, path = before[-1], _text(token)
        if last.says("FROM") and self.how in ("COPY", "BULK INSERT"):
            return self.how
        if last.says("INFILE") or (last.says("INPATH") and before[0].says("LOCAL")):
            return "LOAD DATA"
        if last.says("BULK"):
            return "OPENROWSET"
        if last.text[0] == "(" and before[0].says("READ_CSV", "READ_CSV_AUTO", "READ_XLSX"):
            return before[0].text
        return "FROM" if last.says("FROM", "JOIN") and is_data(path) else ""


def _text(token: _Token) -> str:
    return token.text.lstrip("eEnN").strip("'").replace("''", "'") if token.kind == "string" else ""
