"""What GitHub promises and asks for: holds an exchange of a client and a server of its APIs against its description."""

import re
from collections.abc import Mapping
from typing import Any

from bot.demo.github import Exchange
from tests.contracts.graph import Graph
from tests.contracts.rest import Rest

_GRAPHQL = ("POST", "/graphql")


class Contract:
    """Made once for many tests: what it compiles, it keeps. Everything that does not fit is an AssertionError."""

    def __init__(self) -> None:
        self.rest, self.graph = Rest(), Graph()

    def check(self, exchange: Exchange) -> None:
        """Hold a request and its answer against the description."""
        self.request(exchange)
        self.answer(exchange)

    def request(self, exchange: Exchange) -> None:
        """Hold a request alone. Where the server calls its route something else than GitHub does, that fails too."""
        if (exchange.method, exchange.path) == _GRAPHQL:
            self.graph.request(exchange.request)
            return
        template = self.rest.request(exchange.method, exchange.path, exchange.query, exchange.request)
        assert template == exchange.route, f"{exchange.method} {exchange.path}: {template} answered as {exchange.route}"

    def answer(self, exchange: Exchange) -> None:
        """Hold an answer alone."""
        if (exchange.method, exchange.path) == _GRAPHQL and exchange.status == 200:
            self.graph.answer(exchange.request, exchange.response)
        elif (exchange.method, exchange.path) == _GRAPHQL:
            assert exchange.status in (400, 401, 403, 502), f"GraphQL answers no {exchange.status}"
        else:
            self.rest.answer(exchange.method, exchange.path, exchange.status, exchange.response)

    def headers(self, headers: Mapping[str, str]) -> None:
        """Hold the headers of a request, their names in small letters, against what GitHub asks for."""
        assert headers.get("user-agent"), "GitHub refuses a request without User-Agent"
        assert headers.get("accept") == "application/vnd.github+json", f"Accept: {headers.get('accept')}"
        version = headers.get("x-github-api-version", "")
        assert re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", version), f"X-GitHub-Api-Version: {version or 'missing'}"

    def event(self, event: str, payload: Any) -> None:
        """Hold a webhook's payload against its event."""
        self.rest.event(event, payload)
