"""The pilot can be turned off by something that exists.

When a model does harm, the first question is how to stop it. An answer that was never written down is found out
under pressure, and so is a workflow that nobody can start.

Fix: commit the workflow, flag or script that turns the pilot off, and name it as a runbook's `stop_switch`; let a
workflow be started by hand (`on: workflow_dispatch`).
"""

from collections.abc import Iterator

from rules.document import Document
from rules.evidence.substance import Substance
from rules.facts import Presence, Tree
from rules.policy import Policy
from rules.rule import Finding, Severity, bad, good, quote
from rules.values import RepoPath

CODE = "RUN004"
SEVERITY = Severity.ERROR


def check(policy: Policy, document: Document[Policy], tree: Tree, substance: Substance) -> Iterator[Finding]:
    runbooks = policy.runbooks or ()
    if not runbooks:
        yield Finding(("runbooks",), "nothing says how to turn the pilot off: write `runbooks:` with a `stop_switch`")
    elif all(runbook.stop_switch is None for runbook in runbooks):
        message = "nothing says how to turn the pilot off: write `stop_switch:` and the path of what does it"
        yield Finding(("runbooks", 0, "stop_switch"), message)
    for number, runbook in enumerate(runbooks):
        wrong = runbook.stop_switch and _wrong(runbook.stop_switch, document.path, tree, substance)
        if wrong:
            yield Finding(("runbooks", number, "stop_switch"), f"the stop switch {wrong}")


def _wrong(switch: RepoPath, own: str, tree: Tree, substance: Substance) -> str | None:
    """What is wrong with a stop switch, and what to write; None where nothing is known to be."""
    there = tree.at(switch)
    if there is not Presence.FILE:
        return f"{quote(switch)} is {there.value}: commit what turns the pilot off {there.where}"
    if switch == own:
        return f"{quote(switch)} is this policy, which turns nothing off: name what does"
    if switch in substance.empty:
        return f"{quote(switch)} is empty: write there what turns the pilot off"
    return str(substance.stuck[switch]) if switch in substance.stuck else None


_SWITCH = ".github/workflows/disable-triage.yml"
_NAMED = "runbooks: [{stop_switch: .github/workflows/disable-triage.yml}]"

EXAMPLES = [
    good(
        """
        runbooks:
          - file: docs/runbook.md
            stop_switch: .github/workflows/disable-triage.yml
          - file: docs/other.md
        """,
        files={_SWITCH: "on: workflow_dispatch\n"},
    ),
    good("runbooks: [{stop_switch: flags/triage}]", files={"flags/triage": "on\n"}),
    bad(
        _NAMED,
        at="runbooks[0].stop_switch",
        says="`.github/workflows/disable-triage.yml` starts on `push` alone, so that nobody can start it when it is"
        " needed: add `workflow_dispatch:` to its `on:`",
        files={_SWITCH: "on: push\n"},
    ),
    bad(_NAMED, at="runbooks[0].stop_switch", says="is empty: write there what turns", files={_SWITCH: "\n"}),
    bad(
        "runbooks: [{stop_switch: .pilot.yml}]",
        at="runbooks[0].stop_switch",
        says="`.pilot.yml` is this policy, which turns nothing off: name what does",
        files={".pilot.yml": "version: 1\n"},
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
