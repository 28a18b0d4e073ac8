"""RUN002 and RUN003 on pages as people write them."""

import pytest

from rules.evidence.loading import Fault
from rules.evidence.monitoring import Alert, Alerts
from tests.rules.given import keyed, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
runbooks: [{file: docs/runbook.md}]
"""
TOPICS = ("diagnosis", "mitigation", "rollback", "retraining", "escalation")


def lacking(text: str) -> list[str]:
    """The topics that a runbook is said to lack."""
    found = report(POLICY, select=["RUN002"], files={"docs/runbook.md": text.encode()})
    return [topic for topic in TOPICS if any(topic in message for _, message in keyed(found))]


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Diagnosing", "diagnosis"),
        ("1. Triage", "diagnosis"),
        ("How to investigate", "diagnosis"),
        ("Troubleshooting & root cause", "diagnosis"),
        ("Mitigate", "mitigation"),
        ("Work-around", "mitigation"),
        ("Remediation", "mitigation"),
        ("Roll back", "rollback"),
        ("Rolling back the model", "rollback"),
        ("Revert", "rollback"),
        ("Re-training", "retraining"),
        ("How to retrain", "retraining"),
        ("Fine-tuning", "retraining"),
        ("Escalate", "escalation"),
        ("On-call contacts", "escalation"),
        ("Whom to call", "escalation"),
    ],
)
def test_a_heading_in_any_usual_form_counts(title: str, topic: str) -> None:
    assert lacking(f"# Runbook\n\n## {title}\n\nDo it.\n") == [other for other in TOPICS if other != topic]


@pytest.mark.parametrize("title", ["Invoice triage", "Meaning", "Prefix", "Uncontained", "Trained on"])
def test_a_heading_on_something_else_does_not(title: str) -> None:
    assert lacking(f"# Runbook\n\n## {title}\n\nDo it.\n") == list(TOPICS)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Symptoms", "diagnosis"),
        ("What to do", "mitigation"),
        ("Mitgation", "mitigation"),
        ("Restore the last version", "rollback"),
        ("Training the model", "retraining"),
        ("Escallation", "escalation"),
        ("Who answers", "escalation"),
    ],
)
def test_a_heading_that_nearly_fits_is_named_for_its_topic_alone(title: str, topic: str) -> None:
    text = f"# R\n## {title}\na\n" + "".join(f"## {one}\na\n" for one in TOPICS if one != topic)
    found = report(POLICY, select=["RUN002"], files={"docs/runbook.md": text.encode()})
    ((_, message),) = keyed(found)
    assert message.startswith(f"`docs/runbook.md` says nothing of {topic}: add `## {topic.capitalize()}` (")
    assert message.endswith(f"; if `{title}` says that, call it so)")
    whole = "".join(f"## {one}\na\n" for one in TOPICS if one != topic)
    ((_, message),) = keyed(report(POLICY, select=["RUN002"], files={"docs/runbook.md": whole.encode()}))
    assert "call it so" not in message


def test_the_title_of_the_page_is_no_section() -> None:
    assert lacking("# Diagnosis, mitigation, rollback, retraining, escalation\n\n## Notes\n\nx\n") == list(TOPICS)
    assert lacking("# Diagnosis, mitigation, rollback, retraining, escalation\n\nAll in one.\n") == []


def test_every_empty_section_is_told_at_its_line() -> None:
    text = "# R\n## Diagnosis\na\n## Fix\nb\n## Rollback\n## Retraining\nTBD\n## Escalation\nc\n### Rollback of data\n"
    found = report(POLICY, select=["RUN002"], files={"docs/runbook.md": text.encode()})
    assert [(one.path, one.line, one.key) for one in found.findings] == [
        ("docs/runbook.md", line, "runbooks[0].file") for line in (6, 7, 11)
    ]


def dead(text: str, alerts: Alerts, policy: str = POLICY) -> tuple[str, list[tuple[str, int, str]]]:
    found = report(policy, select=["RUN003"], files={"docs/runbook.md": text.encode()}, given=[alerts])
    told = [(one.path, one.line, one.message.split("`")[3]) for one in found.findings]
    return result(found, "RUN003").outcome.value, told


ERRORS = Alerts((Alert("TriageErrors", "Prometheus", "ops/a.yml", 3),))


def test_each_dead_reference_is_told_once_at_its_first_line() -> None:
    text = "[x](gone.md)\n`ops/a.sh` `ops/a.sh`\n\nthe alert `TriageGone`, the alert\n`TriageErrors`\n[y](gone.md)\n"
    assert dead(text, ERRORS) == (
        "fail",
        [("docs/runbook.md", 1, "gone.md"), ("docs/runbook.md", 2, "ops/a.sh"), ("docs/runbook.md", 4, "TriageGone")],
    )


def test_a_page_of_dead_references_is_cut() -> None:
    outcome, told = dead("".join(f"[x]({number}.md)\n" for number in range(100)), ERRORS)
    assert (outcome, len(told)) == ("fail", 20)


@pytest.mark.parametrize("alerts", [Alerts(), Alerts(ERRORS.alerts, broken=(Fault("ops/b.yml", "is empty: fill it"),))])
def test_no_alert_is_missed_where_the_alerts_are_not_known(alerts: Alerts) -> None:
    policy = POLICY.replace("docs/runbook.md", "docs/runbook.md, alerts: [TriageGone]")
    assert dead("the alert `TriageGone`\n", alerts, policy) == ("pass", [])


def test_a_runbook_that_is_named_twice_is_judged_once() -> None:
    policy = POLICY.replace("}]", "}, {file: docs/runbook.md}]")
    assert dead("[x](gone.md)\n", ERRORS, policy)[1] == [("docs/runbook.md", 1, "gone.md")]
