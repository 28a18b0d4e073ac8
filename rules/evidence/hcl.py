"""Terraform's HCL text -> data, within bounds.

A body is a `Block` that knows its line; a nested block stands under its type, in a list, its labels as keys of their
own. Text that is known only once Terraform runs is a `Template`. `jsonencode(x)` is x itself.
"""

import re
from math import isfinite
from typing import Any

from rules.evidence.loading import MAX_LEVELS, Block, Broken, Opaque, number, templated
from rules.values import quote

MAX_TEXT = 128 * 1024
"""How many characters of Terraform text are read; its parser is far slower than that of YAML."""
MAX_BLANKS = 500
"""How many blanks may follow one another: in the text of a heredoc, its parser goes over each of them again."""


class Template(str):
    """Text as written, with an expression in it, `${…}`, whose value is known only once Terraform runs."""

    __slots__ = ()


def document(text: str) -> Block:
    """The body that HCL text is. Raises Broken, with the line, or Opaque for what is too large or a template."""
    if len(text) > MAX_TEXT:
        raise Opaque(f"is larger than {MAX_TEXT // 1024} KiB, more Terraform than is read: split it")
    if any(len(run.group()) > MAX_BLANKS for run in re.finditer(r"\s+", text)):
        raise Opaque(f"has more than {MAX_BLANKS} blanks in a row, which is not read: take them out")
    return _Reader(text).body(_tree(text), 1)


def _tree(text: str) -> Any:
    import hcl2  # noqa: PLC0415 - most checks name no Terraform file
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 - as above

    try:
        return hcl2.parses_to_tree(text).children[0]
    except UnexpectedInput as error:
        if templated(text):
            raise Opaque("is a template, and what it becomes is not known here: name what it renders to") from None
        raise Broken(f"is not Terraform: {_unexpected(text, error.pos_in_stream)}", _line(text, error)) from None


def _unexpected(text: str, at: int | None) -> str:
    rest = text[at:].split("\n", 1)[0].strip() if at is not None else ""
    return f"{quote(rest[:20])} makes no sense there" if rest else "something is not closed, or not complete"


def _line(text: str, error: Any) -> int | None:
    # Where the text ends too early, the parser counts from its last token.
    return error.line if isinstance(error.line, int) and error.line > 0 else text.count("\n") + 1


