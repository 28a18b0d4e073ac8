"""Hashes as people write them, and what stands in their place."""

import hashlib

import pytest

from rules.evidence.hashes import Hash, hashed, unfit

ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_hash_of_nothing_is_known_by_every_algorithm(algorithm: str) -> None:
    empty = hashed(hashlib.new(algorithm).hexdigest(), algorithm)
    assert empty is not None
    assert empty.hollow
    assert empty.of(b"") == empty
    other = hashed(hashlib.new(algorithm, b"a").hexdigest())
    assert other is not None
    assert not other.hollow
    assert Hash(algorithm, other.value).of(b"a") == Hash(algorithm, other.value)


def test_only_known_algorithms_are_computed() -> None:
    assert Hash("crc32c", "0123456789abcdef").of(b"") is None
    assert Hash(None, "a304afb96060aad90176268345e10355").of(b"") is None


@pytest.mark.parametrize(
    ("written", "algorithm", "why"),
    [
        (None, "md5", None),
        ("", "md5", None),
        ("a304afb96060aad90176268345e10355", "md5", None),
        ("A304AFB96060AAD90176268345E10355", "md5", None),
        ("d751713988987e9331980363e24189ce.dir", "md5", "is the hash of an empty file"),
        ("0" * 64, "sha256", "is a placeholder"),
        ("md5:" + "f" * 32, "sha256", "is a placeholder"),
        ("a304afb96060aad90176268345e1035", "md5", "is no MD5 of 32 hexadecimal digits"),
        ("md5: xyz", "sha256", "is no MD5 of 32 hexadecimal digits"),
        ("sha-256:12", "md5", "is no SHA256 of 64 hexadecimal digits"),
        ("https://github.com/mlcommons/croissant/issues/80", "sha256", "is no hash of content"),
        (17, "sha256", "is no text, write it in quotes"),
        ("x", "", "is no hash of content"),
    ],
)
def test_what_is_no_hash_of_data_says_why(written: object, algorithm: str, why: str | None) -> None:
    assert unfit(written, algorithm) == why
