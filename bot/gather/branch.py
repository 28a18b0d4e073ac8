"""A default branch as it stands, in the shape of a pull request that changes nothing, so that it is judged as one."""

from bot.errors import Refused
from bot.gather.names import ORGANISATION
from bot.gather.pilots import pilots
from bot.gather.pull import Pull
from bot.github import contents
from bot.github.client import Installation
from rules.catalogue import Catalogue
from rules.document import absent, read
from rules.facts import Approvals
from rules.policy import Organisation


def read_branch(installation: Installation, catalogue: Catalogue, repository: str) -> Pull:
    """The default branch of a repository; its `number` is 0. Raises RetryLater or Refused."""
    found = next(iter(pilots(installation, catalogue, [repository])), None)
    if found is None or found.branch is None or found.commit is None:
        raise Refused(f"{repository} is not there, is empty, or this installation may not see it")
    owner = found.name.partition("/")[0]
    file = contents.read(installation, f"{owner}/.github", ORGANISATION)
    codes = catalogue.codes
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
        # What a group of the merge queue adds is told by comparing commits, which works here as well.
        group=True,
        tree=found.tree,
        parents=frozenset(),
        outside=frozenset({found.commit}),
        branch=found.branch,
        commits=frozenset(),
        told=None,
        approvals=Approvals(),
        topics=found.topics,
        policy=found.policy,
        base_policy=found.policy,
        organisation=read(file.data, ORGANISATION, Organisation, codes) if file else absent(ORGANISATION, Organisation),
        standing=(),
        comments=(),
    )
