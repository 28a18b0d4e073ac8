"""A repository that must have a policy has one.

A pilot without a contract has no owner, no criteria and no end. The organisation's file says which repositories must
have one, by their topics or custom properties.

Fix: run `pilotgate init` at the root of the repository, fill in what it asks for, and commit `.pilot.yml`.
"""

from collections.abc import Iterator

from rules.document import Document
from rules.facts import Repository
from rules.policy import Organisation, Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle

CODE = "POL001"
SEVERITY = Severity.ERROR


def check(
    document: Document[Policy], organisation: Organisation, repository: Repository
) -> Iterator[Finding | NotApplicable]:
    if document.problems:
        yield NotApplicable("POL002 fails")
    elif document.absent and organisation.asks_for_policy(repository.topics, repository.properties):
        wanted = organisation.required_for
        named = [f"topic {topic}" for topic in wanted.topics] + [f"property {name}" for name in wanted.properties]
        message = (
            f"the organisation asks for {document.path} in repositories with {', '.join(named)}:"
            " `pilotgate init` writes a starter"
        )
        yield Finding((), message)
    elif document.absent:
        yield NotApplicable("the organisation asks for no policy here")


_NONE_ASKED = "{version: 1, required_for: {topics: [], properties: {}}}"

EXAMPLES = [
    good("owners: {}"),
    bad(
        None,
        at="",
        says="asks for .pilot.yml in repositories with topic ai-pilot: `pilotgate init` writes a starter",
    ),
    bad(
        None,
        at="",
        says="repositories with property lifecycle",
        organisation="{version: 1, required_for: {topics: [], properties: {lifecycle: pilot}}}",
    ),
    idle(None, says="the organisation asks for no policy here", organisation=_NONE_ASKED),
    idle("owner: {}", says="POL002 fails"),
]
