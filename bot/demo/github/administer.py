"""What administrators do: rules, settings, and the installation itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.demo.github.organise import Organising
from bot.demo.github.shapes import accounts
from bot.demo.github.shapes.repositories import brief
from bot.demo.github.state import Installed, Repository


class Administration(Organising):
    """The administrators' part of the stand-in."""

    def require(self, full_name: str, branch: str, check: str, app: bool | str = True) -> None:
        """A ruleset requires this check on a branch, from this app alone, from any source or from the app of a slug."""
        place = self._place(full_name)
        source = self.world.other(app) if isinstance(app, str) else self.world.app
        wanted: dict[str, Any] = {"context": check} | ({"integration_id": source.id} if app else {})
        rule = {
            "type": "required_status_checks",
            "parameters": {
                "required_status_checks": [wanted],
                "strict_required_status_checks_policy": False,
                "do_not_enforce_on_create": False,
            },
            "ruleset_source_type": "Repository",
            "ruleset_source": place.full_name,
            "ruleset_id": 1,
        }
        place.rules.setdefault(branch, []).append(rule)

    def rename(self, full_name: str, new: str, by: str = "ana") -> None:
        """Give a repository another name; the old one leads there."""
        with self.hooks.telling():
            place = self.world.repositories.pop(full_name.lower())
            was, place.name = place.name, new
            self.world.former[full_name.lower()] = place
            self.world.repositories[place.full_name.lower()] = place
            changes = {"repository": {"name": {"from": was}}}
            self.world.tell("repository", place, self.world.account(by), "renamed", changes=changes)

    def transfer(self, full_name: str, owner: str, by: str = "ana") -> None:
        """Let a repository belong to another account, which is told if it has the app; the old name leads there, and
        no team has a role in it any longer."""
        with self.hooks.telling():
            place = self.world.repositories.pop(full_name.lower())
            was, place.owner = place.owner, self.world.account(owner, "Organization")
            for team in self.world.teams.values():
                team.roles.pop(place.id, None)
            self.world.former[full_name.lower()] = place
            self.world.repositories[place.full_name.lower()] = place
            before, after = self.world.installed(was), self.world.installed(place.owner)
            if before is not None and before.repositories is None:
                self._tell_repositories(before, [], [place], by)
            if after is not None and after.repositories is None:
                self._tell_repositories(after, [place], [], by)
            kind, shape = (
                ("organization", accounts.organization) if was.kind == "Organization" else ("user", accounts.user)
            )
            changes = {"owner": {"from": {kind: shape(self.world, was)}}}
            self.world.tell("repository", place, self.world.account(by), "transferred", changes=changes)

    def archive(self, full_name: str, archived: bool = True, by: str = "ana") -> None:
        """Archive a repository, or let it be one no longer."""
        with self.hooks.telling():
            place = self._place(full_name)
            place.archived = archived
            self.world.tell("repository", place, self.world.account(by), "archived" if archived else "unarchived")

    def delete(self, full_name: str, by: str = "ana") -> None:
        """Delete a repository. Pull requests of a fork that is gone stay."""
        with self.hooks.telling():
            place = self._place(full_name)
            self.world.tell("repository", place, self.world.account(by), "deleted")
            del self.world.repositories[full_name.lower()]
            for other in self.world.repositories.values():
                for pull in other.pulls:
                    if pull.head_repository is place:
                        pull.head_repository = None
            place.git.close()

    def suspend(self, installation: int, suspended: bool = True, by: str = "ana") -> None:
        """Suspend an installation, or let it work again."""
        with self.hooks.telling():
            found = self.world.installations[installation]
            found.suspended = self.world.now() if suspended else None
            found.suspended_by = self.world.account(by) if suspended else None
            self._tell_installation(found, "suspend" if suspended else "unsuspend", by)

    def grant(self, installation: int, permissions: Mapping[str, str], by: str = "ana") -> None:
        """Let an installation have these permissions instead. Tokens that are out keep theirs."""
        with self.hooks.telling():
            found = self.world.installations[installation]
            found.permissions = dict(permissions)
            self._tell_installation(found, "new_permissions_accepted", by)

    def uninstall(self, installation: int, by: str = "ana") -> None:
        """Remove the app from an account."""
        with self.hooks.telling():
            found = self.world.installations[installation]
            self._tell_installation(found, "deleted", by)
            del self.world.installations[installation]

    def select(self, installation: int, repositories: Sequence[str], by: str = "ana") -> None:
        """Let the app be on these repositories and no others."""
        with self.hooks.telling():
            found = self.world.installations[installation]
            before = self.world.listed(found)
            found.repositories = {self._place(one).id for one in repositories}
            after = self.world.listed(found)
            added, removed = [one for one in after if one not in before], [one for one in before if one not in after]
            for some, none in ((added, []), ([], removed)):
                if some or none:
                    self._tell_repositories(found, some, none, by)

    def _tell_installation(self, installed: Installed, action: str, by: str) -> None:
        listed = [brief(one) for one in self.world.listed(installed)]
        user = self.world.account(by)
        self.world.tell("installation", installed, user, action, repositories=listed, requester=None)

    def _tell_repositories(
        self, installed: Installed, added: list[Repository], removed: list[Repository], by: str = "ana"
    ) -> None:
        self.world.tell(
            "installation_repositories",
            installed,
            self.world.account(by),
            "added" if added else "removed",
            repository_selection="all" if installed.repositories is None else "selected",
            repositories_added=[brief(one) for one in added],
            repositories_removed=[brief(one) for one in removed],
            requester=None,
        )
