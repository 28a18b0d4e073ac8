"""PromQL, parsed within bounds; and what a text is that does not parse."""

import re
from typing import Any

from rules.evidence.loading import Broken, Opaque
from rules.evidence.monitoring.re2_syntax import Reader, Refused, Unread
from rules.values import quote

_LONGEST = 10_000
_MOST = 200
_BUDGET = 4_000_000
_EACH = 800
_SILENT = re.compile(r"""#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`""", re.S)
# `1_000` and `0x_ff`, which Prometheus reads (its documentation of float literals) and promql-parser does not.
_SEPARATED = r"(?<![\w:.])(?:0[xX][0-9a-fA-F_]*_[0-9a-fA-F_]*|[0-9]+(?:_[0-9]+)+(?![A-DF-Za-df-z_]))"
_PIECES = re.compile(rf"{_SILENT.pattern}|{_SEPARATED}|\bholt_winters\b", re.S)
_NESTING = re.compile(r"[-+*/%^(<>!=]|\b(?:and|or|unless|atan2)\b", re.I)
_REPEATED = re.compile(r"\{(?:[0-9]+,)?([0-9]{1,5})")
_CLASS = re.compile(r"\\[wWdDsSpPbB]")

_TEMPLATE = re.compile(r"\{\{|\}\}|\$|\[\[|<%|\{%|@@|%\(")
_LOGQL = re.compile(
    r"\|[=~>]|\|\s*(?:json|logfmt|pattern|regexp|unpack|unwrap|line_format|label_format|decolorize|drop|keep)\b"
    r"|\}\s*(?:!=|!~|!>)\s*[\"`]|\b(?:bytes_rate|bytes_over_time|rate_counter)\b"
)
_METRICSQL = re.compile(
    r"\S\s+(?:default|ifnot|if)\s+\S|\bkeep_metric_names\b|\b(?:with|WITH)\s*\("
    r"|\b(?:rollup|range|running|outliers|histogram|label|increase|delta|rate|topk|bottomk|bitmap)_?\w*\s*\("
    r"|\b(?:median|any|alias|union|interpolate|keep_last_value|lag|lifetime|share|zscore|ru|ttf)\s*\("
    r"|\b\w+_over_time\s*\("
)
_NEWER = re.compile(r"[\])]\s*(?:anchored|smoothed)\b|\bfill(?:_left|_right)?\s*\(|\[[^\]]*[-+*/(][^\]]*\]")

_PATTERN = (
    "a regular expression in it is not read here: write it without `\\Q`, and with `\\` before `[` and `-` in brackets"
)


class Parser:
    """Parses expressions, as many as a second or two allow: it takes the square of an expression's length."""

    def __init__(self) -> None:
        self._left = _BUDGET
        self._known: dict[str, Any] = {}

    def parse(self, text: str) -> Any:
        """The expression as promql-parser has it.

        Raises Broken, in words that fit behind "its expression", for what Prometheus refuses; Opaque, as a sentence,
        for what can't be told: a template, another language, one that is too long.
        """
        if text not in self._known:
            self._known[text] = self._parsed(text)
        found = self._known[text]
        if isinstance(found, Broken | Opaque):
            raise found.with_traceback(None)
        return found

    def _parsed(self, text: str) -> Any:
        import promql_parser  # noqa: PLC0415 - few policies name Prometheus's files, and a parser is slow to load

        weight = len(_NESTING.findall(_SILENT.sub("", text))) if len(text) <= _LONGEST else _MOST + 1
        # The parser overflows its stack on what is nested deep, so that nobody could catch it.
        if weight > _MOST:
            return Opaque(
                f"its expression has more than {_MOST} operators: record a part of it under a name of its own"
            )
        self._left -= weight * weight + _cost(text)
        if self._left < 0:
            return Opaque("the files hold more expressions than are read: name fewer files")
        try:
            return promql_parser.parse(_plainer(text))
        except ValueError as error:
            return _unparsed(text, " ".join(str(error).split()))


def _plainer(text: str) -> str:
    """The same expression, written in what promql-parser reads."""
    return _PIECES.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    piece = found[0]
    if piece.startswith("`"):
        # No escapes between backquotes, by Prometheus's documentation of string literals; promql-parser reads some.
        inner = piece[1:-1].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{inner}"'
    if piece == "holt_winters":
        return "double_exponential_smoothing"
    return piece.replace("_", "") if piece[0].isdigit() else piece


def _cost(text: str) -> int:
    """What an expression costs beside its length, in ten-millionths of a second: it is parsed and then walked through.

    The parser builds the regular expressions in it, too.
    """
    if "~" not in text:
        return _EACH
    repeated = sum(min(int(count), 10_000) for count in _REPEATED.findall(text))
    return _EACH + 3_000 * (repeated + len(_CLASS.findall(text))) + (10 * len(text) if "__name__" in text else 0)


def _unparsed(text: str, why: str) -> Broken | Opaque:
    if _TEMPLATE.search(text):
        return Opaque("its expression is a template, and what it becomes is not known: name what it renders to")
    if _LOGQL.search(text):
        return Opaque("its expression is LogQL, which is not read here: alert on a metric that Prometheus has")
    pattern = why.removeprefix("illegal regex for ")
    if pattern != why and not _refused(pattern):
        return Opaque(_PATTERN)
    unknown = why.startswith("unknown function")
    if _NEWER.search(text) or (_METRICSQL.search(text) and (unknown or "invalid promql" in why)):
        return Opaque("its expression is of a newer PromQL or of MetricsQL, which is not read here: write it in PromQL")
    return Broken(f"is not PromQL ({quote(why)}): write one that `promtool check rules` takes")


def _refused(pattern: str) -> bool:
    """Whether Prometheus refuses a regular expression too: promql-parser reads them as another engine does."""
    try:
        Reader(pattern).read()
    except Refused:
        return True
    except Unread:
        pass
    return False
