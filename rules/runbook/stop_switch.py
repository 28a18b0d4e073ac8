"""The pilot can be turned off by something that exists.

When a model does harm, the first question is how to stop it. An answer that was never written down is found out
under pressure.

Fix: commit the workflow, flag or script that turns the pilot off, and name it as a runbook's `stop_switch`.
"""

from collections.abc import Iterator

from rules.facts import Presence, Tree
from rules.policy import Policy
from rules.rule import Finding, Severity, bad, good, quote

CODE = "RUN004"
SEVERITY = Severity.ERROR


def check(policy: Policy, tree: Tree) -> Iterator[Finding]:
    runbooks = policy.runbooks or ()
    if not runbooks:
        yield Finding(("runbooks",), "nothing says how to turn the pilot off: write `runbooks:` with a `stop_switch`")
    elif all(runbook.stop_switch is None for runbook in runbooks):
        message = "nothing says how to turn the pilot off: write `stop_switch:` and the path of what does it"
        yield Finding(("runbooks", 0, "stop_switch"), message)
    for number, runbook in enumerate(runbooks):
        if runbook.stop_switch is not None and tree.at(runbook.stop_switch) is not Presence.FILE:
            found = tree.at(runbook.stop_switch).value
            message = f"the stop switch {quote(runbook.stop_switch)} is {found}: commit what turns the pilot off there"
            yield Finding(("runbooks", number, "stop_switch"), message)


EXAMPLES = [
    good(
        """
        runbooks:
          - file: docs/runbook.md
            stop_switch: .github/workflows/disable-triage.yml
          - file: docs/other.md
        """,
        files=(".github/workflows/disable-triage.yml",),
    ),
    bad(
        """
        runbooks:
          - file: docs/runbook.md
            stop_switch: .github/workflows/disable-triage.yml
        """,
        at="runbooks[0].stop_switch",
        says="is not there: commit what turns the pilot off there",
    ),
    bad(
        "runbooks: [{stop_switch: ops}]",
        at="runbooks[0].stop_switch",
        says="`ops` is a folder",
        files=("ops/stop.sh",),
    ),
    bad("runbooks: [{file: docs/runbook.md}]", at="runbooks[0].stop_switch", says="write `stop_switch:`"),
    bad("runbooks: []", at="runbooks", says="write `runbooks:` with a `stop_switch`"),
    bad("owners: {}", at="runbooks", says="nothing says how to turn the pilot off"),
]
