"""What people do: each method is one act of somebody, told to the app by its webhooks."""

from collections.abc import Mapping, Sequence

from bot.demo.github.acts import issues as issue_acts
from bot.demo.github.acts import pulls as acts
from bot.demo.github.automate import Automation
from bot.demo.github.objects import By, Content
from bot.demo.github.state import Comment, Issue, Review


class Cast(Automation):
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

    def transfer_issue(self, full_name: str, number: int, there: str, by: str = "ana") -> int:
        """Let an issue be one of another repository; the old number leads to the new one, which is returned."""
        with self.hooks.telling():
            issue = self.issue(full_name, number)
            issue_acts.transfer(self.world, issue, self._place(there), self.world.account(by))
            return issue.number

    def delete_issue(self, full_name: str, number: int, by: str = "ana") -> None:
        """Delete an issue; its number is given to no other."""
        with self.hooks.telling():
            issue_acts.delete(self.world, self.issue(full_name, number), self.world.account(by))

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
