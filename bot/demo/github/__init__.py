"""A stand-in for GitHub: its REST and GraphQL APIs, webhooks and git repositories, in one process and without it.

It knows what the bot asks for and refuses the rest: a route or a field that is not known is answered as GitHub would
and remembered in `unknown`, so that a test notices. See `StandIn`.
"""

from bot.demo.github.exchange import Asked, Exchange
from bot.demo.github.faults import Fault
from bot.demo.github.objects import Executable, Link, Submodule
from bot.demo.github.standin import EVENTS, PERMISSIONS, StandIn
from bot.demo.github.webhooks import Delivery

__all__ = [
    "EVENTS",
    "PERMISSIONS",
    "Asked",
    "Delivery",
    "Exchange",
    "Executable",
    "Fault",
    "Link",
    "StandIn",
    "Submodule",
]
