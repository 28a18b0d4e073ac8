"""Pilotgate as it is installed: `pilotgate serve` in processes of its own, told where its GitHub is."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self

import requests

from bot.store import open_store
from bot.store.deliveries import PENDING, Deliveries

SERVE = ("serve",)
_PATIENCE = 60.0


class Served:
    """A running Pilotgate: a context manager that starts it, waits until it is ready, and stops it.

    `github` are the settings that make it an app of some GitHub. Its database is in `folder` unless they say otherwise;
    so is `pilotgate.log`, which holds all that it logs.
    """

    def __init__(self, folder: Path, github: Mapping[str, str], command: Sequence[str] = SERVE) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = command
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PILOTGATE_")}
        self._environment = kept | {
            "PILOTGATE_DATA_DIR": str(folder),
            "PILOTGATE_PORT": str(self.port),
            "PILOTGATE_PUBLIC_URL": self.address,
            "PILOTGATE_LOG_FORMAT": "json",
            **github,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that was logged so far."""
        return (self.folder / "pilotgate.log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, ready: bool = True) -> None:
        """Start it; `ready`: and wait until it takes webhooks."""
        with (self.folder / "pilotgate.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", *self._command],
                env=self._environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        if ready:
            self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                if requests.get(f"{self.address}/readyz", timeout=5).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"Pilotgate did not start:\n{self.log[-3000:]}")

    @property
    def ended(self) -> int | None:
        """The code that its first process has ended with, None as long as it runs."""
        return self._process.poll() if self._process is not None else None

    def wait(self, patience: float = _PATIENCE) -> int:
        """Wait until it ends by itself; the code that it ends with. TimeoutExpired where that takes longer."""
        assert self._process is not None  # it was started
        return self._process.wait(patience)

    def processes(self) -> list[int]:
        """The ids of all its processes, the first one's first."""
        found = [self._process.pid] if self._process is not None else []
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                # A thread may end between the two looks.
                with suppress(FileNotFoundError, ProcessLookupError):
                    found += [int(child) for child in children.read_text(encoding="utf-8").split()]
        return found

    def signal(self, number: int) -> None:
        """Send a signal to every process at once."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Kill every process at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(_PATIENCE)

    def stop(self) -> None:
        """Let it bring what it has in hand to an end."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def restart(self, **settings: str) -> None:
        """Stop it, and start it with these settings in place of those that it had."""
        self.stop()
        self._environment |= settings
        self.start()

    def deliveries(self) -> list[dict[str, Any]]:
        """What `pilotgate deliveries` tells of each."""
        said = self.run("deliveries", "--format", "json").stdout
        return [json.loads(line) for line in said.splitlines()]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of Pilotgate with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def settle(self, patience: float = _PATIENCE) -> None:
        """Wait until no delivery is pending; RuntimeError where it takes longer than so many seconds."""
        deadline = time.monotonic() + patience
        database = f"sqlite:///{self.folder / 'pilotgate.db'}"
        # The database itself is asked: a process for each look would take longer than what is waited for.
        with closing(open_store(self._environment.get("PILOTGATE_DATABASE_URL", database))) as store:
            rows = Deliveries(store)
            while list(rows.standings(PENDING)):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"deliveries are still pending:\n{self.log[-3000:]}")
                time.sleep(0.02)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
