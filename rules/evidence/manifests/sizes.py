"""Sizes as people write them: `48213377 B`, `12.3 MB`, `1 GiB`, a plain number of bytes."""

import re

from rules.evidence.loading import number

_SIZE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)\s*(?:([kKmMgGtTpP])(i?))?(?:[bB](?:ytes?)?)?")


def whole(value: object) -> int | None:
    """How many, where it is a number and not below zero; None otherwise."""
    found = number(value)
    return int(found) if found is not None and found >= 0 else None


def exact(value: object) -> int | None:
    """The size in bytes, where it is not rounded as `12.3 MB` is."""
    plain = number(value) is not None or re.fullmatch(r"[0-9,]{1,24}\s*(?:[bB](?:ytes?)?)?", str(value)[:60].strip())
    return in_bytes(value) if plain else None


def in_bytes(value: object) -> int | None:
    """The size in bytes; None for what states none. `MB` is 10^6 bytes, `MiB` 2^20."""
    if number(value) is not None:
        return whole(value)
    match = _SIZE.fullmatch(value.strip().replace(",", "")) if isinstance(value, str) and len(value) <= 60 else None
    if match is None:
        return None
    power = "kmgtp".index(match[2].lower()) + 1 if match[2] else 0
    return int(float(match[1]) * (1024 if match[3] else 1000) ** power)
