"""Hashes of content as files write them: `sha256:7d1a…`, `MD5 a304…`, `22e3….dir`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BY_LENGTH = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_FORM = re.compile(r"(?:(?P<algorithm>[a-z][a-z0-9_-]{0,15}?)\s*[:= ]\s*)?(?P<value>[0-9a-f]{16,128})(?:\.dir)?")


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash of content: the algorithm in small letters (md5, sha256…), None where nothing says, and its hex digits."""

    algorithm: str | None
    value: str

    def same(self, other: "Hash") -> bool:
        """Whether both name the same content; an algorithm that is not known hinders nothing."""
        known = self.algorithm is not None and other.algorithm is not None
        return self.value == other.value and (not known or self.algorithm == other.algorithm)

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.algorithm}:{self.value}" if self.algorithm else self.value


def hashed(value: object, algorithm: str | None = None) -> Hash | None:
    """The hash that a text states, by this algorithm where the text names none; None where it is no hash.

    A hash has the number of digits that its algorithm makes: an address, a name or a digest cut short is none. The
    `.dir` with which DVC ends the hash of a folder is no part of it.
    """
    if not isinstance(value, str) or len(value) > 200:
        return None
    form = _FORM.fullmatch(value.strip().lower())
    if form is None:
        return None
    digits = form["value"]
    named = (form["algorithm"] or algorithm or "").replace("-", "").replace("_", "") or None
    usual = _BY_LENGTH.get(len(digits))
    if named in _BY_LENGTH.values() and named != usual:
        return None
    return Hash(named, digits) if named or usual else None


def matching(one: Hash, others: Iterable[Hash]) -> bool:
    """Whether one of the others names the same content."""
    return any(one.same(other) for other in others)
