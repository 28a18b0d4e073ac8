"""Markdown as GitHub shows it: headings with their anchors, what stands below them, links and code spans.

The anchors are those that GitHub gives to headings, and those that the page's own HTML sets. GitHub documents the
common case ("Section links" in its guide to formatting); the rest is what its pages are seen to do.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from rules.evidence.loading import Opaque

MAX_PAGE = 128 * 1024
"""How many characters of Markdown are read; what is longer is not looked at."""
MAX_LINES = 10_000
"""How many lines are read, and how many brackets: each of them takes long."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its level, 1 to 6. `empty`: nothing stands below it, or only what says that something will."""

    title: str
    level: int
    line: int
    anchor: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image: where it leads, as it is written."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Span:
    """A `code span`, with the words next to it on either side."""

    text: str
    line: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of Markdown, in its order."""

    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    spans: tuple[Span, ...] = ()
    anchors: frozenset[str] = frozenset()
    """Where an address may lead on it, as `has` compares them."""

    def has(self, anchor: str) -> bool:
        """Whether an address with this anchor leads somewhere on the page; GitHub takes capitals for small letters."""
        return folded(anchor) in self.anchors


def page(text: str) -> Page:
    """The page that the text is; Opaque where it is too long to be read."""
    if len(text) > MAX_PAGE:
        raise Opaque(f"is longer than {MAX_PAGE // 1024} KiB, more Markdown than is read: split it")
    if text.count("\n") > MAX_LINES or text.count("[") > MAX_LINES:
        raise Opaque(f"has more than {MAX_LINES} lines or brackets, more than are read: split it")
    return _Reader().read(_parser().parse(_without_front_matter(text)))


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to load, and most runs look at no runbook

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def slug(title: str) -> str:
    """The anchor that GitHub makes of a heading's text, before it tells equal ones apart.

    Small letters; a hyphen for each space; of the rest only letters, marks, digits, `_` and `-` stay.
    """
    return "".join(character for character in title.lower() if _stays(character)).replace(" ", "-")


def _stays(character: str) -> bool:
    if character in "- ":
        return True
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc") or _letter_in_a_circle(character)


def _letter_in_a_circle(character: str) -> bool:
    """Whether this is one of the symbols that Unicode counts as alphabetic."""
    return "\u24b6" <= character <= "\u24e9" or any(
        first <= character <= last
        for first, last in (
            ("\U0001f130", "\U0001f149"),
            ("\U0001f150", "\U0001f169"),
            ("\U0001f170", "\U0001f189"),
        )
    )


def folded(anchor: str) -> str:
    """An anchor as addresses are compared with it."""
    # The sign that makes an emoji of the one before it stays in the anchor, but not in what people copy.
    return anchor.lower().replace("\ufe0f", "")


def _without_front_matter(text: str) -> str:
    """The text with blank lines in the place of the YAML that may stand before it."""
    found = re.match(r"---[ \t]*\n", text)
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(text, found.end()) if found else None
    return "\n" * text.count("\n", 0, end.end()) + text[end.end() :] if end else text


class _Reader:
    """What has been read of a page so far."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int, int, str]] = []
        self.filled: list[bool] = []
        self.open: list[int] = []
        self.links: list[Link] = []
        self.spans: list[Span] = []
        self.named: set[str] = set()
        self.taken: dict[str, int] = {}

    def read(self, tokens: Sequence[Any]) -> Page:
        level = 0
        for token in tokens:
            line = token.map[0] + 1 if token.map else 1
            if token.type == "heading_open":
                level = int(token.tag[1:])
            elif token.type == "inline":
                self._mentions(token.children or (), line)
                if level:
                    self._heading(_text(token.children or (), " "), _text(token.children or (), ""), level, line)
                    level = 0
                else:
                    self._block(_text(token.children or (), " "))
            elif token.type == "html_block":
                self._html(token.content, line)
            elif token.type in ("fence", "code_block"):
                self._block(token.content)
        headings = tuple(
            Heading(title, level, line, anchor, not filled)
            for (title, level, line, anchor), filled in zip(self.found, self.filled, strict=True)
        )
        anchors = frozenset(map(folded, (*self.named, *self.taken)))
        return Page(headings, tuple(self.links), tuple(self.spans), anchors)

    def _heading(self, title: str, text: str, level: int, line: int) -> None:
        """Takes note of a heading: as people read it, and as its anchor is made of it."""
        while self.open and self.found[self.open[-1]][1] >= level:
            self.open.pop()
        self.open.append(len(self.found))
        self.found.append((title.strip(), level, line, self._anchor(text)))
        self.filled.append(False)

    def _anchor(self, title: str) -> str:
        plain = anchor = slug(title)
        while anchor in self.taken:
            self.taken[plain] += 1
            anchor = f"{plain}-{self.taken[plain]}"
        self.taken[anchor] = 0
        return anchor

    def _block(self, text: str) -> None:
        """Takes note of what stands below the headings that are open."""
        if not _placeholder(text):
            # Once a heading is filled, so are those around it.
            for place in reversed(self.open):
                if self.filled[place]:
                    break
                self.filled[place] = True

    def _html(self, html: str, line: int) -> None:
        html = _uncommented(html)
        self._names(html)
        self.links += (Link(_value(one), line) for one in _LEADING.finditer(html))
        at = 0
        open_for_ever = set()
        for opening in _OPENING.finditer(html):
            if opening.start() < at or opening[1] in open_for_ever:
                continue
            end = html.find(f"</h{opening[1]}", opening.end())
            if end < 0:
                open_for_ever.add(opening[1])
                continue
            self._block(_untagged(html[at : opening.start()]))
            title = _untagged(html[opening.end() : end])
            self._heading(title, title, int(opening[1]), line)
            at = end
        self._block(_untagged(html[at:]))

    def _names(self, html: str) -> None:
        for tag in _TAG.finditer(html):
            self.named.update(_value(one) for one in _NAMING.finditer(tag[0]))

    def _mentions(self, children: Sequence[Any], line: int) -> None:
        for number, child in enumerate(children):
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open":
                self.links.append(Link(str(child.attrs["href"]), line))
            elif child.type == "image":
                self.links.append(Link(str(child.attrs["src"]), line))
            elif child.type == "html_inline":
                self._names(child.content)
                self.links += (Link(_value(one), line) for one in _LEADING.finditer(child.content))
            elif child.type == "code_inline":
                before = _text(children[max(0, number - 2) : number], " ")[-20:]
                after = _text(children[number + 1 : number + 3], " ")[:20]
                self.spans.append(Span(child.content.strip(), line, before, after))


