"""What a text hands over to be let in: a header, a user and a password, a value beside the name of a token.

Each is found by a pattern of its own, of bounded length wherever it starts.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rules.evidence.credentials.detectors import BASIC_AUTH, KEYWORD
from rules.evidence.credentials.lookalikes import harmless, idle_address, placeholder, usual
from rules.evidence.credentials.names import alone, drawn, secret_name, token_name

_SCHEME = r"(?:bearer|basic|token|apikey|api-key|key|bot|digest|ssws|geniekey|splunk)"


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over: where it starts and ends in the text, and of what kind it is."""

    start: int
    end: int
    kind: str


def addressed(text: str) -> Iterator[Handed]:
    """The passwords of addresses."""
    for match in _address().finditer(text):
        if not idle_address(match["user"], match["value"], text[match.end() : match.end() + 100]):
            yield Handed(match.start("value"), match.end("value"), BASIC_AUTH)


def handed(text: str) -> Iterator[Handed]:
    """What code and settings hand over besides."""
    for match in _beside().finditer(text):
        yield from _found(text, match, KEYWORD)
    for match in _header().finditer(text):
        yield from _found(text, match, KEYWORD)
    for form in (_pair(), _curl()):
        for match in form.finditer(text):
            if not _idle(match["user"], match["value"]):
                yield Handed(match.start("value"), match.end("value"), BASIC_AUTH)


def _found(text: str, match: re.Match[str], kind: str) -> Iterator[Handed]:
    before = re.search(r"[\w-]*$", text[max(0, match.start() - 60) : match.start()])
    if opens((before[0] if before else "") + match["name"], match["value"]):
        yield Handed(match.start("value"), match.end("value"), kind)


def opens(name: str, value: str) -> bool:
    """Whether a value beside the name of a token, a key or a header opens a door."""
    if not token_name(name) or secret_name().search(name):
        return False
    value = value.strip()
    scheme = re.match(rf"(?i:({_SCHEME})\s+)(?=\S)", value)
    if scheme:
        value = value[scheme.end() :]
        if scheme[1].lower() == "basic":
            return _basic(value)
    if harmless(name, value, code=True):
        return False
    return drawn(value, least=16 if alone(name) else 8)


def _basic(value: str) -> bool:
    """Whether this is a user and a password as `Authorization: Basic` has them."""
    try:
        user, colon, password = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and not _idle(user, password)


def _idle(user: str, password: str) -> bool:
    return usual(user, password) or placeholder(password) or harmless("password", password, code=True)


@cache
def _address() -> re.Pattern[str]:
    return re.compile(r"://(?P<user>[^\s:/@\"'`<>{}\[\]]{0,200}):(?P<value>[^\s/@\"`<>]{1,500})@")


@cache
def _beside() -> re.Pattern[str]:
    """`API_TOKEN = "…"`, `"token": "…"`, `getenv("API_TOKEN", "…")`, `env.API_TOKEN ?? "…"`, `set_token("…")`."""
    return re.compile(
        r"(?P<name>(?:token|key|pass|passphrase|passcode)\d?(?:[_-][a-z]{3,12})?)"
        r"(?:[\"'`\])]{0,3}\s{0,9}"
        r"(?:(?::\s{0,3}[a-z_][\w.\[\]|<>, ]{0,40}?\s{0,3})?=|:=|={2,3}|!==?|=>|:|\|\||\?\?|\bor\b)\s{0,9}"
        r"|[\"'`]\s{0,3},\s{0,9}(?:default\s{0,3}=\s{0,3})?|\(\s{0,3})"
        r"@?[bruf]{0,2}(?P<quote>[\"'`])(?P<value>[^\"'`\s]{8,1000})(?P=quote)",
        re.IGNORECASE,
    )


@cache
def _header() -> re.Pattern[str]:
    """`Authorization: Bearer …`, `"Authorization", "Token …"`, `-H 'X-Api-Key: …'`."""
    return re.compile(
        r"(?P<name>authorization|(?<![\w-])(?:x|private|api|ocp)-[\w-]{1,50}(?:key|token)|(?<![\w-])apikey)"
        r"[\"'`\])]{0,3}\s{0,3}(?::|(?:,|=>?|\()(?=\s{0,3}[bruf]{0,2}[\"'`]))\s{0,3}[bruf]{0,2}[\"'`]{0,3}"
        # Without a scheme and a quote, it may be a variable of that name.
        rf"(?P<value>{_SCHEME}\s{{1,3}}[\w.~+/=:-]{{8,1000}}(?![\w({{\[$<%])|[\w.~+/=:-]{{8,1000}}(?=[\"'`]))",
        re.IGNORECASE,
    )


@cache
def _pair() -> re.Pattern[str]:
    """`auth=("user", "…")`, `HTTPBasicAuth("user", "…")`."""
    return re.compile(
        r"(?:\bauth\s{0,3}[=:]\s{0,3}[(\[]|(?:Basic|Digest|Proxy)Auth\()\s{0,20}(?:\w{1,20}\s?=\s?)?"
        r"(?:[\"'](?P<user>[^\"'\n]{0,100})[\"']|[\w.\[\]()\"']{1,100}?)\s{0,3},\s{0,20}(?:\w{1,20}\s?=\s?)?"
        r"(?P<quote>[\"'])(?P<value>[^\"'\n]{4,500})(?P=quote)"
    )


@cache
def _curl() -> re.Pattern[str]:
    """`curl -u user:…`."""
    return re.compile(
        r"\b(?:curl|wget)\b(?:\\\r?\n|(?!curl|wget)[^\n;|]){0,300}?\s(?:-u|--user)[ =]{0,2}[\"']?"
        r"(?P<user>[^\s:\"'$<{]{1,100}):(?P<value>[^\s\"'`]{4,500})"
    )
