"""A section of which no key could be read offers no place for another."""

import pytest

from tests.rules.given import HEADER, written


@pytest.mark.parametrize("unread", ["<<: {fix: '@a'}", "? [fix]\n  : '@a'"])
def test_nothing_is_added_beside_keys_that_could_not_be_read(unread: str) -> None:
    assert written(f"{HEADER}owners:\n  {unread}\n", ("owners", "fix"), '"@b"') is None
