"""The stand-in: a GitHub in memory, on real git repositories, with the one app that is tried out on it."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.github.acts.pulls import WEB, signature
from bot.demo.github.auth import Gate, key_pair
from bot.demo.github.cast import Cast
from bot.demo.github.exchange import Asked, Exchange
from bot.demo.github.faults import Fault, Faults, Kind, Matcher
from bot.demo.github.objects import By, Content
from bot.demo.github.repository import Git
from bot.demo.github.server import Server, Site, run
from bot.demo.github.state import Activity, Installed, Registered, Repository, World
from bot.demo.github.webhooks import Delivery, Hooks

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
EVENTS = [
    "check_run",
    "check_suite",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "push",
    "repository",
]


class StandIn(Cast):
    """GitHub for a demo or a test: `start` it, `install` the app, let people act, and look at what was asked.

    It is safe to use from several threads. What people do is told to the app before the method returns; what the app
    causes by its own requests is told by a thread, for which `settle` waits.
    """

    def __init__(
        self,
        webhook_url: str | None = None,
        webhook_secret: str = "It's a Secret to Everybody",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        permissions: Mapping[str, str] | None = None,
        events: Sequence[str] = EVENTS,
    ) -> None:
        """`permissions` and `events` are what the app is registered with."""
        self.world = World(clock)
        self.private_key, public = key_pair()
        self.world.account("web-flow").addresses.add(WEB[1])
        owner = self.world.account("acme", "Organization")
        registered = Registered(
            "pilotgate", "Pilotgate", owner, "Iv23liStandIn0000001", dict(permissions or PERMISSIONS), list(events)
        )
        registered.public_key = public
        self.app = self.world.app = self.world.add(registered)
        self.gate, self.faults = Gate(self.world), Faults()
        self.hooks = Hooks(self.world, webhook_url, webhook_secret)
        self.site = Site(self.world, self.gate, self.hooks, self.faults)
        self._folder = Path(tempfile.mkdtemp(prefix="stand-in-github-"))
        self._server: Server | None = None

    def start(self, port: int = 0) -> str:
        """Listen on the loopback; returns the base address of API and pages."""
        self._server = Server(self.site, port)
        run(self._server)
        self.world.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self.world.url

    def stop(self) -> None:
        """Stop listening and take the repositories away."""
        self.hooks.stop()
        if self._server is not None:
            self._server.halt()
            self._server = None
        for one in {*self.world.repositories.values()}:
            one.git.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "StandIn":
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The base address of API and pages."""
        return self.world.url

    def install(
        self,
        account: str = "acme",
        kind: str = "Organization",
        permissions: Mapping[str, str] | None = None,
        repositories: Sequence[str] | str = "all",
        by: str = "ana",
    ) -> int:
        """Install the app on an account, on `all` of its repositories or on those named; returns the installation's id.

        `by` becomes an administrator of the organisation.
        """
        with self.hooks.telling():
            owner = self.world.account(account, kind)
            owner.kind = kind
            user = self.world.account(by)
            if kind == "Organization":
                owner.members[by.lower()] = "admin"
            chosen = None if repositories == "all" else {self._place(one).id for one in repositories}
            granted = dict(permissions if permissions is not None else self.app.permissions)
            made = self.world.add(Installed(owner, granted, list(self.app.events), chosen))
            self.world.installations[made.id] = made
            self._tell_installation(made, "created", user.login)
            return made.id

    def repository(
        self,
        full_name: str,
        git: Path | None = None,
        files: Mapping[str, Content] | None = None,
        **settings: Any,
    ) -> Repository:
        """A repository: a clone of the git repository at `git`, or a new one whose first commit has `files`.

        `git` may also be a folder that is no git repository, whose files are then committed. `settings` are those of
        the record: private, description, topics, properties, default.
        """
        with self.hooks.telling():
            owner, _, name = full_name.partition("/")
            source = git if git is not None and ((git / ".git").exists() or (git / "HEAD").exists()) else None
            known = Git(self._folder / str(len(self.world.repositories)) / f"{name}.git", source)
            made = Repository(self.world.account(owner, self._kind(owner)), name, known, **settings)
            made.default = known.default = settings.get("default", known.default)
            self.world.repositories[full_name.lower()] = self.world.add(made)
            first = dict(files or {}) | (_contents(git) if git is not None and source is None else {})
            if first:
                sha = known.write(made.default, first, "First commit", By(signature(made.owner)), self.world.now())
                begun = Activity(made.default, None, sha, "branch_creation", self.world.account(owner))
                made.activity.append(self.world.add(begun))
            installed = self.world.installed(made.owner)
            if installed is not None and installed.repositories is None:
                self._tell_repositories(installed, added=[made], removed=[])
            return made

    def _kind(self, owner: str) -> str:
        found = self.world.accounts.get(owner.lower())
        return found.kind if found else "Organization"

    def fork(self, full_name: str, owner: str) -> Repository:
        """A fork of a repository, of the same name."""
        with self.world.lock:
            parent = self._place(full_name)
            self.world.account(owner)
            name = f"{owner}/{parent.name}"
            made = self.repository(name, git=parent.git.folder, private=parent.private, default=parent.default)
            made.parent = parent
            return made

    def fail(
        self,
        matcher: Matcher,
        kind: Kind = "status",
        status: int = 502,
        times: int = 1,
        **more: Any,
    ) -> Fault:
        """Let the next requests that match go wrong; see `Fault` for what `more` may say. Its `hits` count them."""
        fault = Fault(matcher, kind, status, times, **more)
        with self.world.lock:
            self.faults.waiting.append(fault)
        return fault

    @property
    def requests(self) -> list[Asked]:
        """What was asked, in order."""
        return self.site.requests

    def count(self, **wanted: Any) -> int:
        """How many requests have these values, of any attributes of `Asked`."""
        return sum(all(getattr(one, key) == value for key, value in wanted.items()) for one in list(self.requests))

    @property
    def unknown(self) -> list[str]:
        """The routes that were asked and are not known, and the GraphQL documents that do not fit."""
        return self.site.unknown

    @property
    def broken(self) -> list[BaseException]:
        """The stand-in's own mistakes."""
        return self.site.broken

    @property
    def observe(self) -> list[Callable[[Exchange], None]]:
        """Who is shown every exchange but those that were made to fail."""
        return self.site.observe

    @property
    def deliveries(self) -> list[Delivery]:
        """The webhooks that were sent, in order."""
        return self.hooks.deliveries

    def deliver(self, event: str, payload: dict[str, Any], guid: str | None = None) -> int:
        """Send a webhook with any payload; returns the status that came back, 0 for none."""
        return self.hooks.send(self.hooks.write(event, payload, guid)).code

    def redeliver(self, guid: str | int) -> int:
        """Send a delivery again, by its GUID or id."""
        return self.hooks.redeliver(guid).code

    def settle(self) -> None:
        """Wait until everything is sent that the app caused by its own requests."""
        self.hooks.settle()


def _contents(folder: Path) -> dict[str, Content]:
    found = (one for one in sorted(folder.rglob("*")) if one.is_file())
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in found}
