"""A read by a path that is written where it is read, and which paths are those of files that lie beside the code."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Load:
    """A read: its first and last line, from 1, by what it is made, and the path."""

    line: int
    end_line: int
    how: str
    path: str


_DATA = re.compile(r"\.(?:csv|tsv|psv|xls|xlsx|xlsm|xlsb|ods|ipynb)(?:\.(?:gz|bz2|xz|zst|zip))?$", re.IGNORECASE)


def is_data(path: str) -> bool:
    """Whether a file of this name is a table of CSV or Excel, or a notebook."""
    return _DATA.search(path) is not None


def is_local(path: str) -> bool:
    """Whether this is the path of a file rather than an address, a stage, a template, or text."""
    if not path.strip() or len(path) > 1000 or re.search(r"[\n\r\0]|\{\{|\$[{(]|[<>|]", path) or path in ("-", "."):
        return False
    if re.match(r"[@$:%]|/dev/|/proc/|\\\\\?\\", path):
        return False
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", path) is None or path.startswith("file:")
