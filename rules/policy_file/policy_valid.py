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
    bad("criteria: [{op: >=}]", at="", says="write it in quotes"),
    bad("monitoring: {configs: [ops/a.yml, *.yml]}", at="", says="put a pattern in quotes"),
    bad("owners: {fix:'@ana-r'}", at="owners.\"fix:'@ana-r'\"", says="a space is missing after the colon"),
    bad("criteria: [{op: =>}]", at="criteria[0].op", says="did you mean `>=`?"),
    bad("criteria: [{window: 0d}]", at="criteria[0].window", says="at least 1"),
    bad("reviews: {legal: {team: 7}}", at="reviews.legal.team", says='"@login" or "@org/team"'),
    bad("runbooks: [{file: https://wiki.acme.example/triage}]", at="runbooks[0].file", says="not an address"),
    bad("<<<<<<< HEAD\nowners: {}\n=======\n>>>>>>> main\n", at="", says="a merge conflict stands here"),
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
