"""Users have a named way to say that an answer was wrong, and it exists.

The people who see the mistakes are not the people who see the dashboards. Where a wrong answer can't be reported in a
minute, it is worked around, and trust goes before any metric moves.

Fix: name the way in `monitoring.feedback`: an issue label (`label:model-feedback`), a file such as an issue form under
`.github/ISSUE_TEMPLATE/`, or an https address.
"""

from collections.abc import Iterator

from rules.evidence.feedback import Feedback
from rules.facts import Labels, Presence, Tree
from rules.policy import Policy
from rules.rule import Finding, Severity, Unverifiable, bad, good, quote, unclear
from rules.values import Label, Url

CODE = "MON008"
SEVERITY = Severity.WARNING

_CONTRACTS = (".pilot.yml", ".pilot-org.yml")
_THERE = (Presence.FILE, Presence.FOLDER)


def check(policy: Policy, tree: Tree, labels: Labels, feedback: Feedback) -> Iterator[Finding | Unverifiable]:
    at = ("monitoring", "feedback")
    channel = policy.monitoring.feedback if policy.monitoring else None
    if channel is None:
        message = "users have no way to report a wrong answer: write `feedback:` and `label:NAME`, a path or an address"
        yield Finding(at, message)
    elif isinstance(channel, Label):
        name = channel.removeprefix("label:").strip()
        there = labels.has(name)
        if isinstance(there, Unverifiable):
            yield there
        elif not there:
            yield Finding(at, f"the repository has no label {quote(name)}: make it, or name one that is there")
    elif isinstance(channel, Url):
        yield Unverifiable(f"the way to report a wrong answer, {quote(channel)}, is an address that can't be looked at")
    elif tree.at(channel) not in _THERE:
        found = tree.at(channel).value
        message = f"the way to report a wrong answer, {quote(channel)}, is {found}: commit it there"
        yield Finding(at, message)
    elif feedback.empty or channel.rpartition("/")[2] in _CONTRACTS:
        found = "an empty file" if feedback.empty else "the contract itself, where nobody reports anything"
        message = f"the way to report a wrong answer, {quote(channel)}, is {found}: name a form, a label or an address"
        yield Finding(at, message)


_UNREAD = Unverifiable("which labels there are can't be read: grant the app the permission issues:read")

EXAMPLES = [
    good(
        "monitoring: {feedback: .github/ISSUE_TEMPLATE/wrong-answer.yml}",
        files={".github/ISSUE_TEMPLATE/wrong-answer.yml": "name: Wrong answer"},
    ),
    good("monitoring: {feedback: triage/feedback}", files=("triage/feedback/form.html",)),
    bad(
        "monitoring: {feedback: FEEDBACK.md}",
        at="monitoring.feedback",
        says="`FEEDBACK.md`, is an empty file: name a form, a label or an address",
        files={"FEEDBACK.md": " \n"},
    ),
    bad(
        "monitoring: {feedback: .pilot.yml}",
        at="monitoring.feedback",
        says="`.pilot.yml`, is the contract itself, where nobody reports anything: name a form",
        files={".pilot.yml": "version: 1"},
    ),
    bad(
        "monitoring: {feedback: .github/ISSUE_TEMPLATE/wrong-answer.yml}",
        at="monitoring.feedback",
        says="`.github/ISSUE_TEMPLATE/wrong-answer.yml`, is not there: commit it there",
    ),
    bad("monitoring: {log_retention: 180d}", at="monitoring.feedback", says="write `feedback:` and `label:NAME`"),
    bad("owners: {}", at="monitoring.feedback", says="users have no way to report a wrong answer"),
    good("monitoring: {feedback: 'label: Model-Feedback'}", given=(Labels({"model-feedback": True}, _UNREAD),)),
    bad(
        "monitoring: {feedback: 'label:model-feedback'}",
        at="monitoring.feedback",
        says="the repository has no label `model-feedback`: make it, or name one that is there",
        given=(Labels({"model-feedback": False}, _UNREAD),),
    ),
    unclear("monitoring: {feedback: 'label:model-feedback'}", says=_UNREAD.reason, given=(Labels({}, _UNREAD),)),
    unclear(
        "monitoring: {feedback: 'https://acme.example/feedback'}",
        says="the way to report a wrong answer, `https://acme.example/feedback`, is an address that can't be looked at",
    ),
]
