"""Anchors as GitHub makes them, and what counts as something written below a heading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.loading import Opaque
from rules.evidence.markdown import MAX_LINES, MAX_PAGE, Link, Span, page, slug

# Pairs that GitHub's own rendering of a heading was seen to give.
SEEN = [
    ("alpha", "alpha"),
    ("bravoCharlieDelta", "bravocharliedelta"),
    ("__proto__", "__proto__"),
    ("heading with a - dash", "heading-with-a---dash"),
    ("heading with an _ underscore", "heading-with-an-_-underscore"),
    ("heading with a period.txt", "heading-with-a-periodtxt"),
    ("exchange.bind_headers(exchange, routing [, bindCallback])", "exchangebind_headersexchange-routing--bindcallback"),
    ("apostrophe\u2019s should be trimmed", "apostrophes-should-be-trimmed"),
    ("I ♥ unicode", "i--unicode"),
    ("en\u2013dash", "endash"),
    ("😄 unicode emoji", "-unicode-emoji"),
    ("😄-😄 unicode emoji", "--unicode-emoji"),
    ("😄_😄 unicode emoji", "_-unicode-emoji"),
    (":smile: - a gemoji", "smile---a-gemoji"),
    (":ok_hand::hatched_chick: Two", "ok_handhatched_chick-two"),
    ("Профили пользователей", "профили-пользователей"),
    ("Привет non-latin 你好", "привет-non-latin-你好"),
    ("ẞ Ǆ İ", "ß-ǆ-i̇"),
    ("a» \u2019 ” \u203ab", "a---b"),
    ("a$ ¢ £b", "a--b"),
    ("a_ ‿ ⁀b", "a_-‿-⁀b"),
    ("Ⓔ ⓘ № ⏳", "ⓔ-ⓘ--"),
    ("🄺 🆚 🅙 🅨 🅻", "🄺--🅙-🅨-🅻"),
    ("Ⅷ ½ 5²", "ⅷ--5"),
    ("a҈ ⃝b", "a҈-⃝b"),
    ("a\u00a0b\tc", "abc"),
    ("C++ & C#: what's new?", "c--c-whats-new"),
]


@pytest.mark.parametrize(("title", "anchor"), SEEN)
def test_an_anchor_is_the_one_that_github_makes(title: str, anchor: str) -> None:
    assert slug(title) == anchor


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("# echo\n# echo\n# echo 1\n# echo-1\n# echo", ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"]),
        ("# foxtrot-1\n# foxtrot\n# foxtrot", ["foxtrot-1", "foxtrot", "foxtrot-2"]),
        ("# 😀\n# 😎", ["", "-1"]),
        ("Setext\n===\nAlso\none\n---", ["setext", "alsoone"]),
        ("## `TriageErrors` *now* [here](x.md)", ["triageerrors-now-here"]),
        ("## Title ![badge](b.svg)", ["title-"]),
        ("## Title <!-- x --> <b>bold</b>", ["title--bold"]),
        ("## Closed ##", ["closed"]),
        ("#no heading", []),
        ("    # code\n\n```\n# code\n```", []),
        ("> ## quoted\n\n- ## listed", ["quoted", "listed"]),
        ("# a &amp; b \\* c", ["a--b--c"]),
        ("<h2 align=center>A <i>b</i> &amp; c</h2>\n\n## d", ["a-b--c", "d"]),
        ("<h2>open", []),
        ("<div>\n<h1>a\n<h2>b</h2>\n</h1></div>", ["ab"]),
        ("---\ntitle: x\n---\n# a", ["a"]),
        ("---\ntitle: x\n# a", ["a"]),
        ("", []),
    ],
)
def test_headings_have_the_anchors_of_their_page(text: str, anchors: list[str]) -> None:
    found = page(text)
    assert [heading.anchor.replace("\n", "") for heading in found.headings] == anchors
    assert all(found.has(anchor) for anchor in anchors)


@pytest.mark.parametrize("anchor", ["triageerrors", "TriageErrors", "Own", "own", "bar", "\ufe0f-warn", "-warn"])
def test_an_anchor_of_a_heading_or_of_the_html_is_there(anchor: str) -> None:
    text = "## TriageErrors\n<a name='Own'></a>\n\n<div id=bar></div>\n\n# \u26a0\ufe0f Warn\n"
    assert page(text).has(anchor)


@pytest.mark.parametrize("anchor", ["triage-errors", "hidden", "name", "L12"])
def test_an_anchor_that_nothing_makes_is_not_there(anchor: str) -> None:
    assert not page("## TriageErrors\n<!-- <a name='hidden'></a> --> text name='name'\n").has(anchor)


FILLED = [
    "Call Ana.",
    "- one",
    "```\nmake rollback\n```",
    "    make rollback",
    "![the dashboard](d.png)",
    "[the dashboard](d.md)",
    "|a|b|\n|-|-|\n|c|d|",
    "<p>Call Ana.</p>",
    "### Below\n\nCall Ana.",
    "TODO: a link\n\nCall Ana.",
    "> Call Ana.",
    "TODO " + "and much more " * 20,
    "None of the queues may be drained.",
    "Not documented yet is how to drain the queue: call Ana.",
    "Nothing",
]
HOLLOW = [
    "",
    "<!-- call Ana -->",
    "<!-- call\n\nAna -->",
    "<!-- never closed",
    "TODO",
    "**TODO**: ask Ana",
    "_TBD_",
    "- [ ]\n- TBD",
    "…",
    "---",
    "N/A",
    "To be written.",
    "To be filled in later",
    "Not documented yet.",
    "Nothing here yet",
    "(under construction)",
    "Coming soon!",
    "{{ steps }}",
    "<describe the steps>",
    "[describe the steps]",
    "### Below\n\nTODO\n\n#### Deeper",
    "```\n\n```",
    "<p></p>",
    "Lorem ipsum dolor sit amet.",
]


@pytest.mark.parametrize("body", FILLED)
def test_a_section_with_something_in_it_is_not_empty(body: str) -> None:
    assert [one.empty for one in page(f"# Title\n\n## Rollback\n\n{body}\n\n## Next\n").headings[:2]] == [False, False]


@pytest.mark.parametrize("body", HOLLOW)
def test_a_section_with_nothing_or_a_promise_in_it_is_empty(body: str) -> None:
    assert page(f"# Title\n\n## Rollback\n\n{body}\n").headings[1].empty


def test_what_stands_below_the_next_heading_is_not_this_ones() -> None:
    found = page("# a\n## b\n# c\ntext\n## d\n").headings
    assert [(one.title, one.empty) for one in found] == [("a", True), ("b", True), ("c", False), ("d", True)]


def test_links_and_code_spans_stand_on_their_lines() -> None:
    text = (
        "---\na: 1\n---\n\nSee [a](x.md) and\n![b](y.png 't') or <z>\n`ops/stop.sh` now <a href='q.md'>\n"
        "\n<img src=r.png>\n"
    )
    found = page(text)
    assert found.links == (Link("x.md", 5), Link("y.png", 6), Link("q.md", 7), Link("r.png", 9))
    assert found.spans == (Span("ops/stop.sh", 7, " ", " now "),)
    assert page("`a`").spans == (Span("a", 1, "", ""),)
    assert page("a  \n`b`").spans[0].line == 2


def test_a_page_that_is_too_long_is_not_read() -> None:
    with pytest.raises(Opaque, match="longer than 128 KiB"):
        page("a" * (MAX_PAGE + 1))


@pytest.mark.parametrize("text", ["\n", "["])
def test_a_page_of_countless_lines_or_brackets_is_not_read(text: str) -> None:
    assert page(text * MAX_LINES).headings == ()
    with pytest.raises(Opaque, match="has more than 10000 lines or brackets, more than are read: split it"):
        page(text * (MAX_LINES + 1))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["# ", "a", "\n", "`", "[", "](", ")", "<a ", "name=", "<!--", "-->", "---\n", "|", "é", "<h2>", "</h2>"]
        )
    )
)
def test_any_text_is_read_to_headings_in_their_order(parts: list[str]) -> None:
    text = "".join(parts)
    found = page(text)
    lines = [one.line for one in found.headings]
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
    assert len({one.anchor for one in found.headings}) == len(lines)
