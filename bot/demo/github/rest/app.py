"""The app itself, its installations and its webhook."""

from typing import Any

from bot.demo.github.exchange import Answer, Refusal
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import app, repositories
from bot.demo.github.state import Installed, stamp
from bot.demo.github.webhooks import Delivery

_LEVELS = ("read", "write", "admin")


@route("GET", "/app", app=True)
def get_app(call: Call) -> Any:
    """The app."""
    count = {"installations_count": len(call.world.installations)}
    return app.integration(call.world, call.world.app) | count


@route("GET", "/app/installations", app=True)
def list_installations(call: Call) -> Answer:
    """Where it is installed."""

    def shape(one: Installed) -> Any:
        told, owner = app.installation(call.world, one), one.account
        dates = {"created_at": stamp(owner.made), "updated_at": stamp(owner.changed)}
        # GitHub describes the accounts of this list as those of enterprises too, which have more.
        told["account"] |= {"name": owner.login, "slug": owner.login.lower(), **dates}
        return told

    return call.page(list(call.world.installations.values()), shape)


def _named(call: Call) -> Installed:
    found = call.world.installations.get(call.number("installation_id"))
    if found is None:
        raise Refusal(404, "Not Found")
    return found


@route("GET", "/app/installations/{installation_id}", app=True)
def get_installation(call: Call) -> Any:
    """One installation."""
    return app.installation(call.world, _named(call))


@route("POST", "/app/installations/{installation_id}/access_tokens", app=True)
def create_token(call: Call) -> Answer:
    """A token, for all that is granted or for less."""
    installed = _named(call)
    if installed.suspended is not None:
        raise Refusal(403, "This installation has been suspended")
    wanted = call.given("permissions", dict) or dict(installed.permissions)
    for name, level in wanted.items():
        granted = installed.permissions.get(name)
        if granted is None or level not in _LEVELS or _LEVELS.index(level) > _LEVELS.index(granted):
            raise Refusal(422, "The permissions requested are not granted to this installation.")
    only = _narrowed(call, installed)
    text = call.gate.issue(installed, wanted, only)
    body: dict[str, Any] = {
        "token": text,
        "expires_at": stamp(call.gate.tokens[text].expires),
        "permissions": wanted,
        "repository_selection": "all" if installed.repositories is None and only is None else "selected",
    }
    if only is not None:
        listed = [one for one in call.world.listed(installed) if one.id in only]
        body["repositories"] = [repositories.repository(call.world, one) for one in listed]
    return Answer(201, body)


def _narrowed(call: Call, installed: Installed) -> frozenset[int] | None:
    ids, names = call.given("repository_ids", list), call.given("repositories", list)
    if ids is None and names is None:
        return None
    listed = call.world.listed(installed)
    found = {one.id for one in listed if one.id in (ids or ()) or one.name in (names or ())}
    if len(found) < len(set(ids or ())) + len(set(names or ())):
        raise Refusal(422, "There is at least one repository that does not exist or is not accessible.")
    return frozenset(found)


@route("GET", "/repos/{owner}/{repo}/installation", app=True)
def get_repository_installation(call: Call) -> Any:
    """The installation that is on a repository."""
    found = call.world.find(f"{call.names['owner']}/{call.names['repo']}")
    installed = call.world.installed(found.owner) if found else None
    if found is None or installed is None or not installed.covers(found):
        raise Refusal(404, "Not Found")
    return app.installation(call.world, installed)


@route("GET", "/orgs/{org}/installation", app=True)
def get_organisation_installation(call: Call) -> Any:
    """The installation of an organisation."""
    account = call.world.accounts.get(call.names["org"].lower())
    installed = call.world.installed(account) if account else None
    if installed is None:
        raise Refusal(404, "Not Found")
    return app.installation(call.world, installed)


@route("GET", "/app/hook/config", app=True)
def get_hook(call: Call) -> Any:
    """Where webhooks go."""
    return {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": call.hooks.url or ""}


@route("PATCH", "/app/hook/config", app=True)
def set_hook(call: Call) -> Any:
    """Let webhooks go elsewhere."""
    call.hooks.url = call.given("url", str) or call.hooks.url
    call.hooks.secret = call.given("secret", str) or call.hooks.secret
    return get_hook(call)


@route("GET", "/app/hook/deliveries", app=True)
def list_deliveries(call: Call) -> Answer:
    """The attempts, the latest first, by pages that begin after a cursor."""
    wanted = {"success": True, "failure": False}.get(call.query.get("status", ""))
    found = [one for one in reversed(call.hooks.deliveries) if wanted in (None, one.arrived)]
    cursor = call.query.get("cursor", "")
    start = next((place for place, one in enumerate(found) if f"v1_{one.id}" == cursor), None)
    if cursor and start is None:
        raise Refusal(400, "Invalid cursor")
    given = call.query.get("per_page", "30")
    size = max(1, min(int(given) if given.isdecimal() else 30, 100))
    page, rest = found[start or 0 :][:size], found[start or 0 :][size:]
    links = {"Link": f'<{call.address(cursor=f"v1_{rest[0].id}")}>; rel="next"'} if rest else {}
    return Answer(200, [_item(one) for one in page], links)


def _item(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "guid": one.guid,
        "delivered_at": stamp(one.at),
        "redelivery": one.redelivery,
        "duration": one.duration,
        "status": one.status,
        "status_code": one.code,
        "event": one.event,
        "action": one.action,
        "installation_id": one.installation,
        "repository_id": one.repository,
        "throttled_at": None,
    }


@route("GET", "/app/hook/deliveries/{delivery_id}", app=True)
def get_delivery(call: Call) -> Any:
    """One attempt with all that was sent and answered."""
    found = next((one for one in call.hooks.deliveries if one.id == call.number("delivery_id")), None)
    if found is None:
        raise Refusal(404, "Not Found")
    request = {"headers": found.headers, "payload": found.body}
    answer = {"headers": found.answer_headers, "payload": found.response}
    return _item(found) | {"url": call.hooks.url or "", "request": request, "response": answer}


@route("POST", "/app/hook/deliveries/{delivery_id}/attempts", app=True)
def redeliver(call: Call) -> Answer:
    """Send it again, soon."""
    call.hooks.redeliver(call.number("delivery_id"), later=True)
    return Answer(202, {})


@route("GET", "/installation/repositories", "metadata:read")
def list_repositories(call: Call) -> Answer:
    """The repositories that the token reaches."""
    assert call.token is not None
    only = call.token.repositories
    listed = [one for one in call.world.listed(call.token.installation) if only is None or one.id in only]
    return call.page(listed, lambda one: repositories.repository(call.world, one), "repositories")


@route("GET", "/rate_limit", "metadata:read")
def get_limits(call: Call) -> Any:
    """What is left of the hour; asking costs nothing."""
    assert call.token is not None
    found = {}
    for resource in ("core", "graphql"):
        limit = call.gate.limit(call.token.installation, resource)
        reset = int(max(limit.reset, call.world.now()).timestamp())
        found[resource] = {"limit": limit.limit, "used": limit.used, "remaining": limit.remaining, "reset": reset}
    found["search"] = {"limit": 30, "used": 0, "remaining": 30, "reset": found["core"]["reset"]}
    return {"resources": found, "rate": found["core"]}
