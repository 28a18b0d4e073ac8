"""Names and their values in files of settings, where values stand without quotes: YAML, INI, `.env`, shell, Dockerfile.

detect-secrets reads such files into `name = "value"` before it looks at them. This does the same, but in time that is
proportional to the file, over every document, and through lists (`- name: …`, `value: …`; `- NAME=value`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rules.evidence.loading import MAX_LEVELS

_YAML = (".yml", ".yaml", ".eyaml")
_SETTINGS = (".ini", ".cfg", ".conf", ".cnf", ".cf", ".properties", ".toml", ".env", ".npmrc", ".pypirc", ".tfvars")
_SHELL = (".sh", ".bash", ".zsh", ".ksh", ".fish", ".envrc", ".bat", ".cmd", ".ps1", ".service")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A name, the value that it is given, and the line, from 1."""

    line: int
    name: str
    value: str


def is_yaml(path: str) -> bool:
    """Whether a file of this name is YAML."""
    return path.lower().endswith(_YAML)


def is_settings(path: str) -> bool:
    """Whether a file of this name holds names and values, one pair a line."""
    name = path.lower().rsplit("/", 1)[-1]
    return name.endswith(_SETTINGS) or name == ".env" or name.startswith(".env.")


def is_shell(path: str) -> bool:
    """Whether a file of this name is a script of a shell, or a Dockerfile."""
    name = path.lower().rsplit("/", 1)[-1]
    return name.endswith(_SHELL) or re.match(r"(?:dockerfile|containerfile)\b|.*\.dockerfile$", name) is not None


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(r"\s*(?:-\s+)?(?:export\s+)?[\"']?([\w.$-]{1,200})[\"']?\s*[:=]\s*(.*)")


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    return re.split(r"\s[#;]", value, maxsplit=1)[0].rstrip(" ,;")


def by_line(text: str) -> Iterator[Assignment]:
    """One assignment a line: `name = value`, `name: value`. Comments are none."""
    for number, line in enumerate(text.split("\n"), 1):
        found = None if line.lstrip()[:1] in ("#", ";", "") else _pair().match(line[:2000])
        if found:
            yield Assignment(number, found[1], _unquoted(found[2]))


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"(?<![\w${-])(\w{1,200})=(\"[^\"]*\"|'[^']*'|[^\s;&|)\"'`]+)")


def in_shell(text: str) -> Iterator[Assignment]:
    """Every `NAME=value` of a script."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip()[:1] != "#":
            for found in _word().finditer(line[:2000]):
                yield Assignment(number, found[1], found[2].strip("\"'"))


def in_yaml(text: str) -> list[Assignment] | None:
    """Every name with a scalar beside it, in every document; None for what can't be parsed."""
    import yaml  # noqa: PLC0415 - most checks look at no YAML but the policy

    walk = _Walk(yaml)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            walk.take(event)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None
    return walk.found


class _Level:
    """A mapping or a list that is open: the key whose value comes next, and what its `name` and `value` are."""

    def __init__(self, mapping: bool) -> None:
        self.mapping = mapping
        self.key: str | None = None
        self.name = ""
        self.value: tuple[int, str] | None = None


class _Walk:
    """What a stream of YAML's events assigns; holds no more than the levels that are open."""

    def __init__(self, yaml: object) -> None:
        self.yaml, self.found = yaml, list[Assignment]()
        self.levels: list[_Level] = []

    def take(self, event: object) -> None:
        """Follow one event."""
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self.levels) >= MAX_LEVELS:
                raise ValueError
            self.levels.append(_Level(kind == "MappingStartEvent"))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(self.levels.pop())
        elif kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "AliasEvent":
            self._valued()

    def _close(self, level: _Level) -> None:
        if level.name and level.value:
            self.found.append(Assignment(level.value[0], level.name, level.value[1]))
        self._valued()

    def _valued(self) -> None:
        """A key's value, or a key that is no scalar, has passed."""
        if self.levels:
            self.levels[-1].key = None if self.levels[-1].key is not None else ""

    def _scalar(self, event: object) -> None:
        level = self.levels[-1] if self.levels else _Level(mapping=False)
        value, line = event.value, event.start_mark.line + 1  # type: ignore[attr-defined]
        if not level.mapping:
            self.found += [Assignment(line, one.name, one.value) for one in in_shell(value) if "\n" not in value]
        elif level.key is None:
            level.key = value
        else:
            self._assigned(event, level, value, line)
            level.key = None

    def _assigned(self, event: object, level: _Level, value: str, line: int) -> None:
        tag, key = event.tag, level.key or ""  # type: ignore[attr-defined]
        if tag is not None and re.match(r"!.|tag:yaml\.org,2002:binary", tag):
            return  # `!vault`, `!Ref` and the like: encrypted, or kept elsewhere
        if event.style in ("|", ">"):  # type: ignore[attr-defined]
            self._block(key, value, line)
            return
        self.found.append(Assignment(line, key, value))
        if key == "name":
            level.name = value
        elif key == "value":
            level.value = (line, value)

    def _block(self, key: str, value: str, line: int) -> None:
        """A block of text: a script or settings of its own, or, where it is one line, a value."""
        if "\n" in value.strip():
            inside = (*in_shell(value), *by_line(value))
            self.found += [Assignment(line + one.line, one.name, one.value) for one in inside]
        else:
            self.found.append(Assignment(line + 1, key, value))
