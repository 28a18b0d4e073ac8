"""`pilotgate serve`: the web server, and beside it a worker of its own that is started again when it ends."""

import multiprocessing
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from bot.errors import UserError
from bot.settings.server import Server

WEB_PROCESSES, THREADS = 2, 16
_AGAIN, _SOON, _PATIENCE = 1.0, 0.05, 30.0
_WORKER = (sys.executable, "-m", "bot", "worker", "--with-parent")

log = structlog.get_logger()


def serve(settings: Server, with_worker: bool) -> None:
    """Serve until told to stop. The worker is a process of its own: on the web's, it would slow the accepting down."""
    _free(settings)
    # A web process forked off this one, which runs threads, would wait for ever for what a thread held at that moment.
    multiprocessing.set_start_method("spawn", force=True)
    # It asks GitHub for lost webhooks first of all, which would be lost again before somebody listens.
    worker = WorkerProcess(ready=partial(_listens, settings)) if with_worker else None
    if worker is not None:
        worker.start()
    web = Granian(
        "bot.web.process:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=WEB_PROCESSES,
        blocking_threads=THREADS,
        backlog=2048,
        # Its warnings are about the number of threads, which is meant.
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    log.info("listening", address=f"http://{settings.host}:{settings.port}", worker=with_worker)
    try:
        web.serve()
    finally:
        if worker is not None:
            worker.stop()


def _free(settings: Server) -> None:
    """UserError where somebody else listens there already: the web server would only say so again and again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            address = f"{settings.host}:{settings.port}"
            mend = "set PILOTGATE_HOST and PILOTGATE_PORT to a free one"
            raise UserError(
                f"{address} can't be listened on: {(error.strerror or str(error)).lower()}; {mend}"
            ) from error


def _listens(settings: Server) -> bool:
    try:
        socket.create_connection((settings.host, settings.port), _AGAIN).close()
    except OSError:
        return False
    return True


class WorkerProcess:
    """A worker process that is watched: one that ends is started again until `stop`. The first one starts once it is
    `ready`, or after half a minute."""

    def __init__(self, command: Sequence[str] = _WORKER, ready: Callable[[], bool] = lambda: True) -> None:
        self._command, self._ready = command, ready
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep, name="worker", daemon=True)

    def start(self) -> None:
        """Start it, and keep it running."""
        self._watch.start()

    def _keep(self) -> None:
        started = time.monotonic()
        while not (self._ready() or time.monotonic() - started > _PATIENCE or self._stopping.wait(_SOON)):
            pass
        while not self._stopping.is_set():
            # The worker ends when this pipe does, also when this process is killed and can't tell it.
            with subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True) as self._process:
                code = self._process.wait()
            if not self._stopping.is_set():
                log.error("the worker ended and is started again", exit_code=code)
                self._stopping.wait(_AGAIN)

    def stop(self, patience: float = 30.0) -> None:
        """Let it bring what it has in hand to an end, for so many seconds."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
