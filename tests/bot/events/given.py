"""Payloads as GitHub sends them, cut to what matters and a little more."""

from typing import Any

HEAD = "a" * 40
REPOSITORY = {
    "id": 11,
    "node_id": "R_1",
    "name": "triage",
    "full_name": "acme/triage",
    "private": True,
    "owner": {"login": "acme", "id": 5, "type": "Organization"},
    "default_branch": "main",
    "archived": False,
    "pushed_at": 1795521600,
}
SENDER = {"login": "dev", "id": 21, "type": "User"}
_COMMON: dict[str, Any] = {
    "repository": REPOSITORY,
    "organization": {"login": "acme", "id": 5},
    "sender": SENDER,
    "installation": {"id": 3, "node_id": "MDIz"},
}
_NAMED = {"number": 17, "id": 1, "head": {"sha": HEAD}, "base": {"ref": "main", "repo": {"id": 11}}}
_INSTALLED: dict[str, Any] = {
    "id": 3,
    "account": {"login": "acme", "id": 5, "type": "Organization"},
    "repository_selection": "selected",
    "suspended_at": None,
}
_CHECK = {"id": 1, "name": "Pilot readiness", "head_sha": HEAD, "external_id": "pull/17/aa/bb", "pull_requests": []}
_ORGANISATION: dict[str, Any] = {key: value for key, value in _COMMON.items() if key != "repository"}
_TEAM = {"id": 9, "name": "ML on-call", "slug": "ml-oncall", "privacy": "closed", "permission": "push"}
_COMMIT = {"id": HEAD, "added": ["README.md"], "removed": [], "modified": [".pilot.yml"], "distinct": True}

PAYLOADS: dict[str, dict[str, Any]] = {
    "issue_comment": {
        **_COMMON,
        "action": "created",
        "issue": {"number": 17, "pull_request": {"url": "https://api.github.com/repos/acme/triage/pulls/17"}},
        "comment": {
            "id": 5,
            "body": "/pilot help",
            "html_url": "https://github.com/acme/triage/pull/17#issuecomment-5",
            "created_at": "2026-11-24T12:00:00Z",
            "user": SENDER,
        },
    },
    "pull_request": {
        **_COMMON,
        "action": "edited",
        "number": 17,
        "changes": {"base": {"ref": {"from": "main"}, "sha": {"from": HEAD}}},
        "pull_request": {"number": 17, "head": {"sha": HEAD, "repo": None}, "draft": False},
    },
    "push": {
        **_COMMON,
        "ref": "refs/heads/main",
        "before": "b" * 40,
        "after": HEAD,
        "created": False,
        "deleted": False,
        "forced": False,
        "commits": [_COMMIT],
        "head_commit": _COMMIT,
    },
    "check_suite": {
        **_COMMON,
        "action": "rerequested",
        "check_suite": {"id": 1, "head_sha": HEAD, "head_branch": None, "pull_requests": [_NAMED]},
    },
    "check_run": {
        **_COMMON,
        "action": "requested_action",
        "check_run": _CHECK,
        "requested_action": {"identifier": "recheck"},
    },
    "installation": {
        "action": "created",
        "installation": _INSTALLED,
        "repositories": [{"id": 11, "name": "triage", "full_name": "acme/triage", "private": True}],
        "requester": None,
        "sender": SENDER,
    },
    "installation_repositories": {
        "action": "added",
        "installation": _INSTALLED,
        "repository_selection": "selected",
        "repositories_added": [{"id": 11, "full_name": "acme/triage"}],
        "repositories_removed": [{"id": 12, "full_name": "acme/gone"}],
        "sender": SENDER,
    },
    "pull_request_review": {
        **_COMMON,
        "action": "submitted",
        "review": {"id": 1, "state": "approved", "user": {"login": "ana-r"}, "commit_id": HEAD},
        "pull_request": {"number": 17, "head": {"sha": HEAD}, "draft": False},
    },
    "status": {
        **_COMMON,
        "id": 1,
        "sha": HEAD,
        "name": "acme/triage",
        "context": "integration / invoices",
        "state": "success",
        "branches": [],
    },
    "member": {**_COMMON, "action": "edited", "member": {"login": "Lee", "id": 22, "type": "User"}, "changes": {}},
    "membership": {
        **_ORGANISATION,
        "action": "removed",
        "scope": "team",
        "member": {"login": "Max", "id": 23, "type": "User"},
        "team": _TEAM,
    },
    "team": {**_COMMON, "action": "edited", "team": _TEAM, "changes": {"repository": {}}},
    "organization": {
        **_ORGANISATION,
        "action": "member_removed",
        "membership": {"user": {"login": "Lee", "id": 22, "type": "User"}, "role": "member", "state": "active"},
    },
    "custom_property_values": {
        **_COMMON,
        "action": "updated",
        "new_property_values": [{"property_name": "pilot", "value": "true"}],
        "old_property_values": [],
    },
    "merge_group": {
        **_COMMON,
        "action": "checks_requested",
        "merge_group": {
            "head_sha": HEAD,
            "head_ref": f"refs/heads/gh-readonly-queue/main/pr-17-{'b' * 40}",
            "base_sha": "b" * 40,
            "base_ref": "refs/heads/main",
            "head_commit": _COMMIT,
        },
    },
    "repository": {**_COMMON, "action": "renamed", "changes": {"repository": {"name": {"from": "old"}}}},
}


def payload(event: str, **changes: Any) -> dict[str, Any]:
    """A payload with other values at its top."""
    return {**PAYLOADS[event], **changes}
