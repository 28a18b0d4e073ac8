"""The GraphQL documents, one to a file."""

from functools import cache
from importlib.resources import files


@cache
def document(name: str) -> str:
    """The document in `NAME.graphql`."""
    return (files(__name__) / f"{name}.graphql").read_text(encoding="utf-8")


@cache
def repeated(name: str, mark: str, times: int) -> str:
    """The document with its lines marked `# repeated` so many times, the `0` that follows `mark` counted up."""
    lines = []
    for line in document(name).splitlines():
        text, repeat, _ = line.partition(" # repeated")
        lines += [text.replace(f"{mark}0", f"{mark}{number}") for number in range(times)] if repeat else [line]
    return "\n".join(lines)
