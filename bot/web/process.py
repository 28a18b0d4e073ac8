"""One web process: the application that granian loads in each, and its end when its parent is gone."""

import os
import threading
import time
from wsgiref.types import WSGIApplication

from bot import log
from bot.settings import server
from bot.store import open_store
from bot.store.deliveries import Deliveries
from bot.web.accept import Accept, GroupCommit
from bot.web.app import pages


def application() -> WSGIApplication:
    """The WSGI application, from this process's environment."""
    settings = server.read(server.APP)
    log.set_up(settings.log_level, settings.log_format)
    _end_with_parent()
    store = open_store(settings.database)
    deliveries = Deliveries(store)
    secrets = [secret.get_secret_value() for secret in settings.webhook_secret]
    return Accept(secrets, GroupCommit(deliveries.pack, deliveries.keep), pages(store.outdated).wsgi_app)


def _end_with_parent() -> None:
    """End when the process that started this one is killed: an orphan would hold the port for ever."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()
