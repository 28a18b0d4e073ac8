"""Commit statuses, which anybody with a token of a repository may set: the older kind of check."""

from bot.demo.github.shapes import statuses
from bot.demo.github.state import CommitStatus, World

STATES = ("error", "failure", "pending", "success")


def set_status(world: World, made: CommitStatus) -> CommitStatus:
    """Set a status; ValueError for a state or a commit that there is not. The last of a context counts."""
    if made.state not in STATES:
        raise ValueError(f"{made.state} is none of {', '.join(STATES)}")
    if made.repository.git.kind(made.sha) != "commit":
        raise ValueError(f"no commit is called {made.sha}")
    made.repository.statuses.append(world.add(made))
    world.tell("status", made.repository, made.creator, **statuses.told(world, made))
    return made
