"""The GraphQL documents, one to a file."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_MARK = re.compile(r"\$?\b([a-z]+)0\b")


@cache
def document(name: str) -> str:
    """The document in `NAME.graphql`."""
    return (files(__name__) / f"{name}.graphql").read_text(encoding="utf-8")


def repeated(name: str, times: Mapping[str, int]) -> str:
    """The document with its lines marked `# repeated` so many times: as often as `times` says of the first name in the
    line that ends in 0, which is counted up, as is each other such name."""
    return "\n".join(row for line in document(name).splitlines() for row in _rows(line, times))


def _rows(line: str, times: Mapping[str, int]) -> Iterator[str]:
    text, repeat, _ = line.partition(" # repeated")
    marks = _MARK.findall(text) if repeat else []
    for number in range(times.get(marks[0], 0)) if marks else ():
        yield _MARK.sub(lambda found, number=number: f"{found[0][:-1]}{number}", text)  # type: ignore[misc]
    if not repeat:
        yield line
