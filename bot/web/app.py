"""The pages: so far, whether the server is alive and ready."""

from collections.abc import Callable

from flask import Flask, Response

TEXT = "text/plain; charset=utf-8"


def pages(unready: Callable[[], str | None]) -> Flask:
    """The Flask application. `unready` says why a webhook could not be kept now, or None."""
    app = Flask("pilotgate", static_folder=None)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("alive\n", content_type=TEXT)

    @app.get("/readyz")
    def readyz() -> Response:
        why = unready()
        return Response(f"{why or 'ready'}\n", status=503 if why else 200, content_type=TEXT)

    return app
