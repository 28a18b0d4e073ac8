"""The worker beside the web server."""

import sys
import threading
from pathlib import Path

from bot.web.serve import WorkerProcess
from tests.e2e.plant import wait

TOUCH = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch(); sys.stdin.read()"


def test_it_starts_once_somebody_listens(tmp_path: Path) -> None:
    listening, asked, started = threading.Event(), threading.Event(), tmp_path / "started"

    def ready() -> bool:
        # The first look finds nobody.
        asked.set()
        return listening.is_set()

    worker = WorkerProcess((sys.executable, "-c", TOUCH, str(started)), ready)
    worker.start()
    assert asked.wait(60)
    assert not started.exists()
    listening.set()
    wait(started.exists, "the worker has started")
    worker.stop()
