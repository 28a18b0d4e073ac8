"""Who may approve a policy that is weakened or waives something, and whether somebody has.

Asked by POL003 and by the engine before a waiver counts that the base branch does not have.
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


def approval(base: Base, organisation: Organisation, approvals: Approvals, people: People) -> Approval:
    """The approval of a change: by an approver who is not an author of it, on the commit that is evaluated.

    Approvers are the organisation's, else the deciders of the base branch's policy, else the administrators of the
    repository; never those whom the change itself names.
    """
    handles = approvers(base, organisation)
    may = " or ".join(map(quote, handles)) if handles else "an administrator of the repository"
    if approvals.unread:
        return Approval(None, may, approvals.unread)
    unread: Unverifiable | None = None
    for login in (one for one in approvals.given if one not in approvals.authors):
        for said in _means(login, handles, people):
            if said is True:
                return Approval(login, may)
            unread = said if isinstance(said, Unverifiable) else unread
    return Approval(None, may, unread)


def approvers(base: Base, organisation: Organisation) -> tuple[Handle, ...]:
    """Who may approve, by name; empty where it is for the repository's administrators."""
    decision = base.policy.decision if base.policy else None
    return organisation.approvers or (decision.deciders if decision else None) or ()


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
