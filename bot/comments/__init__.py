"""What people write in comments: the lines that are commands, and the days that words mean. Nothing is done here."""

from collections.abc import Iterator, Sequence
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

WORD = "/pilot"
_WORD = "/Pilot"
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def commands(body: str) -> list[str]:
    """What stands behind `/pilot` on each line of a comment that begins with it, in order.

    Lines of code, quotes, lists, tables, headings and HTML are none, nor are links. Never raises.
    """
    if WORD not in body.lower():
        return []
    # Telephones begin a line with a capital.
    return [line[len(WORD) :].strip() for line in _lines(body) if line.split(None, 1)[:1] in ([WORD], [_WORD])]


def _lines(body: str) -> Iterator[str]:
    tags, above = _Tags(), ""
    for token in _markdown().parse(body):
        if token.type == "html_block":
            tags.feed(token.content)
        elif token.type == "inline":
            # The text of a paragraph that is in nothing else.
            yield from _of(token.children or (), tags, token.level == 1 and above == "paragraph_open")
        above = token.type


def _of(parts: Sequence[Token], tags: "_Tags", plain: bool) -> Iterator[str]:
    """The lines of a paragraph: of each its text, or nothing where something else than text begins it."""
    line, first, free = "", True, not tags.open
    for part in (*parts, Token("softbreak", "", 0)):
        if part.type in ("softbreak", "hardbreak"):
            if plain and free:
                yield line
            line, first, free = "", True, not tags.open
            continue
        if part.type == "html_inline":
            tags.feed(part.content)
        free = free and not (first and part.type != "text")
        line, first = line + part.content, False


class _Tags(HTMLParser):
    """Which tags are open: what they hold is HTML as well."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base's
        """One that has an end is open from here on."""
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """`<a/>` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        """It ends, and whatever is open within it."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass


@cache
def _markdown() -> MarkdownIt:
    # Emphasis is left as it is written, since paths and reasons have underscores and stars.
    made = MarkdownIt("commonmark").enable("table").disable(["emphasis", "text_join"])
    assert made.options["html"]
    return made
