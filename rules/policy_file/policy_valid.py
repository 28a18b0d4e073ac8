"""The policy parses and fits its schema.

A key that is misspelt is a promise that nobody reads: the rule that should hold the team to it sees nothing. So
every mistake of form is an error, told at once with its line, its column and the nearest key that is known.

Fix: write what the message says; `pilotgate schema` gives editors the schema, and the policy's reference page shows
every key.
"""

from collections.abc import Iterator

from rules.document import Document
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, bad, good, idle

CODE = "POL002"
SEVERITY = Severity.ERROR


def check(document: Document[Policy]) -> Iterator[Finding | NotApplicable]:
    if document.absent:
        yield NotApplicable(f"there is no {document.path}")
    for problem in document.problems:
        yield Finding(problem.key or (), problem.message, place=problem.place, edit=problem.edit)


EXAMPLES = [
    good(
        """
        version: 1
        pilot:
          name: invoice-triage
          stage: pilot
          start: 2026-11-02
        """
    ),
    bad("owner: {fix: '@ana-r'}", at="owner", says="did you mean `owners`?"),
    bad(
        "pilot: {name: triage, stage: pilto, start: 2026-11-02}",
        at="pilot.stage",
        says="did you mean `pilot`?",
    ),
    bad("pilot: {name: triage, stage: pilot, start: 2026-02-30}", at="pilot.start", says="not in the calendar"),
    bad(
        "pilot: {name: triage, stage: pilot}",
        at="pilot.start",
        says="`start` is missing: write `start: 2026-11-02`",
    ),
    bad('version: "1"', at="version", says="write `version: 1`"),
    bad("criteria: [{id: accuracy, target: '0.93'}]", at="criteria[0].target", says="write it without quotes"),
    bad("decision: {deciders: '@ana-r'}", at="decision.deciders", says="a list belongs here"),
    bad("owners: {fix: ana-r}", at="owners.fix", says='"@login" or "@org/team"'),
    bad("owners: {fix: @ana-r}", at="", says="put it in quotes"),
    bad("runbooks: [{file: ../runbook.md}]", at="runbooks[0].file", says="must not leave the repository"),
    bad("rules: {CRI02: warning}", at="rules.CRI02", says="did you mean `CRI002`?"),
    bad("rules: {POL002: off}", at="rules.POL002", says="never lowered or off"),
    bad(
        """
        owners:
          fix: "@ana-r"
          fix: "@lee"
        """,
        at="owners.fix",
        says="`fix` stands here a second time (first on line 4)",
    ),
    bad("owners:\n\tfix: '@ana-r'\n", at="", says="a tab indents this line"),
    idle(None, says="there is no .pilot.yml"),
    bad("owners: {<<: {fix: '@ana-r'}}", at='owners."<<"', says="merge keys"),
]
