"""Which hosts and secrets the code and the infrastructure files speak of, each as a whole word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rules.evidence.whereabouts import is_documentation, is_foreign, is_test
from rules.facts import Written

_POLICIES = re.compile(r"(?:.*/)?\.pilot(?:-org)?\.ya?ml$")


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for: a host, in which small and capital letters are the same, or the name of a secret."""

    text: str
    host: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """A needle, its longest word, which stands in every text that speaks of it, and the form in which it does."""

    needle: Needle
    word: str
    form: re.Pattern[str]


def _search(needle: Needle) -> _Search:
    word = max(_words(needle.text), key=len, default="")
    plain = re.escape(needle.text)
    if not needle.host:
        return _Search(needle, word, re.compile(rf"(?<![\w-]){plain}(?![\w-])"))
    whole = rf"(?<![\w-])(?<![\w-]\.){plain}(?![\w-])(?!\.[\w-])"
    if "." not in needle.text and ":" not in needle.text:
        # `db` is a word like any other: it is a host in an address, before a port, or as a whole value.
        whole = rf"(?:(?<=//)|(?<=@)|(?<=['\"])(?={plain}['\"])|(?={plain}:\d)){whole}|[=:]\s?{whole}\s*$"
    return _Search(needle, word, re.compile(whole, re.IGNORECASE | re.MULTILINE))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def mentioned(needles: Iterable[Needle], files: Iterable[Written], apart: frozenset[str]) -> frozenset[Needle]:
    """Those that code or an infrastructure file speaks of.

    Files `apart`, policies, documentation (CODEOWNERS and licences with it), tests and what others wrote don't count.
    """
    left = [_search(needle) for needle in dict.fromkeys(needles)]
    found = set[Needle]()
    for file in files:
        if not left or file.path in apart or _POLICIES.match(file.path):
            continue
        if is_documentation(file.path) or is_test(file.path) or is_foreign(file.path):
            continue
        words = set(_words(file.text))
        found |= {one.needle for one in left if one.word in words and one.form.search(file.text)}
        left = [one for one in left if one.needle not in found]
    return frozenset(found)


def hosts(endpoint: str) -> tuple[str, ...] | None:
    """The hosts, buckets or queues that an endpoint names, small; None for a template, which names none yet."""
    text = endpoint.strip()
    if re.search(r"\$[{(A-Za-z_]|\{\{|\{\w*\}|<[\w-]+>|%\w+%", text):
        return None
    if re.match(r"arn:|projects/|/", text):  # the name of a queue, a topic or a socket
        return tuple(part for part in [re.split(r"[:/]", text)[-1].lower()] if part)
    server = re.search(
        r"(?:^|[;\s])(?:server|host|hostname|data source|endpoint)\s?=\s?(?:tcp:)?([^;,\s]+)", text, re.I
    )
    names = (_host(part) for part in ([server[1]] if server else re.split(r"[,\s]+", text)))
    return tuple(dict.fromkeys(name for name in names if name))


def _host(text: str) -> str:
    """`jdbc:postgresql://user:password@host:5432/db;x=y` is `host`; so is `jdbc:oracle:thin:@host:1521:x`."""
    rest = text.partition("://")[2] if "://" in text else re.sub(r"^(?:[a-z][a-z0-9+.-]*:)+(?=[@/])", "", text.lower())
    rest = re.split(r"[/?#;]", rest.lstrip("/@").removeprefix("//"), maxsplit=1)[0].rpartition("@")[2]
    if rest.startswith("["):
        return rest[1:].partition("]")[0].lower()
    return rest.partition(":")[0].strip(".").lower()
