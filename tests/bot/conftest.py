"""An environment that says nothing, and the command line within this process."""

import os
from collections.abc import Callable

import pytest

from bot.__main__ import main
from tests.bot.given import Ran


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        ours = name.startswith("PILOTGATE_") and not name.startswith("PILOTGATE_TEST_")
        if ours or name.startswith("GIT_") or name in ("NO_COLOR", "TERM", "PYTHONIOENCODING"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def pilotgate(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a command line in this process and says what it came to."""

    def run(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run
