"""What has changed in the measured code since results were written."""

from rules.facts import Descent, Lineage
from rules.policy import Policy


class Changes:
    """What has changed since something was measured, looked up once for all criteria that ask the same."""

    def __init__(self, policy: Policy, lineage: Lineage) -> None:
        self.lineage = lineage
        self._evaluations = policy.evaluation or ()
        sources = [one.source for one in policy.criteria or () if one.source]
        manifests = [one.manifest for one in self._evaluations]
        self._apart = {str(path) for path in (*(one.file for one in sources), *manifests, ".pilot.yml")}
        self._known: dict[tuple[int, str], str | None] = {}

    def first(self, place: int, commit: str, descent: Descent) -> str | None:
        """The first path of the measured code; without `paths`, of what is neither results, manifest nor policy."""
        if (place, commit) not in self._known:
            patterns = self._evaluations[place].paths
            changed = descent.changed if patterns else descent.changed - self._apart
            # A contract is no code, wherever it stands.
            changed = frozenset(path for path in changed if path.rpartition("/")[2] != ".pilot.yml")
            found = {path for pattern in patterns for path in pattern.among(changed)} if patterns else changed
            self._known[place, commit] = min(found, default=None)
        return self._known[place, commit]
