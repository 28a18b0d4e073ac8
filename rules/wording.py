"""What a wrong value is called to the person who wrote it: pydantic's errors in the words of a policy."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice
from math import isfinite
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rules.nodes import MappingNode, ScalarNode
from rules.places import Edit, Problem
from rules.resolve import resolve
from rules.shape import fields_at, inside
from rules.source import Source
from rules.values import Path, Text, quote

_GUESSES = 50
_KNOWN = 200


def nearest(word: object, known: Collection[str]) -> str | None:
    """The known word that a misspelt one most likely means, of the first 200; None where none is near."""
    folded = {name.lower(): name for name in islice(known, _KNOWN)}
    close = get_close_matches(str(word)[:100].lower().replace("-", "_"), folded, 1) or get_close_matches(
        str(word)[:100].lower(), folded, 1
    )
    return folded[close[0]] if close else None


class Guesses:
    """`nearest` for the first words of many: guessing what each of thousands means would take minutes."""

    def __init__(self) -> None:
        self._left = _GUESSES

    def __call__(self, word: object, known: Collection[str]) -> str | None:
        self._left -= 1
        return nearest(word, known) if self._left >= 0 else None


def problems(
    error: ValidationError, source: Source, model: type[BaseModel], codes: Collection[str]
) -> Iterator[Problem]:
    """Every error of the model as a problem at its place."""
    speaker = _Speaker(source, model, codes)
    for details in error.errors(include_url=False):
        yield speaker.problem(details)


def run_together(source: Source, model: type[BaseModel]) -> Problem | None:
    """The problem of a file whose only key ran together with its value, as in `version:1`; None for any other."""
    return _Speaker(source, model, ()).run_together(())


class _Speaker:
    def __init__(self, source: Source, model: type[BaseModel], codes: Collection[str]) -> None:
        self.source, self.model, self.codes, self.guess = source, model, codes, Guesses()

    def problem(self, details: ErrorDetails) -> Problem:
        path = details["loc"]
        if path[-1:] == ("[key]",) and details["type"] in ("unknown_code", "refused"):
            return self._bad_key(path[:-1], details)
        speak = getattr(self, "_" + details["type"], None)
        if speak is not None:
            problem: Problem = speak(path, details)
            return problem
        return self._at_value(path, details["msg"].lower())

    def _at_value(self, path: Path, message: str, fix: str | None = None) -> Problem:
        place = self.source.place_of_value(path)
        node, _ = self.source.find(path)
        edit = None
        if fix is not None and isinstance(node, ScalarNode) and not node.anchored and node.end > node.start:
            edit = self.source.text.splice(node.start, node.end, fix)
        return Problem(place, f"{self._name(path)}: {message}", path, edit)

    def _name(self, path: Path) -> str:
        named = [step for step in path if isinstance(step, str)]
        return quote(named[-1]) if named else "the file"

    def _source(self, path: Path) -> str:
        node, _ = self.source.find(path)
        return self.source.text.text[node.start : node.end] if node else ""

    def _rename(self, path: Path, name: str) -> Edit | None:
        _, key = self.source.find(path)
        taken, _ = self.source.find((*path[:-1], name))
        if key is None or key.anchored or taken is not None:
            return None
        return self.source.text.splice(key.start, key.end, name)

    def _bad_key(self, path: Path, details: ErrorDetails) -> Problem:
        place = self.source.place(path)
        if details["type"] != "unknown_code":
            return Problem(place, str(details["ctx"]["message"]), path)
        better = self.guess(path[-1], [code for code in self.codes if not code.startswith("POL")])
        message = f"{quote(path[-1])} is no rule's code" + (
            f": did you mean {quote(better)}?" if better else _SEE_RULES
        )
        return Problem(place, message, path, self._rename(path, better) if better else None)

    def _unknown_code(self, path: Path, details: ErrorDetails) -> Problem:
        better = self.guess(details["input"], self.codes)
        message = "no rule has this code" + (f": did you mean {quote(better)}?" if better else _SEE_RULES)
        return self._at_value(path, message, better)

    def _missing(self, path: Path, details: ErrorDetails) -> Problem:
        field = fields_at(self.model, path[:-1])[str(path[-1])]
        examples = field.examples or []
        write = f": write `{path[-1]}: {examples[0]}`" if examples else f": write `{path[-1]}:` and what belongs to it"
        edit = self._version() if path == ("version",) else None
        return Problem(self.source.place(path), f"{quote(path[-1])} is missing{write}", path, edit)

    def _version(self) -> Edit | None:
        """The edit that puts the version above everything else."""
        root = self.source.root
        if not isinstance(root, MappingNode) or root.flow or root.anchored or self._source(()).startswith("!"):
            return None
        indent = " " * (self.source.text.position(root.start)[1] - 1)
        return self.source.text.splice(root.start, root.start, f"version: 1{self.source.text.newline}{indent}")

    def _extra_forbidden(self, path: Path, details: ErrorDetails) -> Problem:
        known = list(fields_at(self.model, path[:-1]))
        mended = self._spaced_key(path, known)
        if mended is not None:
            return mended
        # `true` and `1` are no misspelt words.
        better = self.guess(path[-1], known) if isinstance(resolve(str(path[-1])), str) else None
        hint = f"did you mean {quote(better)}?" if better else "known here are " + ", ".join(known)
        edit = self._rename(path, better) if better else None
        return Problem(self.source.place(path), f"{quote(path[-1])} is not a key here: {hint}", path, edit)

    def _spaced_key(self, path: Path, known: Collection[str]) -> Problem | None:
        """The problem of a key that ran together with its value, as in `{fix:"@lee"}`; None for any other."""
        node, key = self.source.find(path)
        text = self.source.text.text
        mended = _spaced(text[key.start : key.end], known) if key else None
        # A value of its own fits behind the mended one only where that has just begun, as in `pilot:{name: triage}`.
        if not (key and node and mended and (node.start == node.end == key.end or re.search(r": [\[{]", mended))):
            return None
        message = f"{_SPACE_MISSING} {quote(mended + text[key.end : node.end])}"
        edit = self.source.text.splice(key.start, key.end, mended)
        return Problem(self.source.place(path), message, path, edit)

    def run_together(self, path: Path) -> Problem | None:
        """The problem of keys that ran together with their values and so are text; None for any other."""
        node, _ = self.source.find(path)
        line, column = self.source.text.position(node.start if node else 0)
        mended = _spaced(self._source(path), list(fields_at(self.model, path)))
        if mended is None or self.source.text.lines(line, line)[: column - 1].strip(" -"):
            return None
        return self._at_value(path, f"{_SPACE_MISSING} {quote(mended.splitlines()[0])}", mended)

    def _literal_error(self, path: Path, details: ErrorDetails) -> Problem:
        known = re.findall(r"'([^']*)'", str(details["ctx"]["expected"]))
        if ">" in known and self._source(path).startswith(">"):
            return self._folded(path, details)
        word = details["input"]
        meant = _MEANT.get(word) if isinstance(word, str) else None
        better = meant if meant in known else self.guess(word, known) if isinstance(word, str) else None
        shown = quote(self._source(path).strip("'\"") or details["input"])
        hint = (
            f"did you mean {quote(better)}? (one of {_listed(known)})" if better else f"write one of {_listed(known)}"
        )
        fix = f'"{better}"' if better and not better[0].isalpha() else better
        return self._at_value(path, f"{shown} is not known here: {hint}", fix)

    def _folded(self, path: Path, details: ErrorDetails) -> Problem:
        """The problem of `op: >`, which YAML takes for the head of a text that stands on the lines below."""
        problem = self._at_value(path, '`>` begins a text of several lines in YAML: write it in quotes, as in ">"')
        node, _ = self.source.find(path)
        if node is None or details["input"] or not re.match(r">\s*(?:#|$)", self._source(path)):
            return problem
        return replace(problem, edit=self.source.text.splice(node.start, node.start + 1, '">"'))

    def _string_type(self, path: Path, details: ErrorDetails) -> Problem:
        value = details["input"]
        if isinstance(value, dict | tuple) or value is None:
            return self._at_value(path, f"text belongs here, not {_kind(value)}")
        refusal = self._refusal(path)
        hint, fix = (refusal, None) if refusal else ("put it in quotes", f'"{self._source(path)}"')
        return self._at_value(path, f"text belongs here, not {_kind(value)}: {hint}", fix)

    def _refusal(self, path: Path) -> str | None:
        """Why what stands at a path would not do in quotes either, as `1` is no person; None where it would."""
        while not isinstance(path[-1], str):
            path = path[:-1]
        field = fields_at(self.model, path[:-1]).get(path[-1])
        kind = inside(field.annotation) if field else None
        if not (isinstance(kind, type) and issubclass(kind, Text)):
            return None
        try:
            kind.read(self._source(path))
        except PydanticCustomError as error:
            return str((error.context or {})["message"])
        return None

    def _number(self, path: Path, details: ErrorDetails, wanted: str, kinds: tuple[type, ...]) -> Problem:
        value = details["input"]
        number = resolve(value) if isinstance(value, str) else None
        plain = isinstance(number, int | float) and type(number) in kinds and isfinite(number)
        hint = ": write it without quotes" if plain else ""
        return self._at_value(path, f"{wanted} belongs here, not {_kind(value)}{hint}", str(value) if plain else None)

    def _float_type(self, path: Path, details: ErrorDetails) -> Problem:
        return self._number(path, details, "a number", (int, float))

    def _int_type(self, path: Path, details: ErrorDetails) -> Problem:
        if isinstance(details["input"], float):
            return self._at_value(path, "a whole number belongs here, not a fraction")
        return self._number(path, details, "a whole number", (int,))

    def _model_type(self, path: Path, details: ErrorDetails) -> Problem:
        problem = self.run_together(path)
        if problem is not None:
            return problem
        known = list(fields_at(self.model, path))
        message = f"keys belong here ({', '.join(known)}), not {_kind(details['input'])}"
        return self._at_value(path, message)

    def _dict_type(self, path: Path, details: ErrorDetails) -> Problem:
        return self._at_value(path, f"names with values belong here, not {_kind(details['input'])}")

    def _tuple_type(self, path: Path, details: ErrorDetails) -> Problem:
        value = details["input"]
        fix = f"[{self._source(path)}]" if isinstance(value, str) and _LISTABLE.fullmatch(self._source(path)) else None
        return self._at_value(path, f"a list belongs here, not {_kind(value)}", fix)

    def _greater_than_equal(self, path: Path, details: ErrorDetails) -> Problem:
        return self._at_value(path, f"at least {details['ctx']['ge']}")

    def _less_than_equal(self, path: Path, details: ErrorDetails) -> Problem:
        return self._at_value(path, f"at most {details['ctx']['le']}")

    def _refused(self, path: Path, details: ErrorDetails) -> Problem:
        context = details["ctx"]
        return self._at_value(path, str(context["message"]), context["fix"])


# What means in brackets what it means without: a text in quotes, or plain words with commas between them.
_PLAIN = r"[\w./][^,:\n\[\]{}]*"
_LISTABLE = re.compile(rf"""'[^'\n]*'|"[^"\\\n]*"|{_PLAIN}(?:, *{_PLAIN})*""")
# Signs that people write for others.
_MEANT = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<="}
_SPACE_MISSING = "a space is missing after the colon: write"
_SEE_RULES = ": `pilotgate rules` lists them"


def _spaced(written: str, known: Collection[str]) -> str | None:
    """The text with the spaces that it lacks, if it begins with a known key that lacks one."""
    from rules.slips import spaced  # noqa: PLC0415 - most policies have none

    return spaced(written) if written.partition(":")[0] in known else None


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    kinds: tuple[tuple[Any, str], ...] = (
        (str, "text"),
        (int | float, "a number"),
        (dict, "keys with values"),
        (tuple, "a list"),
    )
    return next(name for kind, name in kinds if isinstance(value, kind))
