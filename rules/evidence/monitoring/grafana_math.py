"""Grafana's math expressions, `$A > 0.9 && $B < 5` ("Math" under "Expression queries" in its documentation)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from rules.evidence.monitoring.promql_values import ANY, MIRRORED, NEGATED, Value, combined, exactly
from rules.evidence.spans import Op

MAX_LENGTH = 5_000
MAX_LEVELS = 50


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: a number, a `$ref`, a function or an operator with its parts."""

    what: str
    value: float | None = None
    name: str = ""
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, as if its number stood on the right; None where it has none. `refs` are all that it speaks of."""

    side: Node
    op: Op
    number: float | None
    refs: frozenset[str]


class NoMath(Exception):
    """Why a text is no expression, in words that fit behind it."""


_TOKEN = re.compile(
    r"\s*(?:(\d{1,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,2})?|\.\d{1,30})|\$(\w{1,100})|\$\{([^{}]{1,100})\}"
    r"|([a-z_]{1,30})(?=\s{0,20}\()|(\*\*|&&|\|\||==|!=|>=|<=|[-+*/%><!(),]))",
    re.ASCII,
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("==", "!=", ">", ">=", "<", "<="),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)
_OPS: dict[str, Op] = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "==", "!=": "!="}
_TESTS = frozenset({"is_null", "is_nan", "is_inf", "is_number"})


def parsed(text: str) -> Node:
    """The expression that a text is; raises NoMath."""
    if len(text) > MAX_LENGTH:
        raise NoMath("is too long to be read")
    parser = _Parser(text)
    node = parser.binary(0, 1)
    if parser.at < len(parser.tokens):
        raise NoMath(f"makes no sense from `{parser.tokens[parser.at][1]}` on")
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise NoMath("has a character in it that means nothing")
            number, ref, spelt, function, operator = match.groups()
            kind = "number" if number else "ref" if ref or spelt else "function" if function else "operator"
            self.tokens.append((kind, number or ref or spelt or function or operator))
            position = match.end()

    def taken(self, *texts: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at] in [("operator", text) for text in texts]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def binary(self, rank: int, level: int) -> Node:
        if level > MAX_LEVELS:
            raise NoMath("is nested too deep to be read")
        if rank == len(_LEVELS):
            return self.factor(level)
        node, chained = self.binary(rank + 1, level), 0
        while operator := self.taken(*_LEVELS[rank]):
            chained += 1
            if chained > MAX_LEVELS:
                raise NoMath("is nested too deep to be read")
            node = Node("operator", name=operator, parts=(node, self.binary(rank + 1, level)))
        return node

    def factor(self, level: int) -> Node:
        if sign := self.taken("-", "!"):
            if level > MAX_LEVELS:
                raise NoMath("is nested too deep to be read")
            return Node("operator", name=sign, parts=(self.factor(level + 1),))
        if self.taken("("):
            node = self.binary(0, level + 1)
            self.closed()
            return node
        if self.at == len(self.tokens) or self.tokens[self.at][0] == "operator":
            raise NoMath("is not complete")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Node(kind, value=float(text))
        return Node(kind, name=text) if kind == "ref" else self.function(text, level)

    def function(self, name: str, level: int) -> Node:
        self.taken("(")
        parts: list[Node] = []
        while not self.taken(")"):
            if parts and not self.taken(","):
                raise NoMath("is not complete")
            parts.append(self.binary(0, level + 1))
        return Node("function", name=name, parts=tuple(parts))

    def closed(self) -> None:
        if not self.taken(")"):
            raise NoMath("has a bracket that is not closed")


def refs(node: Node) -> frozenset[str]:
    """Every query that an expression speaks of."""
    inner = frozenset[str]().union(*(refs(part) for part in node.parts))
    return inner | {node.name} if node.what == "ref" else inner


def constant(node: Node) -> float | None:
    """The number that an expression always comes to; None where that depends on a query, or can't be told."""
    if node.what == "number":
        return node.value
    if node.what != "operator":
        return None
    values = [constant(part) for part in node.parts]
    if node.name in ("||", "&&"):
        decisive = node.name == "||"
        if any(value is not None and bool(value) is decisive for value in values):
            return float(decisive)
    if None in values:
        return None
    try:
        return float(_worked(node.name, *[value for value in values if value is not None]))
    except (ArithmeticError, TypeError):
        return None


def _worked(name: str, first: float, second: float | None = None) -> float:
    if second is None:
        return -first if name == "-" else float(not first)
    results: dict[str, Callable[[], Any]] = {
        "||": lambda: float(bool(first or second)),
        "&&": lambda: float(bool(first and second)),
        "==": lambda: float(first == second),
        "!=": lambda: float(first != second),
        ">": lambda: float(first > second),
        ">=": lambda: float(first >= second),
        "<": lambda: float(first < second),
        "<=": lambda: float(first <= second),
        "+": lambda: first + second,
        "-": lambda: first - second,
        "*": lambda: first * second,
        "/": lambda: first / second,
        "%": lambda: first % second,
        "**": lambda: first**second,
    }
    return cast("float", results[name]())


def comparisons(node: Node, denied: bool = False) -> Iterator[Compared]:
    """Each comparison in an expression, those that are denied turned round."""
    if node.what == "operator" and node.name in _OPS:
        inner = [one for part in node.parts for one in comparisons(part, denied)]
        yield from inner or [_compared(node, denied)]
        return
    for part in node.parts:
        yield from comparisons(part, denied != (node.name == "!"))


def _compared(node: Node, denied: bool) -> Compared:
    left, right = node.parts
    op: Op = _OPS[node.name]
    if constant(left) is not None:
        left, right, op = right, left, MIRRORED[op]
    return Compared(left, NEGATED[op] if denied else op, constant(right), refs(node))


def value(node: Node, known: Mapping[str, Value]) -> Value:
    """What is known of an expression's numbers from those of the queries that it speaks of."""
    fixed = constant(node)
    if fixed is not None:
        return exactly(fixed)
    if node.what == "ref":
        return known.get(node.name, ANY)
    if node.what == "function" or len(node.parts) < 2 or node.name not in _ARITHMETIC:
        return ANY
    left, right = (value(part, known) for part in node.parts)
    result = combined(_ARITHMETIC[node.name], left, right)
    both = left.constant is None and right.constant is None
    return replace(result, blended=True) if both and node.name in ("+", "-") else result


_ARITHMETIC = {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "**": "^"}


def tests(node: Node) -> bool:
    """Whether an expression tests what there is at all, as `is_null($A)` does."""
    return (node.what == "function" and node.name in _TESTS) or any(tests(part) for part in node.parts)
