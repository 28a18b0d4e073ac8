"""What is looked up wherever a policy stands: its own name, and the paths that it names."""

from rules.policy import Policy
from rules.values import Glob, RepoPath, walk

POLICY = ".pilot.yml"
ORGANISATION = ".pilot-org.yml"


def paths(policy: Policy | None) -> list[str]:
    """Every path that a policy names, each once, in order. Patterns are no paths."""
    named = (str(value) for _, value in walk(policy) if isinstance(value, RepoPath) and not isinstance(value, Glob))
    return sorted(set(named))
