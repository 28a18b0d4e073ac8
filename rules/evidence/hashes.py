"""Hashes of content as files write them: `sha256:7d1a…`, `MD5 a304…`, `22e3….dir`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BY_LENGTH = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_FORM = re.compile(r"(?:(?P<algorithm>[a-z][a-z0-9_-]{0,15}?)\s*[:= ]\s*)?(?P<value>[0-9a-f]{16,128})(?:\.dir)?")
_BEFORE = re.compile(r"[a-z][a-z0-9_-]{0,15}(?=\s*[:=])")

# How the hashes of an empty file begin, and DVC's of an empty folder.
_OF_NOTHING = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",  # md5
        "da39a3ee5e6b4b0d3255bfef95601890",  # sha1
        "d14a028c2a3a2bc9476102bb288234c4",  # sha224
        "e3b0c44298fc1c149afbf4c8996fb924",  # sha256
        "38b060a751ac96384cd9327eb1b1e36a",  # sha384
        "cf83e1357eefb8bdf1542850d66d8007",  # sha512
        "d751713988987e9331980363e24189ce",
    }
)


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash of content: the algorithm in small letters (md5, sha256…), None where nothing says, and its hex digits."""

    algorithm: str | None
    value: str

    def same(self, other: "Hash") -> bool:
        """Whether both name the same content; an algorithm that is not known hinders nothing."""
        known = self.algorithm is not None and other.algorithm is not None
        return self.value == other.value and (not known or self.algorithm == other.algorithm)

    @property
    def hollow(self) -> bool:
        """Whether this is the hash of an empty file, or of a folder without files as DVC makes it."""
        return self.value[:32] in _OF_NOTHING

    def of(self, data: bytes) -> "Hash | None":
        """The hash of this data by the same algorithm; None for one that is not computed here."""
        if self.algorithm not in _BY_LENGTH.values():
            return None
        from hashlib import new  # noqa: PLC0415 - few manifests are of data in the repository, and it is slow to load

        return Hash(self.algorithm, new(str(self.algorithm), data, usedforsecurity=False).hexdigest())

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.algorithm}:{self.value}" if self.algorithm else self.value


def hashed(value: object, algorithm: str | None = None) -> Hash | None:
    """The hash that a text states, by this algorithm where the text names none; None where it is no hash.

    A hash has the number of digits that its algorithm makes: an address, a name or a digest cut short is none, and so
    is one digit over and over. The `.dir` with which DVC ends the hash of a folder is no part of it.
    """
    if not isinstance(value, str) or len(value) > 200:
        return None
    form = _FORM.fullmatch(value.strip().lower())
    if form is None:
        return None
    digits = form["value"]
    if len(set(digits)) == 1:
        return None
    named = _named(form["algorithm"] or algorithm)
    usual = _BY_LENGTH.get(len(digits))
    if named in _BY_LENGTH.values() and named != usual:
        return None
    return Hash(named, digits) if named or usual else None


def unfit(value: object, algorithm: str) -> str | None:
    """Why what stands where a hash by this algorithm belongs is none of data, in words that fit behind it; None where
    it is one, or nothing stands there.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return "is no text, write it in quotes"
    found = hashed(value, algorithm)
    if found is not None:
        return "is the hash of an empty file" if found.hollow else None
    text = str(value)[:200].strip().lower()
    form = _FORM.fullmatch(text)
    if form is not None and len(set(form["value"])) == 1:
        return "is a placeholder"
    before = _BEFORE.match(text)
    named = _named(before[0] if before else algorithm)
    digits = next((length for length, name in _BY_LENGTH.items() if name == named), None)
    if digits is None:
        return "is no hash of content"
    return f"is no {str(named).upper()} of {digits} hexadecimal digits"


def _named(algorithm: str | None) -> str | None:
    return (algorithm or "").replace("-", "").replace("_", "") or None


def matching(one: Hash, others: Iterable[Hash]) -> bool:
    """Whether one of the others names the same content."""
    return any(one.same(other) for other in others)
