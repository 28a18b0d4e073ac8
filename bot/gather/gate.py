"""Whether a branch's rules require a check of this app: only then does it stop a merge.

Rules are those of rulesets. Classic branch protection is not read, since an app may read it only as an administrator.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from bot.github.checks import nodes
from bot.github.client import Installation

_AT_ONCE = 100


def required(rules: Mapping[str, Any] | None, check: str, app: int) -> bool | None:
    """Whether the rules of a GraphQL `Ref` require a check with this app as its source; None where they are not all
    told."""
    if rules is None:
        return None
    found = nodes(rules)
    asked = (
        (one["context"], one["integrationId"])
        for rule in found
        for one in (rule.get("parameters") or {}).get("requiredStatusChecks") or ()
    )
    return (check, app) in asked or (False if rules["totalCount"] == len(found) else None)


def required_there(installation: Installation, where: tuple[str, str], check: str) -> bool:
    """The same of a repository and a branch of it. Raises RetryLater or Refused."""
    repository, branch = where
    path, page, full = f"/repos/{repository}/rules/branches/{quote(branch, safe='')}", 0, True
    while full:
        page += 1
        found = installation.get(path, {"per_page": _AT_ONCE, "page": page})
        if (check, installation.app.id) in _asked(found):
            return True
        full = len(found) == _AT_ONCE
    return False


def _asked(rules: Iterable[Mapping[str, Any]]) -> set[tuple[str, int | None]]:
    return {
        (one["context"], one.get("integration_id"))
        for rule in rules
        for one in (rule.get("parameters") or {}).get("required_status_checks") or ()
    }
