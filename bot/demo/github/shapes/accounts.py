"""People, organisations and teams."""

from typing import Any
from urllib.parse import quote

from bot.demo.github.state import Account, Repository, Team, World, stamp

JSON = dict[str, Any]

# What `team.permission` and `permissions` call the roles.
_WORDS = {"none": "pull", "read": "pull", "triage": "triage", "write": "push", "maintain": "maintain", "admin": "admin"}


def user(world: World, account: Account) -> JSON:
    """A `simple-user`."""
    # The brackets of a bot's login, as in `pilotgate[bot]`, are none of an address.
    url = f"{world.url}/users/{quote(account.login)}"
    page = f"apps/{account.login.removesuffix('[bot]')}" if account.kind == "Bot" else account.login
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.url}/{page}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def maybe_user(world: World, account: Account | None) -> JSON | None:
    """A `nullable-simple-user`."""
    return None if account is None else user(world, account)


def public_user(world: World, account: Account) -> JSON:
    """A `public-user`."""
    unknown = dict.fromkeys(("name", "company", "location", "email", "hireable", "bio", "twitter_username"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    dates = {"created_at": stamp(account.made), "updated_at": stamp(account.changed)}
    return {**user(world, account), **unknown, "blog": "", **counts, **dates}


def organization(world: World, account: Account) -> JSON:
    """An `organization-simple`."""
    url = f"{world.url}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "description": None,
    }


def team(world: World, record: Team) -> JSON:
    """A `team-full`, with what a `team` has besides."""
    url = f"{world.url}/organizations/{record.organisation.id}/team/{record.id}"
    owner = record.organisation
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": url,
        "html_url": f"{world.url}/orgs/{owner.login}/teams/{record.slug}",
        "name": record.slug,
        "slug": record.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "type": "organization",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "parent": _above(world, record.parent),
        "members_count": len(world.members(record)),
        "repos_count": len(record.roles),
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "organization": {
            **organization(world, owner),
            "has_organization_projects": True,
            "has_repository_projects": True,
            **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
            "html_url": f"{world.url}/{owner.login}",
            "created_at": stamp(owner.made),
            "updated_at": stamp(owner.changed),
            "archived_at": None,
            "type": "Organization",
        },
    }


def _above(world: World, record: Team | None) -> JSON | None:
    """A `nullable-team-simple`."""
    left_out = ("parent", "members_count", "repos_count", "created_at", "updated_at", "organization")
    return {key: value for key, value in team(world, record).items() if key not in left_out} if record else None


def told_team(world: World, record: Team) -> JSON:
    """A team as events have it."""
    return {**(_above(world, record) or {}), "parent": _above(world, record.parent)}


def legacy(role: str) -> str:
    """What GitHub calls a role where it knows but three."""
    return {"maintain": "write", "triage": "read"}.get(role, role)


def permissions(role: str) -> dict[str, bool]:
    """What a role amounts to."""
    order = ("pull", "triage", "push", "maintain", "admin")
    reach = -1 if role == "none" else order.index(_WORDS[role])
    return {word: place <= reach for place, word in enumerate(order)}


def collaborator(world: World, account: Account, role: str) -> JSON:
    """A `repository-collaborator-permission`: maintain reads as write there, and triage as read."""
    who = {**user(world, account), "permissions": permissions(role), "role_name": role}
    return {"permission": legacy(role), "role_name": role, "user": who}


def writes(world: World, repository: Repository, account: Account) -> bool:
    """Whether somebody may write in a repository."""
    return world.role(repository, account.login) in ("write", "maintain", "admin")


def association(repository: Repository, account: Account) -> str:
    """How somebody belongs to a repository."""
    name = account.login.lower()
    if repository.owner is account:
        return "OWNER"
    if name in repository.owner.members:
        return "MEMBER"
    return "COLLABORATOR" if repository.roles.get(name, "none") != "none" else "NONE"
