"""Whether somebody may sign off, waive or decide: each of these raises UserError, with who could, where not."""

from urllib.parse import quote as escaped

from bot.errors import Refused, UserError
from bot.github import people
from bot.github.client import Installation
from bot.review.asked import Asked
from rules.approval import Approval, Assent, belongs
from rules.facts import Account, Approvals, People, Role, Unverifiable
from rules.values import Handle, quote

_ACTIVE = "active"


def to_approve(asked: Asked) -> None:
    """An approver who has no hand in the change."""
    assent = _as_given(asked, asked.assent().approvers)
    _no_hand(asked, assent.approval().may)
    _or_refuse(assent.approval())


def to_decide(asked: Asked) -> None:
    """A decider; one who has a hand in the change, only where nobody else has."""
    handles = asked.assent().deciders or asked.assent().approvers
    given = _as_given(asked, handles)
    found = given.by_decider()
    approvals = given.approvals
    if (
        found.by is None
        and not found.unread
        and asked.login.lower() in approvals.authors
        and len(approvals.authors) > 1
    ):
        # Whether they are a decider is not asked: another change is where it shows.
        why = f"you have a hand in this change, and so have others: it takes {found.may}, who has none"
        raise UserError(f"{why}, or the same command on an issue, which makes a pull request of its own")
    _or_refuse(found)


def to_sign(asked: Asked, review: str) -> None:
    """One of that review's team, as the base branch names it, who has no hand in the change; else an approver."""
    base = asked.subject.base.policy
    before = (base.reviews if base else None) or {}
    team = before[review].team if review in before else None
    if team is None:
        to_approve(asked)
        return
    who = f"a member of {quote(team)}" if team.team else quote(team)
    _no_hand(asked, who)
    said = belongs(asked.login.lower(), team, _looked_up(asked, (team,)))
    unread = said if isinstance(said, Unverifiable) else None
    _or_refuse(Approval(asked.login if said is True else None, who, unread))


def _no_hand(asked: Asked, who: str) -> None:
    approvals = asked.pull.approvals
    if approvals.unread:
        raise UserError(f"who has a hand in this change is not known: {approvals.unread.reason}")
    if asked.login.lower() in approvals.authors:
        raise UserError(f"you have a hand in this change yourself: it takes {who}, who is no author of it")


def _or_refuse(found: Approval) -> None:
    if found.unread:
        raise UserError(f"whether you may do this is not known: {found.unread.reason}")
    if found.by is None:
        raise UserError(f"you may not do this: it takes {found.may}")


def _as_given(asked: Asked, handles: tuple[Handle, ...]) -> Assent:
    """As if whoever asks had approved the change as it stands, and nobody else."""
    found = asked.assent()
    given = Approvals((asked.login.lower(),), found.approvals.authors, found.approvals.unread)
    return Assent(found.base, found.organisation, given, _looked_up(asked, handles))


def _looked_up(asked: Asked, handles: tuple[Handle, ...]) -> People:
    """What it takes to know of whoever asks: which of these teams they are in, or their role where nobody is named."""
    installation, login = asked.installation, asked.login.lower()
    known: dict[str, Account | Unverifiable | None] = {
        handle: _team(installation, handle, login) for handle in handles if handle.team
    }
    if not handles:
        role: Role = "admin" if people.administers(installation, asked.pull.repository, login) else "none"
        known[f"@{login}"] = Account(frozenset({login}), role)
    return People(known, Unverifiable("nobody else is looked up"))


def _team(installation: Installation, handle: Handle, login: str) -> Account | Unverifiable:
    organisation, _, slug = handle[1:].partition("/")
    path = f"/orgs/{escaped(organisation)}/teams/{escaped(slug)}/memberships/{escaped(login, safe='')}"
    try:
        found = installation.get(path)
    except Refused as refused:
        if refused.status == 404:
            return Account(frozenset(), "none")
        why = f"who is in {quote(handle)} can't be read: grant the app the permission members:read"
        return Unverifiable(why, elsewhere=True)
    return Account(frozenset({login} if found.get("state") == _ACTIVE else ()), "none")
