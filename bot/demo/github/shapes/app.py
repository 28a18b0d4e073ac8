"""The app and its installations."""

from typing import Any

from bot.demo.github.shapes.accounts import maybe_user, user
from bot.demo.github.state import Installed, Registered, World, stamp

JSON = dict[str, Any]


def integration(world: World, app: Registered) -> JSON:
    """An `integration`: the app."""
    return {
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": app.node_id,
        "owner": user(world, app.owner),
        "name": app.name,
        "description": None,
        "external_url": world.url,
        "html_url": f"{world.url}/apps/{app.slug}",
        "created_at": stamp(app.made),
        "updated_at": stamp(app.changed),
        "permissions": dict(app.permissions),
        "events": list(app.events),
    }


def installation(world: World, record: Installed) -> JSON:
    """An `installation`."""
    account = record.account
    organised = account.kind == "Organization"
    settings = f"/organizations/{account.login}/settings" if organised else "/settings"
    return {
        "id": record.id,
        "client_id": world.app.client_id,
        "account": user(world, account),
        "repository_selection": "all" if record.repositories is None else "selected",
        "access_tokens_url": f"{world.url}/app/installations/{record.id}/access_tokens",
        "repositories_url": f"{world.url}/installation/repositories",
        "html_url": f"{world.url}{settings}/installations/{record.id}",
        "app_id": world.app.id,
        "app_slug": world.app.slug,
        "target_id": account.id,
        "target_type": account.kind,
        "permissions": dict(record.permissions),
        "events": list(record.events),
        "created_at": stamp(record.made),
        "updated_at": stamp(record.changed),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": maybe_user(world, record.suspended_by),
        "suspended_at": stamp(record.suspended),
    }


def reference(record: Installed) -> JSON:
    """The part of a webhook's payload that says for which installation it is."""
    return {"id": record.id, "node_id": record.node_id}