_TAG = re.compile(r"<[A-Za-z][^<>]*")
_OPENING = re.compile(r"<h([1-6])\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = r"""\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'=<>`]+))"""
_NAMING = re.compile(r"\s(?:id|name)" + _ATTRIBUTE, re.IGNORECASE)
_LEADING = re.compile(r"\s(?:href|src)" + _ATTRIBUTE, re.IGNORECASE)


def _value(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""


def _untagged(html: str) -> str:
    return unescape(re.sub(r"<[^<>]*>", "", html))


def _uncommented(html: str) -> str:
    kept = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start)
        at = end + 3 if end >= 0 else len(html)
    return "".join([*kept, html[at:]])


def _text(children: Sequence[Any], gap: str) -> str:
    """What a reader sees of a line of Markdown; without a `gap` between lines, the text of which an anchor is made."""
    shown = {"softbreak": gap, "hardbreak": gap, "image": gap and "an image"}
    return "".join(
        shown.get(child.type, child.content if child.type in ("text", "code_inline") else "") for child in children
    )


def _placeholder(text: str) -> bool:
    """Whether this is nothing, or only says that something will be written: `TBD`, `TODO: ask Ana`, `…`."""
    text = text.strip()
    return len(text) <= 200 and _LATER.fullmatch(text) is not None


_LATER = re.compile(
    r"""[\W_]*
    | \W*(?:todo|tbd|tba|tbc|fixme|xxx|wip)\b.*
    | [\W_]*(?: n/?a | none | nothing(?:\ here)?\ yet | not\ (?:yet\ )?(?:written|documented)(?:\ yet)? | placeholder
        | coming\ soon | work\ in\ progress | under\ construction
        | to\ (?:be|come)(?:\ (?:done|written|defined|added|completed|determined|decided|documented|confirmed
            |filled(?:\ in)?|specified|provided|announced))?(?:\ (?:later|soon))?
        | fill\ (?:this\ |me\ )?in | lorem\ ipsum.* | write\ me | insert\ .{1,40}\ here )[\W_]*
    | \{\{.*\}\} | \[[^\[\]]*\] | <[^<>]*>""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
