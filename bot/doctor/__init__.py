"""`pilotgate doctor`: what stands between this server and its first check run, one line each, with the mend."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.doctor import gates
from bot.doctor.line import Line
from bot.errors import Refused, RetryLater, UserError
from bot.github.client import App
from bot.settings.server import APP, PREFIX, Server
from bot.store import open_store
from bot.store.database import reason
from bot.store.deliveries import Deliveries
from bot.store.memory import Memory
from rules.catalogue import Catalogue

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "members": "read",
    "merge_queues": "read",
    "metadata": "read",
    "organization_custom_properties": "read",
    "pull_requests": "write",
    "statuses": "read",
}
"""What the app needs of GitHub; `deploy/app-manifest.json` asks for the same."""
EVENTS = (
    "check_run",
    "check_suite",
    "custom_property_values",
    "issue_comment",
    "member",
    "membership",
    "merge_group",
    "organization",
    "pull_request",
    "pull_request_review",
    "push",
    "repository",
    "status",
    "team",
)
_LEVELS = ("none", "read", "write", "admin")
_LATE = 60.0

Installed = Sequence[Mapping[str, Any]]
"""Installations, as GitHub tells them."""


def examine(settings: Server, clock: Callable[[], datetime], catalogue: Catalogue) -> Iterator[Line]:
    """Every line, as it is found out. What can't be looked at because of an earlier line is left out."""
    lacking = [name for name in APP if not _stated(getattr(settings, name))]
    for name in lacking:
        said = f"{PREFIX}{name.upper()} is missing: {Server.model_fields[name].description}"
        yield Line(False, "settings", said)
    if not lacking:
        yield Line(True, "settings", "all that is needed is there")
    usable = yield from _database(settings)
    if lacking:
        return
    try:
        app = App(settings.app_id, settings.private_key.get_secret_value(), settings.github_api_url)
    except UserError as error:
        yield Line(False, "key", str(error))
        return
    yield Line(True, "key", "an RSA private key")
    installed = yield from _github(app, settings, clock)
    if not usable:
        yield from gates.examine(app, catalogue, installed, None)
        return
    with closing(open_store(settings.database)) as store:
        yield from gates.examine(app, catalogue, installed, Memory(store).has_seen_organisation)


def _stated(value: Any) -> bool:
    return bool(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _database(settings: Server) -> Generator[Line, None, bool]:
    """Whether it can be used is returned."""
    try:
        store = open_store(settings.database)
    except UserError as error:
        yield Line(False, "database", str(error))
        return False
    try:
        why = store.outdated()
        if why is not None:
            yield Line(False, "database", why)
            return False
        count, oldest = Deliveries(store).waiting()
        since = f", the oldest since {oldest:%Y-%m-%d %H:%M}Z: does a worker run?" if oldest else ""
        late = oldest is not None and (datetime.now(UTC) - oldest).total_seconds() > _LATE * 10
        yield Line(not late, "database", f"{store.engine.dialect.name}, {count} deliveries waiting{since}")
        return True
    except Exception as error:
        yield Line(False, "database", reason(error))
        return False
    finally:
        store.close()


def _github(app: App, settings: Server, clock: Callable[[], datetime]) -> Generator[Line, None, Installed]:
    """The installations that work are returned."""
    try:
        found, date = app.introduce()
    except RetryLater as error:
        mend = f"is {settings.github_api_url} right, and the clock?"
        yield Line(False, "GitHub", f"{error.reason}; {mend}")
        return []
    except Refused as error:
        yield Line(False, "GitHub", f"{error.reason}; does the key belong to app {settings.app_id}?")
        return []
    yield Line(True, "GitHub", f"app {found.get('name')} ({settings.app_id}) at {settings.github_api_url}")
    yield from _clock(date, clock())
    yield _permissions(found.get("permissions") or {})
    yield _events(found.get("events") or [])
    yield from _webhook(app, settings)
    return (yield from _installations(app))


def _clock(date: str | None, now: datetime) -> Iterator[Line]:
    try:
        ahead = (now - parsedate_to_datetime(date or "")).total_seconds()
    except (ValueError, TypeError):
        return
    side = "ahead of" if ahead > 0 else "behind"
    said = f"{abs(ahead):.0f} s {side} GitHub's" + (
        "" if abs(ahead) < _LATE else ": set it by NTP, or tokens are refused"
    )
    yield Line(abs(ahead) < _LATE, "clock", said)


def _permissions(granted: Mapping[str, str]) -> Line:
    lacking = [
        f"{name}: {level}"
        for name, level in PERMISSIONS.items()
        if _LEVELS.index(granted.get(name, "none")) < _LEVELS.index(level)
    ]
    more = sorted(set(granted) - set(PERMISSIONS))
    if lacking:
        return Line(False, "permissions", f"grant {', '.join(lacking)} on the app's page, under Permissions & events")
    spare = f"; not needed so far: {', '.join(more)}" if more else ""
    return Line(True, "permissions", f"all that are needed{spare}")


def _events(subscribed: list[str]) -> Line:
    lacking = [name for name in EVENTS if name not in subscribed]
    if lacking:
        return Line(False, "events", f"subscribe to {', '.join(lacking)} on the app's page, under Permissions & events")
    return Line(True, "events", "all that are needed")


def _webhook(app: App, settings: Server) -> Iterator[Line]:
    try:
        hook = app.get("/app/hook/config")
    except (RetryLater, Refused) as error:
        yield Line(False, "webhook", error.reason)
        return
    url = str(hook.get("url") or "")
    wanted = f"{settings.public_url}/webhook" if settings.public_url else ""
    if wanted and url != wanted:
        yield Line(
            False, "webhook", f"GitHub sends to {url or 'nowhere'}: set {wanted} on the app's page, under Webhook"
        )
    elif not url.endswith("/webhook"):
        yield Line(False, "webhook", f"GitHub sends to {url or 'nowhere'}: its address ends in /webhook")
    else:
        told = "" if wanted else f"; {PREFIX}PUBLIC_URL is not set, so nothing tells whether that is here"
        yield Line(True, "webhook", f"GitHub sends to {url}{told}")
    if not hook.get("secret"):
        yield Line(False, "webhook", f"it has no secret: set one of {PREFIX}WEBHOOK_SECRET on the app's page")
    if str(hook.get("insecure_ssl", "0")) == "1":
        yield Line(False, "webhook", "GitHub does not check the certificate: enable SSL verification on the app's page")


def _installations(app: App) -> Generator[Line, None, Installed]:
    try:
        found = app.get("/app/installations", {"per_page": 100})
    except (RetryLater, Refused) as error:
        yield Line(False, "installations", error.reason)
        return []
    if not found:
        yield Line(False, "installations", "nobody has installed the app: install it from its public page")
        return []
    names = ", ".join(str((one.get("account") or {}).get("login")) for one in found[:10])
    more = f" and {len(found) - 10} more" if len(found) > 10 else ""
    yield Line(True, "installations", f"{names}{more}")
    for one in found:
        if one.get("suspended_at"):
            yield Line(False, "installations", f"{(one.get('account') or {}).get('login')} has suspended the app")
    # An enterprise has no login, and no repositories of its own.
    return [one for one in found if not one.get("suspended_at") and (one.get("account") or {}).get("login")]