class _Reader:
    """Trees of the parser -> data."""

    def __init__(self, text: str) -> None:
        self.text = text

    def body(self, tree: Any, line: int, level: int = 1) -> Block:
        if level > MAX_LEVELS:
            raise Broken(f"is nested deeper than {MAX_LEVELS} levels: flatten what begins here", line)
        block = Block().begun(line)
        for one in tree.children:
            if one.data == "attribute":
                block[self._name(one.children[0])] = self.value(one.children[2], level + 1)
            elif one.data == "block":
                self._nest(block, one, level)
        return block

    def _nest(self, block: Block, tree: Any, level: int) -> None:
        kind, *labels = [
            self._name(one) for one in tree.children if getattr(one, "data", "") in ("identifier", "keyword", "string")
        ]
        inner = next(one for one in tree.children if getattr(one, "data", "") == "body")
        value: Any = self.body(inner, tree.meta.line, level + 1)
        for label in reversed(labels[:MAX_LEVELS]):
            value = Block({label: value}).begun(tree.meta.line)
        there = block.setdefault(kind, [])
        if isinstance(there, list):
            there.append(value)

    def _name(self, tree: Any) -> str:
        return self._string(tree) if tree.data == "string" else str(tree.children[0])

    def value(self, tree: Any, level: int) -> Any:
        """What an expression comes to where that can be seen; else a Template of its text."""
        if level > MAX_LEVELS:
            raise Broken(f"is nested deeper than {MAX_LEVELS} levels: flatten what begins here", tree.meta.line)
        read = getattr(self, f"_{tree.data}", None)
        found = read(tree, level) if read else None
        return self._source(tree) if found is None else found[0]

    def _source(self, tree: Any) -> Template:
        text = " ".join(self.text[tree.meta.start_pos : tree.meta.end_pos].split())
        return Template("${" + text + "}")

    # Each of these is named after what the parser calls the thing. Its value stands in a tuple; None: not to be seen.

    def _expr_term(self, tree: Any, level: int) -> Any:
        inner = [one for one in tree.children if getattr(one, "data", "new_line_or_comment") != "new_line_or_comment"]
        (first,) = inner
        if first.data == "string":
            return (self._string(first),)
        return (self.value(first, level + 1),)

    def _literal_value(self, tree: Any, _: int) -> Any:
        return ({"true": True, "false": False, "null": None}[str(tree.children[0])],)

    def _int_lit(self, tree: Any, _: int) -> Any:
        digits = str(tree.children[0])
        return (int(digits),) if len(digits) < 30 else None

    def _float_lit(self, tree: Any, _: int) -> Any:
        value = float(str(tree.children[0]))
        return (value,) if isfinite(value) else None

    def _unary_op(self, tree: Any, level: int) -> Any:
        sign, operand = tree.children
        value = number(self.value(operand, level + 1))
        return (-value,) if str(sign) == "-" and value is not None else None

    def _binary_op(self, tree: Any, level: int) -> Any:
        left, term = tree.children[:2]
        operator = str(term.children[0].children[0]).strip()
        values = number(self.value(left, level + 1)), number(self.value(term.children[-1], level + 1))
        if None in values or operator not in _ARITHMETIC:
            return None
        try:
            result = number(_ARITHMETIC[operator](*values))
        except (ZeroDivisionError, OverflowError):
            return None
        return None if result is None else (result,)

    def _tuple(self, tree: Any, level: int) -> Any:
        return ([self.value(one, level + 1) for one in tree.children if self._counts(one)],)

    def _object(self, tree: Any, level: int) -> Any:
        block = Block().begun(tree.meta.line)
        for one in filter(self._counts, tree.children):
            key, _, value = one.children
            block[self._key(key.children[0])] = self.value(value, level + 1)
        return (block,)

    def _key(self, tree: Any) -> str:
        first = tree.children[0]
        if tree.data == "expr_term" and getattr(first, "data", "") in ("string", "identifier"):
            return self._name(first)
        return str(first) if tree.data == "keyword" else self._source(tree)

    def _function_call(self, tree: Any, level: int) -> Any:
        given = [one for part in tree.children if getattr(part, "data", "") == "arguments" for one in part.children]
        values = [one for one in given if self._counts(one)]
        if str(tree.children[0].children[0]) in _TRANSPARENT and len(values) == 1:
            return (self.value(values[0], level + 1),)
        return None

    @staticmethod
    def _counts(child: Any) -> bool:
        return getattr(child, "data", "new_line_or_comment") != "new_line_or_comment"

    def _heredoc_template(self, tree: Any, _: int) -> Any:
        lines = str(tree.children[0]).rstrip().split("\n")[1:-1]
        text = "\n".join(lines)
        return (Template(text) if INTERPOLATION.search(text) else _unescaped(text),)

    def _heredoc_template_trim(self, tree: Any, _: int) -> Any:
        lines = str(tree.children[0]).rstrip().split("\n")[1:-1]
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        text = "\n".join(line[margin:] for line in lines)
        return (Template(text) if INTERPOLATION.search(text) else _unescaped(text),)

    def _string(self, tree: Any) -> str:
        text, open_ = "", False
        for part in tree.children[1:-1]:
            (inner,) = part.children
            if hasattr(inner, "data"):
                text, open_ = text + self.text[inner.meta.start_pos : inner.meta.end_pos], True
            else:
                text += _unescaped(str(inner)) if inner.type != "STRING_CHARS" else _ESCAPE.sub(_character, str(inner))
        return Template(text) if open_ else text


_TRANSPARENT = frozenset({"jsonencode", "tolist", "toset", "tomap", "sensitive", "nonsensitive"})
_ARITHMETIC: dict[str, Any] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
INTERPOLATION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


def _character(found: re.Match[str]) -> str:
    short, long, other = found.groups()
    if other:
        return _CHARACTERS.get(str(other), str(other))
    code = int(short or long, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
