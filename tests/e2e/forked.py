"""Commands of Pilotgate as processes that begin with everything imported: where there are thousands of them, starting
Python would be most of the work. Each is forked from a server that has done nothing else, and can be killed."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from bot.__main__ import main
from rules.catalogue import catalogue

_PATIENCE = 60.0
IMPORTED = (
    "alembic.command",
    "bot.commands.snooze",
    "bot.events.installation",
    "bot.events.issue_comment",
    "bot.events.push",
    "bot.events.repository",
    "bot.jobs.embedded",
    "bot.jobs.reconcile",
    "bot.jobs.redeliver",
    "bot.jobs.work",
    "bot.jobs.worker",
    "bot.log",
    "bot.operate",
    "bot.settings.server",
    "bot.store",
    "procrastinate",
    __name__,
)


class Forked:
    """A command in a folder, with these settings and no others. `log` is what the folder's commands have said."""

    def __init__(self, folder: Path, settings: Mapping[str, str], command: Sequence[str]) -> None:
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PILOTGATE_")}
        environment = kept | {"PILOTGATE_DATA_DIR": str(folder), "PILOTGATE_LOG_FORMAT": "json", **settings}
        self._process = _server().Process(target=_run, args=(folder, environment, tuple(command)))

    @property
    def log(self) -> str:
        """All that was logged so far."""
        return (self._folder / "commands.log").read_text(encoding="utf-8", errors="replace")

    @property
    def ended(self) -> int | None:
        """The code that it has ended with, None as long as it runs."""
        return self._process.exitcode

    def start(self) -> None:
        """Start it."""
        self._process.start()

    def wait(self, patience: float = _PATIENCE) -> int:
        """Wait until it ends by itself; the code that it ends with. AssertionError where that takes longer."""
        self._process.join(patience)
        assert self._process.exitcode is not None, f"it does not end:\n{self.log[-3000:]}"
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it at once. One that has ended stays as it is."""
        if self._process.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Let it bring what it has in hand to an end."""
        self._process.terminate()
        self.wait()


@cache
def _server() -> ForkServerContext:
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(list(IMPORTED))
    return made


def _run(folder: Path, environment: Mapping[str, str], command: Sequence[str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with (folder / "commands.log").open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    sys.exit(main(command))


# As good as imported: each rule is a module.
catalogue()
