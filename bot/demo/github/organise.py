"""What owners of an organisation do: who belongs to it and to its teams, and who may do what in its repositories.

A test sets its scene with these as well: nobody is told before the app is installed and has subscribed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.demo.github.shapes import accounts
from bot.demo.github.state import ROLES, Account, Repository, Team, World
from bot.demo.github.webhooks import Hooks


class Organising:
    """The owners' part of the stand-in."""

    world: World
    hooks: Hooks

    def _place(self, full_name: str) -> Repository:
        """A repository by its name; KeyError where there is none."""
        return self.world.repositories[full_name.lower()]

    def _team(self, organisation: str, slug: str) -> Team:
        """A team by its names; KeyError where there is none."""
        return self.world.teams[organisation.lower(), slug.lower()]

    def user(self, login: str, kind: str = "User", addresses: Iterable[str] = ()) -> Account:
        """An account that is there from now on, and the addresses by which commits name it."""
        made = self.world.account(login, kind)
        made.addresses |= {one.lower() for one in addresses}
        return made

    def member(self, organisation: str, login: str, role: str = "member", by: str = "ana") -> None:
        """Somebody belongs to an organisation, as `member` or `admin`; `organization.member_added` if that is new."""
        with self.hooks.telling():
            user, owner = self.world.account(login), self.world.account(organisation, "Organization")
            known = login.lower() in owner.members
            owner.members[login.lower()] = role
            if not known:
                self._tell_member(owner, user, "member_added", by)

    def leave(self, organisation: str, login: str, by: str = "ana") -> None:
        """Somebody belongs to an organisation no longer, nor to its teams; `organization.member_removed`."""
        with self.hooks.telling():
            user, owner = self.world.account(login), self.world.account(organisation, "Organization")
            for team in self.world.teams.values():
                if team.organisation is owner and login.lower() in team.members:
                    self._part(team, user, by)
            for place in self.world.repositories.values():
                if place.owner is owner:
                    place.roles.pop(login.lower(), None)
            self._tell_member(owner, user, "member_removed", by)
            del owner.members[login.lower()]

    def _tell_member(self, owner: Account, user: Account, action: str, by: str) -> None:
        membership = {
            "url": f"{self.world.url}/orgs/{owner.login}/memberships/{user.login}",
            "state": "active",
            "role": owner.members[user.login.lower()],
            "organization_url": f"{self.world.url}/orgs/{owner.login}",
            "user": accounts.user(self.world, user),
        }
        self.world.tell("organization", owner, self.world.account(by), action, membership=membership)

    def permit(self, full_name: str, login: str, role: str, by: str = "ana") -> None:
        """Somebody has this role in a repository; `member` is told. ValueError for what is no role."""
        if role not in ROLES:
            raise ValueError(f"{role} is none of {', '.join(ROLES)}")
        with self.hooks.telling():
            place, user = self._place(full_name), self.world.account(login)
            was = place.roles.get(login.lower(), "none")
            place.roles[login.lower()] = role
            if was == role:
                return
            action = "added" if was == "none" else "removed" if role == "none" else "edited"
            told: dict[str, Any] = {"member": accounts.user(self.world, user)}
            if action == "added":
                told["changes"] = {"permission": {"to": accounts.legacy(role)}, "role_name": {"to": role}}
            elif action == "edited":
                told["changes"] = {"permission": {"from": accounts.legacy(was), "to": accounts.legacy(role)}}
            self.world.tell("member", place, self.world.account(by), action, **told)

    def team(
        self,
        organisation: str,
        slug: str,
        members: Iterable[str] = (),
        roles: Mapping[str, str] | None = None,
        parent: str | None = None,
        by: str = "ana",
    ) -> Team:
        """A team, or more of one: its members belong to the organisation; `roles` are what it may do, by repository.

        `parent` is the slug of the team that it is a part of. `team` and `membership` are told.
        """
        with self.hooks.telling():
            owner = self.world.account(organisation, "Organization")
            made = self.world.teams.setdefault((owner.login.lower(), slug.lower()), Team(owner, slug.lower()))
            made.parent = self._team(organisation, parent) if parent is not None else made.parent
            if not made.id:
                self._tell_team(self.world.add(made), "created", by)
            for login in members:
                self.join(organisation, slug, login, by=by)
            for name, role in (roles or {}).items():
                self._grant(made, self._place(name), role, by)
            return made

    def join(self, organisation: str, slug: str, login: str, role: str = "member", by: str = "ana") -> None:
        """Somebody belongs to a team, as `member` or `maintainer`; `membership.added` for one who is new."""
        with self.hooks.telling():
            team, user = self._team(organisation, slug), self.world.account(login)
            if login.lower() not in team.organisation.members:
                self.member(organisation, login, by=by)
            known = login.lower() in team.members
            team.members[login.lower()] = role
            if not known:
                self._tell_membership(team, user, "added", by)

    def part(self, organisation: str, slug: str, login: str, by: str = "ana") -> None:
        """Somebody belongs to a team no longer; `membership.removed`. KeyError for one who did not."""
        with self.hooks.telling():
            self._part(self._team(organisation, slug), self.world.account(login), by)

    def _part(self, team: Team, user: Account, by: str) -> None:
        del team.members[user.login.lower()]
        self._tell_membership(team, user, "removed", by)

    def withdraw(self, organisation: str, slug: str, full_name: str, by: str = "ana") -> None:
        """A team has no role in a repository any longer; `team.removed_from_repository`."""
        with self.hooks.telling():
            team, place = self._team(organisation, slug), self._place(full_name)
            del team.roles[place.id]
            self._tell_team(team, "removed_from_repository", by, place)

    def delete_team(self, organisation: str, slug: str, by: str = "ana") -> None:
        """A team is gone, and with it those below it; `team.deleted`."""
        with self.hooks.telling():
            team = self._team(organisation, slug)
            for one in [one for one in self.world.teams.values() if one.parent is team]:
                self.delete_team(organisation, one.slug, by)
            del self.world.teams[organisation.lower(), team.slug]
            self.world.nodes.pop(team.node_id)
            self._tell_team(team, "deleted", by)

    def _grant(self, team: Team, place: Repository, role: str, by: str) -> None:
        was = team.roles.get(place.id)
        team.roles[place.id] = role
        if was is None:
            self._tell_team(team, "added_to_repository", by, place)
        elif was != role:
            had = {
                name: value for name, value in accounts.permissions(was).items() if name in ("admin", "pull", "push")
            }
            self._tell_team(team, "edited", by, place, changes={"repository": {"permissions": {"from": had}}})

    def _tell_team(self, team: Team, action: str, by: str, place: Repository | None = None, **parts: Any) -> None:
        told = accounts.told_team(self.world, team)
        self.world.tell("team", place or team.organisation, self.world.account(by), action, team=told, **parts)

    def _tell_membership(self, team: Team, user: Account, action: str, by: str) -> None:
        told, member = accounts.told_team(self.world, team), accounts.user(self.world, user)
        sender = self.world.account(by)
        self.world.tell("membership", team.organisation, sender, action, scope="team", member=member, team=told)

    def properties(self, full_name: str, by: str = "ana", **values: Any) -> None:
        """A repository has these values of custom properties; None takes one away. `custom_property_values.updated`."""
        with self.hooks.telling():
            place = self._place(full_name)
            old = {name: place.properties.get(name) for name in values}
            place.properties |= values
            place.properties = {name: value for name, value in place.properties.items() if value is not None}
            changed = [name for name in values if old[name] != values[name]]
            if changed:
                lists = [[{"property_name": name, "value": one[name]} for name in changed] for one in (values, old)]
                told = dict(zip(("new_property_values", "old_property_values"), lists, strict=True))
                self.world.tell("custom_property_values", place, self.world.account(by), "updated", **told)
