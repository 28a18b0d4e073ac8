"""Who may approve a policy that is weakened or waives something, and whether somebody has.

Asked by the rules that demand an approval, and by the engine before a waiver counts that the base branch does not have.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.facts import Account, Approvals, Base, People, Unverifiable
from rules.policy import Organisation
from rules.values import Handle, quote


@dataclass(frozen=True, slots=True)
class Approval:
    """The login of an approver who has approved; else None, `may` being who could and `unread` what is not known."""

    by: str | None
    may: str
    unread: Unverifiable | None = None


@dataclass(frozen=True, slots=True)
class Assent:
    """Who approves of a change, and who could: as of the base branch and the organisation, never as the change itself
    names them."""

    base: Base
    organisation: Organisation
    approvals: Approvals
    people: People

    @property
    def approvers(self) -> tuple[Handle, ...]:
        """Who may approve, by name: the organisation's approvers, else the deciders of the base branch's policy; empty
        where it is for the repository's administrators."""
        return self.organisation.approvers or self.deciders

    @property
    def deciders(self) -> tuple[Handle, ...]:
        """The deciders of the base branch's policy."""
        decision = self.base.policy.decision if self.base.policy else None
        return (decision.deciders if decision else None) or ()

    @property
    def others(self) -> tuple[str, ...]:
        """The logins of those who have approved the commit that is evaluated and had no hand in the change."""
        return tuple(login for login in self.approvals.given if login not in self.approvals.authors)

    def approval(self) -> Approval:
        """The approval of the change: by an approver who is not an author of it, on the commit that is evaluated."""
        return self._of(self.approvers, self.others)

    def by_decider(self) -> Approval:
        """The approval by one who decides: a decider of the base branch's policy, else an approver. Deciders may be
        authors, as long as nobody else is."""
        handles, authors = self.deciders or self.approvers, self.approvals.authors
        alone = len(authors) == 1
        return self._of(handles, (*self.others, *(authors if alone else ())))

    def _of(self, handles: tuple[Handle, ...], logins: tuple[str, ...]) -> Approval:
        may = " or ".join(map(quote, handles)) if handles else "an administrator of the repository"
        if self.approvals.unread:
            return Approval(None, may, self.approvals.unread)
        unread: Unverifiable | None = None
        for login in logins:
            for said in _means(login, handles, self.people):
                if said is True:
                    return Approval(login, may)
                unread = said if isinstance(said, Unverifiable) else unread
        return Approval(None, may, unread)


def _means(login: str, handles: tuple[Handle, ...], people: People) -> Iterator[bool | Unverifiable]:
    if not handles:
        found = people.of(f"@{login}")
        if isinstance(found, Account):
            yield found.role if isinstance(found.role, Unverifiable) else found.role == "admin"
        elif found is not None:
            yield found
    for handle in handles:
        yield belongs(login, handle, people)


def belongs(login: str, handle: Handle, people: People) -> bool | Unverifiable:
    """Whether a login (in small letters) is this person, or one of this team."""
    if not handle.team:
        return handle.lower() == f"@{login}"
    found = people.of(handle)
    return found if isinstance(found, Unverifiable) else found is not None and login in found.logins
