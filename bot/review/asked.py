"""What a command is asked for: where, by whom, and how things stand there."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from bot.comments.days import day
from bot.errors import UserError
from bot.gather.branch import read_branch
from bot.gather.pull import Pull
from bot.github.client import Installation
from bot.review import pull as reviewing
from bot.review.folders import Folders, path_of
from bot.review.judge import By, usable
from bot.review.subjects import Subject, subject
from rules.approval import Assent
from rules.document import Document
from rules.facts import People, Unverifiable
from rules.policy import Organisation, Policy
from rules.rule import Rule
from rules.values import quote
from rules.wording import nearest


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that gives a command: under which issue or pull request, its id and address, who wrote it, and when."""

    repository: str
    number: int
    on_pull: bool
    id: int
    address: str
    login: str
    at: datetime


class Asked:
    """A command that somebody asks for; `key` tells it from the others of its comment. `folder` is where the policy
    stands that it names. What is looked up is kept."""

    def __init__(
        self, installation: Installation, by: By, comment: Comment, key: str, folder: str | None = None
    ) -> None:
        self.installation, self.by, self.comment, self.key, self.folder = installation, by, comment, key, folder

    def anew(self) -> "Asked":
        """The same, with nothing looked up yet."""
        return self.within(self.folder)

    def within(self, folder: str | None) -> "Asked":
        """The same about the policy of a folder."""
        return Asked(self.installation, self.by, self.comment, self.key, folder)

    @property
    def login(self) -> str:
        """Who asks."""
        return self.comment.login

    @cached_property
    def pull(self) -> Pull:
        """The pull request, or on an issue the default branch. Raises RetryLater or Refused."""
        here = self.comment
        if not here.on_pull:
            return read_branch(self.installation, self.by.catalogue, here.repository)
        return reviewing.read(self.installation, self.by, self.where, authors=True)

    @property
    def where(self) -> reviewing.Asked:
        """The pull request, to be reviewed."""
        return reviewing.Asked(self.comment.repository, self.comment.number)

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation's file, or the defaults where there is none; UserError where it can't be used."""
        owner = self.pull.repository.partition("/")[0]
        found = usable(self.by.memory, owner, self.pull.organisation)
        if found is None:
            raise UserError(f"`.pilot-org.yml` of {quote(owner)} can't be used, so nobody can be told who may do this")
        return found

    @property
    def today(self) -> date:
        """The date where the organisation is."""
        return self.by.today(self.organisation).date

    def day(self, text: str) -> date:
        """The day that a text means; UserError for one that means none."""
        return day(text, self.today)

    @cached_property
    def folders(self) -> Folders:
        """Where there are policies."""
        return Folders(self.installation, self.by, self.pull)

    @cached_property
    def path(self) -> str:
        """The policy's path; UserError where it is not told which one is meant."""
        return self.folders.only() if self.folder is None else path_of(self.folder)

    @cached_property
    def subject(self) -> Subject:
        """The policy that this is about, and what it is held against."""
        return subject(self.installation, self.by.catalogue, self.pull, self.path)

    @property
    def document(self) -> Document[Policy]:
        """The policy as it stands there; UserError where there is none."""
        found = self.subject.pull.policy
        if found.absent:
            raise UserError(self.folders.lacking(self.path))
        return found

    @property
    def policy(self) -> Policy:
        """What it says; UserError where there is none that can be read."""
        found = self.document
        if found.model is None:
            first = found.problems[0]
            where = f"{quote(self.path)} can't be read (line {first.place.line}: {first.message})"
            raise UserError(f"{where}: mend it first")
        return found.model

    def assent(self) -> Assent:
        """Who may approve, as the base branch and the organisation name them."""
        nobody = People({}, Unverifiable("nobody is looked up"))
        return Assent(self.subject.base, self.organisation, self.pull.approvals, nobody)

    def rule(self, code: str) -> Rule:
        """The rule of a code; UserError with the nearest one where there is none."""
        known = self.by.catalogue.rules
        if code.upper() in known:
            return known[code.upper()]
        better = nearest(code.upper(), list(known))
        hint = f"did you mean `{better}`?" if better else "write it as the check shows it, such as `REV001`"
        raise UserError(f"{quote(code)} is no rule's code: {hint}")

    def at(self, today: date) -> By:
        """By what it is judged on another day."""
        return self.by.on(today, self.organisation)
