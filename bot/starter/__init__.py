"""A first `.pilot.yml` from what a repository already shows; what only a person knows is left as a comment."""

from bot.starter.looking import look
from bot.starter.shows import Shows
from bot.starter.writing import write

__all__ = ["Shows", "look", "write"]
