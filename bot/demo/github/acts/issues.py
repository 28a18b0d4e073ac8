"""Issues are opened, edited, labelled and closed; comments and reactions are left under them."""

from collections.abc import Collection
from typing import Any

from bot.demo.github.acts import pulls as pull_acts
from bot.demo.github.exchange import invalid
from bot.demo.github.shapes import accounts, issues, repositories
from bot.demo.github.state import Account, Comment, Issue, Label, Reaction, Repository, World

LONGEST = 65_536


def body(text: str | None, resource: str) -> str | None:
    """A body, if it is not too long: GitHub counts characters."""
    if text is not None and len(text) > LONGEST:
        raise invalid(resource, "body", "unprocessable", f"body is too long (maximum is {LONGEST} characters)")
    return text


def tell(world: World, action: str, issue: Issue, user: Account, **parts: Any) -> None:
    """Tell of an issue, or of the pull request that it is."""
    if issue.pull is not None:
        pull_acts.tell(world, action, issue.pull, user, **parts)
    else:
        world.tell("issues", issue.repository, user, action, issue=issues.told(world, issue), **parts)


def open_issue(world: World, issue: Issue) -> Issue:
    """Open an issue, labels and assignees with it."""
    repository = issue.repository
    issue.number = pull_acts.number(repository)
    repository.issues[issue.number] = world.add(issue)
    tell(world, "opened", issue, issue.user)
    return issue


def transfer(world: World, issue: Issue, place: Repository, user: Account) -> None:
    """Let an issue be one of another repository, under the next number there, with the labels that are known there."""
    was, told = issue.repository, issues.told(world, issue)
    was.left[issue.number] = issue
    del was.issues[issue.number]
    issue.repository, issue.number = place, pull_acts.number(place)
    issue.labels = [place.labels[one.name.lower()] for one in issue.labels if one.name.lower() in place.labels]
    place.issues[issue.number] = issue
    changes = {"new_issue": issues.told(world, issue), "new_repository": repositories.repository(world, place)}
    world.tell("issues", was, user, "transferred", issue=told, changes=changes)


def delete(world: World, issue: Issue, user: Account) -> None:
    """Take an issue away for good."""
    issue.repository.left[issue.number] = None
    del issue.repository.issues[issue.number]
    tell(world, "deleted", issue, user)


def edit(world: World, issue: Issue, user: Account, title: str | None, text: str | None) -> None:
    """Give an issue other words."""
    changes: dict[str, Any] = {}
    for key, new in (("title", title), ("body", text)):
        if new is not None and new != getattr(issue, key):
            changes[key] = {"from": getattr(issue, key) or ""}
            setattr(issue, key, new)
    if changes:
        issue.changed = world.now()
        tell(world, "edited", issue, user, changes=changes)


def set_state(world: World, issue: Issue, user: Account, state: str, reason: str | None) -> None:
    """Close or reopen an issue."""
    if issue.pull is not None:
        pull_acts.set_state(world, issue.pull, user, state)
        return
    if issue.state == state:
        return
    issue.state, issue.changed = state, world.now()
    closed = state == "closed"
    issue.reason = (reason or "completed") if closed else "reopened"
    issue.closed, issue.closed_by = (world.now(), user) if closed else (None, None)
    tell(world, "closed" if closed else "reopened", issue, user)


def label(world: World, repository: Repository, name: str) -> Label:
    """The label of a name, made if need be."""
    found = repository.labels.get(name.lower())
    if found is None:
        found = repository.labels[name.lower()] = world.add(Label(name))
    return found


def set_labels(world: World, issue: Issue, user: Account, names: Collection[str]) -> None:
    """Give an issue these labels and no others."""
    wanted = [label(world, issue.repository, name) for name in dict.fromkeys(names)]
    was, issue.labels = issue.labels, wanted
    changed = [("labeled", one) for one in wanted if one not in was]
    changed += [("unlabeled", one) for one in was if one not in wanted]
    for action, one in changed:
        issue.changed = world.now()
        tell(world, action, issue, user, label=issues.label(world, issue.repository, one))


def assign(world: World, issue: Issue, user: Account, logins: Collection[str]) -> None:
    """Assign an issue to these people and no others. Whoever can't be assigned is left out, as on GitHub."""
    able = [one for one in dict.fromkeys(logins) if assignable(world, issue.repository, one)]
    was, issue.assignees = issue.assignees, [world.account(one) for one in able][:10]
    changed = [("assigned", one) for one in issue.assignees if one not in was]
    changed += [("unassigned", one) for one in was if one not in issue.assignees]
    for action, one in changed:
        issue.changed = world.now()
        tell(world, action, issue, user, assignee=accounts.user(world, one))


def assignable(world: World, repository: Repository, login: str) -> bool:
    """Whether issues may be assigned to somebody: people who can write, and members; never a team."""
    found = world.accounts.get(login.lower())
    if found is None or found.kind != "User":
        return False
    member = login.lower() in repository.owner.members
    return member or world.role(repository, login) not in ("none", "read")


def comment(world: World, issue: Issue, user: Account, text: str, by_app: bool = False) -> Comment:
    """Leave a comment."""
    made = world.add(Comment(issue, user, text, by_app))
    issue.comments.append(made)
    issue.changed = world.now()
    _tell_comment(world, "created", made, user)
    return made


def edit_comment(world: World, made: Comment, user: Account, text: str) -> None:
    """Change a comment. The event has the words of before, and `user` as its sender."""
    was, made.body, made.changed = made.body, text, world.now()
    _tell_comment(world, "edited", made, user, changes={"body": {"from": was}})


def delete_comment(world: World, made: Comment, user: Account) -> None:
    """Take a comment away."""
    _tell_comment(world, "deleted", made, user)
    made.issue.comments.remove(made)
    world.nodes.pop(made.node_id)


def _tell_comment(world: World, action: str, made: Comment, user: Account, **parts: Any) -> None:
    told = {"issue": issues.told(world, made.issue), "comment": issues.comment(world, made)}
    world.tell("issue_comment", made.issue.repository, user, action, **told, **parts)


def react(world: World, below: list[Reaction], user: Account, content: str) -> tuple[Reaction, bool]:
    """Leave a reaction, and whether it is new: the same one is left once."""
    if content not in issues.KINDS:
        raise invalid("Reaction", "content")
    for one in below:
        if one.user is user and one.content == content:
            return one, False
    made = world.add(Reaction(user, content))
    below.append(made)
    return made, True
