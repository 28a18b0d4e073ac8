"""Branches move; pull requests are opened, edited, reviewed, closed and merged."""

from typing import Any

from bot.demo.github.objects import By
from bot.demo.github.shapes import accounts, checks, commits, pulls, repositories
from bot.demo.github.state import Account, Activity, Issue, Pull, Rebased, Repository, Review, Suite, World, stamp

WEB = ("GitHub", "noreply@github.com")
"""Who puts commits there that are made on GitHub itself: the account `web-flow`."""
_ZERO = "0" * 40
_OPINIONS = ("APPROVED", "CHANGES_REQUESTED")


def signature(user: Account) -> tuple[str, str]:
    """An account as git names it."""
    return user.login, f"{user.login}@users.noreply.github.test"


def tell(world: World, action: str, pull: Pull, user: Account, **parts: Any) -> None:
    """Tell of a pull request."""
    told = pulls.full_pull(world, pull)
    world.tell("pull_request", pull.repository, user, action, number=pull.number, pull_request=told, **parts)


def number(repository: Repository) -> int:
    """The next number of an issue or pull request."""
    return max([*repository.issues, *repository.left], default=0) + 1


def open_pull(world: World, issue: Issue, head: tuple[Repository, str], base: str, draft: bool = False) -> Pull:
    """Open a pull request, of which `issue` says the words; `head` is a repository and its branch."""
    repository = issue.repository
    issue.number = number(repository)
    commit = head[0].git.refs[f"refs/heads/{head[1]}"]
    repository.git.fetch(head[0].git, head[1], f"refs/pull/{issue.number}/head")
    pull = Pull(issue, head[0], head[1], commit, base, repository.git.refs[f"refs/heads/{base}"], draft)
    world.add(issue)
    issue.pull = world.add(pull)
    repository.issues[issue.number] = issue
    tell(world, "opened", pull, issue.user)
    return pull


def moved(world: World, repository: Repository, branch: str, before: str | None, user: Account, quiet: bool) -> None:
    """A branch points elsewhere: its pull requests follow. `quiet`: nobody is told."""
    after = repository.git.branch(branch)
    repository.changed = world.now()
    _remember(world, repository, Activity(branch, before, after, "push", user))
    for pull in _of_branch(world, repository, branch):
        if after is not None and after != pull.head:
            was, pull.head = pull.head, after
            pull.base = pull.repository.git.branch(pull.base_ref) or pull.base
            pull.repository.git.fetch(repository.git, branch, f"refs/pull/{pull.number}/head")
            pull.issue.changed = world.now()
            if not quiet:
                tell(world, "synchronize", pull, user, before=was, after=after)
    if not quiet:
        _tell_push(world, repository, branch, (before, after), user)


def _remember(world: World, repository: Repository, made: Activity) -> None:
    if made.before is None or made.after is None:
        made.kind = "branch_creation" if made.before is None else "branch_deletion"
    elif made.before not in repository.git.history(made.after):
        made.kind = "force_push"
    repository.activity.append(world.add(made))


def _of_branch(world: World, repository: Repository, branch: str) -> list[Pull]:
    return [
        pull
        for place in world.network(repository)
        for pull in place.pulls
        if pull.issue.state == "open" and pull.head_repository is repository and pull.head_ref == branch
    ]


def _tell_push(
    world: World, repository: Repository, branch: str, span: tuple[str | None, str | None], user: Account
) -> None:
    before, after = span
    git, page = repository.git, repositories.page(world, repository)
    new = git.history(after, before)[:2048] if after else []
    told = [commits.pushed(world, repository, sha) for sha in reversed(new)] if before else []
    forced = bool(before and after) and before not in git.history(after or "")
    world.tell(
        "push",
        repository,
        user,
        ref=f"refs/heads/{branch}",
        before=before or _ZERO,
        after=after or _ZERO,
        created=before is None,
        deleted=after is None,
        forced=forced,
        base_ref=None,
        compare=f"{page}/compare/{(before or _ZERO)[:12]}...{(after or _ZERO)[:12]}",
        commits=told,
        head_commit=commits.pushed(world, repository, after) if after else None,
        pusher={"name": user.login, "email": signature(user)[1]},
    )
    if after is not None:
        found = suite_for(world, repository, after, branch)
        told_suite = checks.told_suite(world, found)
        world.tell("check_suite", repository, user, "requested", check_suite=told_suite)


