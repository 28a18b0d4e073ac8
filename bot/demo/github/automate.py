"""Checks, statuses and the merge queue: what machines do, and the buttons that people press under it."""

from typing import Any

from bot.demo.github.acts import checks as check_acts
from bot.demo.github.acts import pulls as acts
from bot.demo.github.acts import statuses as status_acts
from bot.demo.github.administer import Administration
from bot.demo.github.objects import By
from bot.demo.github.shapes import checks
from bot.demo.github.shapes.commits import simple_commit
from bot.demo.github.state import Account, CommitStatus, Issue, Pull, Run, Suite


class Automation(Administration):
    """The machines' part of the stand-in, and where to find what they have left."""

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
            self._dissolve(self.pull_request(full_name, number), self.world.account(by), reason)

    def land(self, full_name: str, number: int) -> str:
        """The queue merges what was checked, and so moves the branch to the very commit; returns it.

        ValueError where somebody has pushed to the branch since: GitHub would make another group.
        """
        with self.hooks.telling():
            pull, bot = self.pull_request(full_name, number), self.world.account("github-merge-queue[bot]", "Bot")
            git, branch = pull.repository.git, self._queued(pull)
            before, sha = git.branch(pull.base_ref), git.refs[f"refs/heads/{branch}"]
            if before != branch.rpartition("-")[2]:
                raise ValueError(f"{pull.base_ref} has moved since {full_name}#{number} was queued")
            git.set(f"refs/heads/{pull.base_ref}", sha)
            pull.merged, pull.merged_by, pull.merge_commit = self.world.now(), bot, sha
            acts.moved(self.world, pull.repository, pull.base_ref, before, bot, quiet=False)
            pull.repository.activity[-1].kind = "merge_queue_merge"
            acts.set_state(self.world, pull, bot, "closed")
            self._dissolve(pull, bot, "merged")
            return sha

    def _queued(self, pull: Pull) -> str:
        start = f"gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-"
        return next(one for one in pull.repository.git.branches if one.startswith(start))

    def _dissolve(self, pull: Pull, user: Account, reason: str) -> None:
        branch, git = self._queued(pull), pull.repository.git
        group, why = self._group(pull, branch), {"dequeued": "MANUAL", "merged": "MERGE"}.get(reason, "MERGE_CONFLICT")
        self.world.tell("merge_group", pull.repository, user, "destroyed", merge_group=group, reason=reason)
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
