"""A default branch as it stands, in the shape of a pull request that changes nothing, so that it is judged as one."""

from bot.errors import Refused
from bot.gather.pilots import Pilot, pages
from bot.gather.pull import Pull
from bot.github.client import Installation
from rules.catalogue import Catalogue
from rules.document import Document
from rules.facts import Approvals
from rules.policy import Organisation


def read_branch(installation: Installation, catalogue: Catalogue, repository: str) -> Pull:
    """The default branch of a repository; its `number` is 0. Raises RetryLater or Refused."""
    (page,) = pages(installation, catalogue, [repository])
    found = branch(page.pilots[0], page.organisation) if page.pilots else None
    if found is None:
        raise Refused(f"{repository} is not there, is empty, or this installation may not see it")
    return found


def branch(found: Pilot, organisation: Document[Organisation]) -> Pull | None:
    """The default branch of a repository, under its organisation's file; None where nothing is in it yet."""
    if found.branch is None or found.commit is None:
        return None
    return Pull(
        id=found.id,
        repository=found.name,
        number=0,
        open=not found.archived,
        head=found.commit,
        ref=found.branch,
        foreign=False,
        base=found.branch,
        base_commit=found.commit,
        default=found.branch,
        emergency=False,
        changed=(),
        mark="",
        required=None,
        group=False,
        tree=found.tree,
        parents=frozenset(),
        outside=frozenset({found.commit}),
        branch=found.branch,
        commits=frozenset(),
        told=None,
        approvals=Approvals(),
        rebased=None,
        topics=found.topics,
        policy=found.policy,
        base_policy=found.policy,
        organisation=organisation,
        standing=(),
        comments=(),
    )
