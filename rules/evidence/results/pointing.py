"""Where a value stands in a file of results, and what kind of value it must be: JSON Pointers (RFC 6901) and names."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from rules.evidence.hashes import Hash, hashed, unfit
from rules.evidence.loading import number
from rules.values import quote

NUMBER = "write the pointer of a number that stands in it"
_SHOWN = 5
_MOST_SLICES = 1000


class Unfound(Exception):
    """What is not in a file where something points: in words that fit behind its name, and what to write.

    `word` is the name that was not found among those `known`; `build` makes a pointer of one of them.
    """

    def __init__(
        self,
        message: str,
        remedy: str = NUMBER,
        word: str = "",
        known: Collection[str] = (),
        build: Callable[[str], str] = str,
    ) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy
        self.word, self.known, self.build = word, known, build


def resolved(data: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer; Unfound where nothing does. The empty pointer is the whole."""
    if pointer and not pointer.startswith("/"):
        message = f"has nothing at {quote(pointer)}, which is no JSON Pointer since it lacks the `/` before it"
        raise Unfound(message, f"write {quote('/' + pointer)}", pointer, (pointer,), lambda name: "/" + name)
    steps = pointer.split("/")[1:]
    for number_, step in enumerate(steps):
        inner = _inside(data, step.replace("~1", "/").replace("~0", "~"))
        if inner is None:
            raise _absent(data, steps, number_)
        (data,) = inner
    return data


def _inside(data: Any, key: str) -> tuple[Any] | None:
    if isinstance(data, Mapping):
        if key in data:
            return (data[key],)
        # YAML has keys that are numbers, as the labels of a classification report.
        counted = int(key) if re.fullmatch(r"-?[0-9]{1,9}", key) else None
        return (data[counted],) if counted is not None and counted in data else None
    if isinstance(data, list) and re.fullmatch(r"0|[1-9][0-9]{0,8}", key) and int(key) < len(data):
        return (data[int(key)],)
    return None


def _absent(data: Any, steps: list[str], depth: int) -> Unfound:
    known = [str(key) for key in data] if isinstance(data, Mapping) and len(data) <= 200 else []
    before = "".join("/" + step for step in steps[:depth])
    after = "".join("/" + step for step in steps[depth + 1 :])

    def build(name: str) -> str:
        return f"{before}/{escaped(name)}{after}"

    message = f"has nothing at {quote('/' + '/'.join(steps[: depth + 1]))}"
    if isinstance(data, list):
        where = f"at {quote(before)}" if before else "as a whole"
        message = f"{message}, since it holds a list {where}"
        within = (place for place, one in enumerate(data[:200]) if isinstance(one, Mapping) and steps[depth] in one)
        place = next(within, None)
        if place is not None:
            better = f"{before}/{place}/{steps[depth]}{after}"
            return Unfound(message, f"name one of its items, as in {quote(better)}")
        return Unfound(message, f"write {quote(before + '/0')} for its first item" if data else "measure again")
    return Unfound(message, NUMBER, steps[depth], known, build)


def escaped(name: str) -> str:
    """A key as it is written in a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def numbered(value: object, pointer: str) -> int | float:
    """The value where it is a finite number; otherwise Unfound, which says what it is instead."""
    found = number(value)
    if found is not None:
        return found
    where = f"at {quote(pointer)}" if pointer else "as a whole"
    if isinstance(value, str):
        message, remedy = f"holds text {where}, {quote(value)}", "write the number without quotes"
    elif isinstance(value, bool) or value is None:
        message, remedy = f"holds {str(value).lower()} {where}, which is no number", NUMBER
    elif isinstance(value, Mapping):
        message = f"holds several values {where}"
        remedy = "point at one of them" + (f", as in {quote(_deeper(value, pointer))}" if value else "")
    elif isinstance(value, list):
        message, remedy = f"holds a list {where}", "point at one number"
    else:
        message, remedy = f"holds {quote(value)} {where}, which is no finite number", "measure it again"
    raise Unfound(message, remedy)


def _deeper(value: Mapping[Any, Any], pointer: str) -> str:
    plain = [key for key, inner in value.items() if number(inner) is not None]
    return f"{pointer}/{escaped(str(next(iter(plain or value))))}"


def counted(value: object, pointer: str) -> int:
    """A number of samples: whole, not below zero; otherwise Unfound."""
    found = numbered(value, pointer)
    if found < 0 or found != int(found):
        raise Unfound(f"holds {quote(found)} at {quote(pointer)}, which is no number of samples", NUMBER)
    return int(found)


_COMMIT = re.compile(r"(?:\S{1,100}-g)?([0-9a-fA-F]{7,64})")


def committed(value: object, pointer: str) -> str:
    """The SHA of a commit, whole or at least 7 digits of it, as git or `git describe` writes it; otherwise Unfound."""
    # A SHA of which all digits are decimal may have become a number.
    text = str(value).strip() if isinstance(value, str | int) else ""
    form = _COMMIT.fullmatch(text) if len(text) < 200 else None
    if form is None:
        message = f"holds {quote(value)} at {quote(pointer)}, which is no commit"
        raise Unfound(message, "have the evaluation write the output of `git rev-parse HEAD` there, in quotes")
    return form[1].lower()


def identified(value: object, pointer: str) -> Hash:
    """The hash of the data that was measured on; otherwise Unfound."""
    found = hashed(value)
    if found is None:
        why = (unfit(value, "") if isinstance(value, str) else None) or "is no hash of content"
        message = f"holds {quote(value)} at {quote(pointer)}, which {why}"
        raise Unfound(message, "have the evaluation write the manifest's hash there, in quotes")
    return found


def scored(value: object, pointer: str) -> Mapping[str, float]:
    """Slices by name with their scores; a slice whose score is no finite number is left out. Unfound for no mapping.

    A mapping below a slice counts with its one number, as in `{"de": {"accuracy": 0.9}}`.
    """
    if not isinstance(value, Mapping):
        message = f"holds no object of slices at {quote(pointer)}"
        raise Unfound(message, 'write one there, as in `{"malformed": 0.9}`')
    if len(value) > _MOST_SLICES:
        raise Unfound(f"holds more than {_MOST_SLICES} slices at {quote(pointer)}", "point at those of `slices` alone")
    scores: dict[str, float] = {}
    for name, score in value.items():
        inner = [number(one) for one in score.values()] if isinstance(score, Mapping) else [number(score)]
        numbers = [one for one in inner if one is not None]
        if len(numbers) == 1:
            scores[str(name)] = numbers[0]
    return scores


def plain(text: object) -> object:
    """What a format that knows only text means: a whole number where it is one; anything else as it stands."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"0|[1-9][0-9]{0,14}", text) else text


def listed(names: Collection[object]) -> str:
    """Some names, as a sentence shows them."""
    shown = [quote(name) for name in list(names)[:_SHOWN]]
    return ", ".join(shown) + ("…" if len(names) > _SHOWN else "")
