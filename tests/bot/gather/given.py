"""An installation that answers GraphQL from a list, and writes down what it was asked."""

from collections.abc import Mapping
from typing import Any, cast

from bot.github.client import Installation


class Answers:
    """Each query takes the next answer."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.left, self.asked = list(answers), list[dict[str, Any]]()

    def query(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        assert document.startswith("#")
        self.asked.append(dict(variables))
        return self.left.pop(0)

    @property
    def installation(self) -> Installation:
        """As what asks it takes it."""
        return cast("Installation", self)