def suite_for(world: World, repository: Repository, sha: str, branch: str | None = None) -> Suite:
    """The suite of the app on a commit, made if need be."""
    for one in repository.suites:
        if one.head == sha and one.app is world.app:
            return one
    named = branch or next((pull.head_ref for pull in repository.pulls if pull.head == sha), None)
    suite = world.add(Suite(repository, sha, named, world.app))
    repository.suites.append(suite)
    return suite


def edit(world: World, pull: Pull, user: Account, **changed: str) -> None:
    """Give a pull request another title, body or base."""
    changes: dict[str, Any] = {}
    if "base" in changed and changed["base"] != pull.base_ref:
        changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base}}
        pull.rebased.append(Rebased(pull.base_ref, changed["base"], world.now()))
        pull.base_ref = changed["base"]
        pull.base = pull.repository.git.refs[f"refs/heads/{pull.base_ref}"]
    for key in ("title", "body"):
        if key in changed and changed[key] != getattr(pull.issue, key):
            changes[key] = {"from": getattr(pull.issue, key) or ""}
            setattr(pull.issue, key, changed[key])
    if changes:
        pull.issue.changed = world.now()
        tell(world, "edited", pull, user, changes=changes)


def set_state(world: World, pull: Pull, user: Account, state: str) -> None:
    """Close or reopen a pull request."""
    issue = pull.issue
    if issue.state == state:
        return
    issue.state, issue.changed = state, world.now()
    issue.closed = world.now() if state == "closed" else None
    issue.closed_by = user if state == "closed" else None
    if state == "open" and pull.head_repository is not None:
        pull.head = pull.head_repository.git.branch(pull.head_ref) or pull.head
    tell(world, "closed" if state == "closed" else "reopened", pull, user)


def merge(world: World, pull: Pull, user: Account) -> str | None:
    """Merge a pull request; returns the merge commit's id, None for a conflict."""
    git, before = pull.repository.git, pull.repository.git.branch(pull.base_ref)
    who = By(signature(user), WEB)
    message = f"Merge pull request #{pull.number} from {pull.head_ref}\n\n{pull.issue.title}"
    sha = git.merge(pull.base_ref, pull.head, message, who, world.now())
    if sha is not None:
        pull.merged, pull.merged_by, pull.merge_commit = world.now(), user, sha
        moved(world, pull.repository, pull.base_ref, before, user, quiet=False)
        pull.repository.activity[-1].kind = "pr_merge"
        set_state(world, pull, user, "closed")
    return sha


def review(world: World, pull: Pull, made: Review) -> Review:
    """Review a pull request; ValueError for what GitHub refuses."""
    if made.state not in (*_OPINIONS, "COMMENTED"):
        raise ValueError(f"nobody submits a review as {made.state}")
    if made.state in _OPINIONS and made.user is pull.issue.user:
        raise ValueError("Review Can not approve your own pull request, or request changes on it")
    pull.reviews.append(world.add(made))
    _tell_review(world, "submitted", made, made.user)
    return made


def edit_review(world: World, made: Review, user: Account, body: str) -> None:
    """Give a review other words. Its commit and its state stay."""
    was, made.body, made.changed = made.body, body, world.now()
    _tell_review(world, "edited", made, user, changes={"body": {"from": was}})


def dismiss(world: World, made: Review, user: Account) -> None:
    """Take an opinion away; ValueError for what is none."""
    if made.state not in _OPINIONS:
        raise ValueError(f"a review that is {made.state} can't be dismissed")
    made.state, made.changed = "DISMISSED", world.now()
    _tell_review(world, "dismissed", made, user)


def _tell_review(world: World, action: str, made: Review, user: Account, **parts: Any) -> None:
    # In the event the state is in lower case.
    told = pulls.review(world, made) | {"state": made.state.lower(), "updated_at": stamp(made.changed)}
    where = pulls.pull(world, made.pull)
    world.tell("pull_request_review", made.pull.repository, user, action, review=told, pull_request=where, **parts)


def draft(world: World, pull: Pull, user: Account, is_draft: bool) -> None:
    """Mark a pull request as ready, or as a draft again."""
    if pull.draft != is_draft:
        pull.draft = is_draft
        tell(world, "converted_to_draft" if is_draft else "ready_for_review", pull, user)


def assigned(world: World, pull: Pull, user: Account, action: str, who: Account) -> None:
    """Tell that a pull request was assigned to somebody, or no longer is."""
    tell(world, action, pull, user, assignee=accounts.user(world, who))
