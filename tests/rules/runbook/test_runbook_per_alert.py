"""RUN001 with real addresses and pages."""

import pytest

from rules.evidence.monitoring import Alert, Alerts
from tests.rules.given import keyed, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
monitoring: {configs: [ops/a.yml], signals: [{id: s, metric: m, alert: TriageErrors}]}
runbooks: [{file: docs/runbook.md, alerts: [TriageErrors, Other]}]
"""
TEXT = "# Runbook\n\n## When `TriageErrors` fires ⚠️\n\na\n\n## Other\n\n<a name='own'></a>b\n\nTitle\n---\n"
HUB = "https://github.com/acme/triage"


def judged(*urls: str | None, policy: str = POLICY, text: str = TEXT) -> tuple[str, list[str]]:
    alerts = tuple(
        Alert("TriageErrors", "Prometheus", "ops/a.yml", line, runbook_url=url) for line, url in enumerate(urls, 1)
    )
    found = report(policy, select=["RUN001"], files={"docs/runbook.md": text.encode()}, given=[Alerts(alerts)])
    return result(found, "RUN001").outcome.value, [message for _, message in keyed(found)]


@pytest.mark.parametrize(
    "url",
    [
        f"{HUB}/blob/main/docs/runbook.md#when-triageerrors-fires-️",
        f"{HUB}/blob/main/docs/runbook.md#when-triageerrors-fires-",
        f"{HUB}/blob/main/docs/runbook.md?plain=1#other",
        f"{HUB}/blob/feature/x/docs/runbook.md#other",
        f"{HUB}/tree/main/docs/runbook.md#own",
        "https://github.acme.example/acme/triage/raw/main/docs/runbook.md#title",
        "https://raw.githubusercontent.com/acme/triage/main/docs/runbook.md#Other",
        "docs/runbook.md#other",
        "../docs/runbook.md#other",
    ],
)
def test_an_address_of_a_heading_that_is_there_is_fine(url: str) -> None:
    assert judged(url) == ("pass", [])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"{HUB}/blob/main/docs/runbook.md#triageerrors", "let it lead to `docs/runbook.md#when-triageerrors-fires-️`"),
        (f"{HUB}/blob/main/docs/runbook.md", "leads to no heading of `docs/runbook.md`: let it lead to"),
        (f"{HUB}/blob/main/docs/gone.md#a", "leads to `docs/gone.md`, which is no runbook of this policy: let it lead"),
        ("#other", "leads to `ops`, which is no runbook of this policy"),
        (None, "has no `runbook_url`: write one that leads to `docs/runbook.md#when-triageerrors-fires-️`"),
        ("", "has no `runbook_url`"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_finding_that_says_where_to(url: str | None, says: str) -> None:
    outcome, (message,) = judged(url)
    assert outcome == "fail"
    assert says in message


def test_each_alert_of_the_name_needs_its_address() -> None:
    outcome, messages = judged("docs/runbook.md#other", None)
    assert outcome == "fail"
    assert [message[:32] for message in messages] == ["`TriageErrors` (`ops/a.yml:2`) ha"[:32]]


@pytest.mark.parametrize("url", [f"{HUB}/wiki/Runbook", "https://acme.example/{{ $labels.alertname }}", "notion:x"])
def test_an_address_that_can_not_be_followed_is_unverifiable(url: str) -> None:
    assert judged(url) == ("unverifiable", [])


def test_a_file_for_one_alert_needs_no_anchor_but_a_heading() -> None:
    single = POLICY.replace(", Other", "")
    assert judged("docs/runbook.md", policy=single) == ("pass", [])
    assert judged("docs/runbook.md", policy=single, text="Call Ana.\n")[0] == "fail"


def test_a_runbook_that_no_one_lists_the_alert_in_is_named_where_the_address_leads_nowhere() -> None:
    outcome, messages = judged("https://acme.example/x", policy=POLICY.replace("TriageErrors, Other", "Other"))
    assert (outcome, messages) == ("fail", ["no runbook answers `TriageErrors`: write it into the `alerts` of one"])
    nowhere = POLICY.replace("file: docs/runbook.md, ", "")
    assert judged(None, policy=nowhere)[1] == [
        "`TriageErrors` (`ops/a.yml:1`) has no `runbook_url`: write one that leads to `docs/runbook.md#triageerrors`",
        "runbook 1 is nowhere to be read: write `file:` and its path",
    ]
