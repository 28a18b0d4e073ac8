"""What hypothesis makes of policies: bytes, text, structures, and good policies gone wrong."""

import io
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.rules.given import HEADER, example

_SNIPPETS = (
    "\n", " ", "\t", ":", ": ", "- ", "[", "]", "{", "}", ",", "#", '"', "'", "|", ">", "&a ", "*a", "!!int ",
    "<<: ", "? ", "---\n", "...\n", "@", "`", "%", "\r", "\r\n", "\0", "~", "null", "0", "2026-02-30", "é", "😀",
    "\u2028", "\ufeff", "\\", "version: 1\n", "pilot:", "off", ".inf", "1e999", "\x85", "\ud800",
)  # fmt: skip

FLOW = (
    HEADER + "owners: {fix: '@a', monitor: }\ncriteria: [{id: a, op: '>', target: 1}, {id: b}]\ndecision: {go: [a]}\n"
)
"""A good policy in one-line style."""

ANCHORED = HEADER + "owners: &o\n  fix: &who '@a'\n  monitor: *who\nreviews:\n  legal: {team: *who, due: 2026-11-27}\n"
"""A good policy with anchors and aliases."""

GOOD = (example(), FLOW, ANCHORED, example().replace("\n", "\r\n"), FLOW.rstrip("\n"))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good policy after one to four slips of the hand."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        text = draw(_slip(text))
    return text


@st.composite
def _slip(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 12)))
    kind = draw(st.sampled_from(("delete", "insert", "swap", "double", "replace", "drop")))
    if kind == "delete":
        return text[:start] + text[end:]
    if kind == "insert":
        return text[:start] + draw(st.sampled_from(_SNIPPETS)) + text[start:]
    if kind == "swap":
        middle = (start + end) // 2
        return text[:start] + text[middle:end] + text[start:middle] + text[end:]
    lines = text.split("\n")
    line = text[:start].count("\n")
    if kind == "double":
        lines.insert(line, lines[line])
    elif kind == "drop":
        del lines[line]
    else:
        key, colon, _ = lines[line].partition(":")
        lines[line] = key + colon + " " + draw(st.sampled_from(_SNIPPETS))
    return "\n".join(lines)


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.dates()
    | st.text(max_size=20)
    | st.sampled_from(("pilot", "planned", "@a", "@a/b", "7d", "2026-11-02", "off", "REV001", ">=", "quality"))
)
_KEYS = st.sampled_from(
    (
        "version", "pilot", "name", "stage", "start", "owners", "fix", "criteria", "id", "op", "target", "reviews",
        "security", "due", "outcome", "rules", "waivers", "rule", "decision", "date", "go", "monitoring", "signals",
    )
) | st.text(max_size=8)  # fmt: skip
STRUCTURES: st.SearchStrategy[Any] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=15
)


def dumped(structure: object, flow: bool) -> str:
    """The structure as ruamel.yaml writes it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = flow
    stream = io.StringIO()
    yaml.dump(structure, stream)
    return stream.getvalue()
