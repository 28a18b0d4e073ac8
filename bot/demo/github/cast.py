"""What people do: each method is one act of somebody, told to the app by its webhooks."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.demo.github.acts import checks as check_acts
from bot.demo.github.acts import issues as issue_acts
from bot.demo.github.acts import pulls as acts
from bot.demo.github.acts import statuses as status_acts
from bot.demo.github.administer import Administration
from bot.demo.github.objects import By, Content
from bot.demo.github.shapes import checks
from bot.demo.github.shapes.commits import simple_commit
from bot.demo.github.state import Comment, CommitStatus, Issue, Pull, Review, Run, Suite


class Cast(Administration):
    """The people who write code, review and comment. Everybody named is there from then on."""

    def commit(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, Content],
        message: str = "Change",
        author: str = "dev",
        **people: str,
    ) -> str:
        """Commit to a branch and tell nobody; returns the commit's id. Open pull requests of the branch follow.

        `author` is a login, or `Name <address>` of whom nobody vouches; `committer` may be another such one. `by` is
        the login of whoever pushes it.
        """
        return self._written(full_name, branch, files, message, {"author": author, **people}, quiet=True)

    def push(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, Content],
        message: str = "Change",
        author: str = "dev",
        **people: str,
    ) -> str:
        """Commit as `commit` does; `push`, `check_suite.requested` and `pull_request.synchronize` are told."""
        return self._written(full_name, branch, files, message, {"author": author, **people}, quiet=False)

    def _written(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, Content],
        message: str,
        people: dict[str, str],
        quiet: bool,
    ) -> str:
        if unknown := people.keys() - {"author", "committer", "by"}:
            raise TypeError(f"nobody is {', '.join(sorted(unknown))} of a commit")
        with self.hooks.telling():
            place, author = self._place(full_name), people["author"]
            committer, pusher = people.get("committer", author), people.get("by", author)
            before = place.git.branch(branch)
            by = By(self._signature(author), self._signature(committer))
            sha = place.git.write(branch, files, message, by, self.world.now())
            acts.moved(self.world, place, branch, before, self.world.account(pusher), quiet)
            return sha

    def _signature(self, who: str) -> tuple[str, str]:
        """A name and address as git keeps them."""
        name, made_up, address = who.partition(" <")
        return (name, address.removesuffix(">")) if made_up else acts.signature(self.world.account(who))

    def reset(self, full_name: str, branch: str, sha: str | None, by: str = "dev") -> None:
        """Let a branch point to any commit, as a forced push does; None deletes it."""
        with self.hooks.telling():
            place = self._place(full_name)
            before = place.git.branch(branch)
            place.git.set(f"refs/heads/{branch}", sha)
            acts.moved(self.world, place, branch, before, self.world.account(by), quiet=False)

    def pull(  # noqa: PLR0913
        self,
        full_name: str,
        head: str,
        base: str | None = None,
        *,
        author: str = "dev",
        fork: str | None = None,
        draft: bool = False,
        title: str | None = None,
        body: str | None = None,
    ) -> int:
        """Open a pull request of a branch, or of one of `fork` (`owner/name`); returns its number.

        Whoever opens one within the repository can write there.
        """
        with self.hooks.telling():
            place = self._place(full_name)
            source = self._place(fork) if fork else place
            if source is place and self.world.role(place, author) in ("none", "read"):
                place.roles[author.lower()] = "write"
            issue = Issue(place, 0, self.world.account(author), title or f"Change {head}", body)
            return acts.open_pull(self.world, issue, (source, head), base or place.default, draft).number

    def edit(self, full_name: str, number: int, by: str = "dev", **changed: str) -> None:
        """Give a pull request another `title`, `body` or `base`."""
        with self.hooks.telling():
            acts.edit(self.world, self.pull_request(full_name, number), self.world.account(by), **changed)

    def close(self, full_name: str, number: int, by: str = "dev") -> None:
        """Close an issue or pull request."""
        with self.hooks.telling():
            issue_acts.set_state(self.world, self.issue(full_name, number), self.world.account(by), "closed", None)

    def reopen(self, full_name: str, number: int, by: str = "dev") -> None:
        """Open it again."""
        with self.hooks.telling():
            issue_acts.set_state(self.world, self.issue(full_name, number), self.world.account(by), "open", None)

    def merge(self, full_name: str, number: int, by: str = "dev") -> str:
        """Merge a pull request; returns the merge commit's id. ValueError for a conflict."""
        with self.hooks.telling():
            sha = acts.merge(self.world, self.pull_request(full_name, number), self.world.account(by))
            if sha is None:
                raise ValueError(f"{full_name}#{number} is in conflict")
            return sha

    def ready_for_review(self, full_name: str, number: int, by: str = "dev") -> None:
        """Let a draft be one no longer."""
        with self.hooks.telling():
            acts.draft(self.world, self.pull_request(full_name, number), self.world.account(by), is_draft=False)

    def convert_to_draft(self, full_name: str, number: int, by: str = "dev") -> None:
        """Let a pull request be a draft again."""
        with self.hooks.telling():
            acts.draft(self.world, self.pull_request(full_name, number), self.world.account(by), is_draft=True)

    def review(
        self,
        full_name: str,
        number: int,
        by: str = "ana",
        state: str = "APPROVED",
        body: str = "",
        commit: str | None = None,
    ) -> Review:
        """Review a pull request: `APPROVED`, `CHANGES_REQUESTED` or `COMMENTED`, of its head or of an earlier commit.

        ValueError for what GitHub refuses: nobody approves what is their own, or asks themselves for changes.
        """
        with self.hooks.telling():
            pull, user = self.pull_request(full_name, number), self.world.account(by)
            return acts.review(self.world, pull, Review(pull, user, state, body, commit or pull.head))

    def edit_review(self, review: Review, body: str, by: str | None = None) -> None:
        """Give a review other words; `pull_request_review.edited` is told."""
        with self.hooks.telling():
            acts.edit_review(self.world, review, self.world.account(by) if by else review.user, body)

    def dismiss(self, review: Review, by: str = "ana") -> None:
        """Dismiss an approval or a request for changes; `pull_request_review.dismissed` is told."""
        with self.hooks.telling():
            acts.dismiss(self.world, review, self.world.account(by))

    def open_issue(self, full_name: str, title: str, body: str | None = None, by: str = "dev") -> int:
        """Open an issue; returns its number."""
        with self.hooks.telling():
            issue = Issue(self._place(full_name), 0, self.world.account(by), title, body)
            return issue_acts.open_issue(self.world, issue).number

    def comment(self, full_name: str, number: int, body: str, by: str = "dev") -> Comment:
        """Comment on an issue or pull request."""
        with self.hooks.telling():
            return issue_acts.comment(self.world, self.issue(full_name, number), self.world.account(by), body)

    def edit_comment(self, comment: Comment, body: str, by: str | None = None) -> None:
        """Change a comment; somebody else than its author may."""
        with self.hooks.telling():
            user = self.world.account(by) if by else comment.user
            issue_acts.edit_comment(self.world, comment, user, body)

    def delete_comment(self, comment: Comment, by: str | None = None) -> None:
        """Take a comment away."""
        with self.hooks.telling():
            issue_acts.delete_comment(self.world, comment, self.world.account(by) if by else comment.user)

    def label(self, full_name: str, number: int, names: Sequence[str], by: str = "dev") -> None:
        """Give an issue or pull request these labels and no others."""
        with self.hooks.telling():
            issue_acts.set_labels(self.world, self.issue(full_name, number), self.world.account(by), names)

    def relabel(
        self, full_name: str, number: int, add: Sequence[str] = (), remove: Sequence[str] = (), by: str = "dev"
    ) -> None:
        """Give an issue or pull request more labels, or fewer; each change is told."""
        with self.hooks.telling():
            issue = self.issue(full_name, number)
            kept = [one.name for one in issue.labels if one.name not in remove]
            issue_acts.set_labels(self.world, issue, self.world.account(by), [*kept, *add])

    def assign(self, full_name: str, number: int, logins: Sequence[str], by: str = "dev") -> None:
        """Assign it to these people and no others."""
        with self.hooks.telling():
            issue_acts.assign(self.world, self.issue(full_name, number), self.world.account(by), logins)

    def press(self, run: Run | int, button: str, by: str = "dev") -> None:
        """Press the button with this identifier under a check run; ValueError where there is none."""
        with self.hooks.telling():
            check_acts.press(self.world, self._run(run), button, self.world.account(by))

    def rerequest(self, what: Run | Suite | int, by: str = "dev") -> None:
        """Ask for a check run, or for a suite, again."""
        with self.hooks.telling():
            wanted = self._run(what) if isinstance(what, int) else what
            check_acts.rerequest(self.world, wanted, self.world.account(by))

    def post_check(
        self, full_name: str, sha: str, name: str, conclusion: str | None, app: str = "github-actions"
    ) -> Run:
        """Another app posts a check of any name, as a workflow can; None leaves it in progress.

        `check_run.created` and `.completed` are told.
        """
        with self.hooks.telling():
            return check_acts.post(self.world, (self._place(full_name), sha), name, conclusion, app)

    def conclude_check(self, run: Run, conclusion: str) -> None:
        """Another app completes its run, or changes its mind; `check_run.completed` is told."""
        with self.hooks.telling():
            check_acts.conclude(self.world, run, conclusion)

    def status(
        self, full_name: str, sha: str, context: str, state: str = "success", by: str = "ci", description: str = ""
    ) -> CommitStatus:
        """Set a status on a commit, `error`, `failure`, `pending` or `success`; `status` is told."""
        with self.hooks.telling():
            user = self.world.account(by)
            made = CommitStatus(self._place(full_name), sha, context, state, user, description or None)
            return status_acts.set_status(self.world, made)

    def queue(self, full_name: str, number: int, by: str = "dev") -> str:
        """Put a pull request into the merge queue; `merge_group.checks_requested` is told. Returns the head commit."""
        with self.hooks.telling():
            pull, user = self.pull_request(full_name, number), self.world.account(by)
            git, base = pull.repository.git, pull.repository.git.refs[f"refs/heads/{pull.base_ref}"]
            branch = f"gh-readonly-queue/{pull.base_ref}/pr-{number}-{base}"
            git.set(f"refs/heads/{branch}", base)
            who = By(acts.WEB)
            sha = git.merge(branch, pull.head, f"Merge pull request #{number}", who, self.world.now())
            if sha is None:
                git.set(f"refs/heads/{branch}", None)
                raise ValueError(f"{full_name}#{number} is in conflict")
            acts.tell(self.world, "enqueued", pull, user)
            bot = self.world.account("github-merge-queue[bot]", "Bot")
            acts.moved(self.world, pull.repository, branch, None, bot, quiet=False)
            group = self._group(pull, branch)
            self.world.tell("merge_group", pull.repository, user, "checks_requested", merge_group=group)
            return sha

    def unqueue(self, full_name: str, number: int, by: str = "dev", reason: str = "dequeued") -> None:
        """Take it out of the queue again, `dequeued` or `invalidated`; the temporary branch goes with its group."""
        with self.hooks.telling():
            pull, user = self.pull_request(full_name, number), self.world.account(by)
            git, start = pull.repository.git, f"gh-readonly-queue/{pull.base_ref}/pr-{number}-"
            branch = next(one for one in git.branches if one.startswith(start))
            group = self._group(pull, branch)
            self.world.tell("merge_group", pull.repository, user, "destroyed", merge_group=group, reason=reason)
            why = "MANUAL" if reason == "dequeued" else "MERGE_CONFLICT"
            acts.tell(self.world, "dequeued", pull, user, reason=why)
            before = git.branch(branch)
            git.set(f"refs/heads/{branch}", None)
            bot = self.world.account("github-merge-queue[bot]", "Bot")
            acts.moved(self.world, pull.repository, branch, before, bot, quiet=False)

    def _group(self, pull: Pull, branch: str) -> dict[str, Any]:
        sha = pull.repository.git.refs[f"refs/heads/{branch}"]
        return {
            "head_sha": sha,
            "head_ref": f"refs/heads/{branch}",
            "base_sha": branch.rpartition("-")[2],
            "base_ref": f"refs/heads/{pull.base_ref}",
            "head_commit": simple_commit(pull.repository, sha),
        }

    def issue(self, full_name: str, number: int) -> Issue:
        """The record of an issue or pull request; KeyError where there is none."""
        return self._place(full_name).issues[number]

    def pull_request(self, full_name: str, number: int) -> Pull:
        """The record of a pull request; KeyError where there is none."""
        found = self.issue(full_name, number).pull
        if found is None:
            raise KeyError(number)
        return found

    def checks(self, full_name: str, at: int | str, every: bool = False) -> list[Run]:
        """The check runs on the head of a pull request, or on a commit or branch: the latest of each name, or all."""
        with self.world.lock:
            place = self._place(full_name)
            sha = self.pull_request(full_name, at).head if isinstance(at, int) else place.git.resolve(at)
            runs = [run for suite in place.suites if suite.head == sha for run in suite.runs]
            return sorted(runs, key=lambda one: -one.id) if every else checks.latest(runs)

    def check(self, full_name: str, at: int | str, name: str | None = None) -> Run | None:
        """The latest check run there, of that name if one is given; None where there is none."""
        return next((one for one in self.checks(full_name, at) if name in (None, one.name)), None)

    def _run(self, run: Run | int) -> Run:
        if isinstance(run, Run):
            return run
        suites = [suite for place in self.world.repositories.values() for suite in place.suites]
        return next(one for suite in suites for one in suite.runs if one.id == run)
