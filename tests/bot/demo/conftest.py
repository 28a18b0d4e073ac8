from collections.abc import Iterator

import pytest

from tests.bot.demo.stage import Client, Inbox, inbox, staged


@pytest.fixture
def client() -> Iterator[Client]:
    with staged() as found:
        yield found


@pytest.fixture
def box() -> Iterator[Inbox]:
    with inbox() as found:
        yield found
