"""RUN001 with real addresses and pages."""

import pytest

from rules.evidence.monitoring import Alert, Alerts
from rules.evidence.runbooks import Runbooks
from rules.facts import Files, Repository, Unverifiable
from tests.rules.given import HEADER, keyed, policy, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
monitoring: {configs: [ops/a.yml], signals: [{id: s, metric: m, alert: TriageErrors}]}
runbooks: [{file: docs/runbook.md, alerts: [TriageErrors, Other]}]
"""
TEXT = "# Runbook\n\n## When `TriageErrors` fires ⚠️\n\na\n\n## Other\n\n<a name='own'></a>b\n\nTitle\n---\nc\n"
HUB = "https://github.com/acme/triage"


def judged(*urls: str | None, policy: str = POLICY, text: str = TEXT) -> tuple[str, list[str]]:
    alerts = tuple(
        Alert("TriageErrors", "Prometheus", "ops/a.yml", line, runbook_url=url) for line, url in enumerate(urls, 1)
    )
    files = {"docs/runbook.md": text.encode(), "ops/more.md": b"a\n", "ops/more.rst": b"R\n=\n"}
    found = report(policy, select=["RUN001"], files=files, given=[Alerts(alerts)])
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


LOST = "let it lead to `docs/runbook.md#when-triageerrors-fires-️`"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"{HUB}/blob/main/docs/runbook.md#triageerrors", f"there is no `#triageerrors`: {LOST}"),
        (f"{HUB}/blob/main/docs/runbook.md", f"leads to no heading of `docs/runbook.md`: {LOST}"),
        (f"{HUB}/blob/main/docs/gone.md#a", f"leads to `docs/gone.md`, which is no file of this repository: {LOST}"),
        (
            f"{HUB}/blob/main/ops/more.md#a",
            "leads to `ops/more.md`, which is no runbook of this policy: name it under `runbooks`, `- file:"
            f" ops/more.md` with `alerts: [TriageErrors]`, or {LOST}",
        ),
        ("#other", "leads to `ops`, which is no file of this repository"),
        ("../..", "leads to no file, which is no file of this repository"),
        (None, "has no `runbook_url`: write one that leads to `docs/runbook.md#when-triageerrors-fires-️`"),
        ("", "has no `runbook_url`"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_finding_that_says_where_to(url: str | None, says: str) -> None:
    outcome, (message,) = judged(url)
    assert outcome == "fail"
    assert says in message


@pytest.mark.parametrize(
    ("url", "text", "write"),
    [
        (
            None,
            "# Runbook\n\n## Triage error\n\na\n",
            "write one that leads to `docs/runbook.md#triage-error`, if its heading `Triage error` answers it, or write"
            " the heading `## TriageErrors` and what to do there",
        ),
        (None, "# Runbook\n\n## Triage errors\n\na\n", "write one that leads to `docs/runbook.md#triage-errors`"),
        (
            None,
            "# Runbook\n\na\n",
            "write one that leads to `docs/runbook.md#triageerrors`, and write the heading `## TriageErrors` and what"
            " to do there",
        ),
        (
            "docs/runbook.md#escalatoin",
            "# Runbook\n\n## Escalation\n\na\n",
            "let it lead to `docs/runbook.md#escalation`, if its heading `Escalation` answers it, or write the heading"
            " `## TriageErrors` and what to do there",
        ),
    ],
)
def test_what_to_write_is_a_heading_that_is_there_or_one_to_be_written(url: str | None, text: str, write: str) -> None:
    outcome, (message,) = judged(url, text=text)
    assert (outcome, message.endswith(f": {write}")) == ("fail", True), message


def test_alerts_of_one_name_are_told_of_once() -> None:
    outcome, messages = judged("docs/runbook.md#other", None, None, "docs/runbook.md#gone", "docs/runbook.md#gone")
    assert outcome == "fail"
    assert [message.partition(")")[0] for message in messages] == [
        "`TriageErrors` (`ops/a.yml:2`",
        "the `runbook_url` of `TriageErrors` (`ops/a.yml:4`",
    ]
    twice = POLICY.replace("signals: [", "signals: [{id: t, metric: n, alert: TriageErrors}, ")
    assert len(judged(None, policy=twice)[1]) == 1
    assert len(judged("docs/runbook.md#other", policy=twice, text="# TriageErrors\n\nTBD\n# Other\na\n")[1]) == 1


@pytest.mark.parametrize("url", [f"{HUB}/wiki/Runbook", "https://acme.example/{{ $labels.alertname }}", "notion:x"])
def test_an_address_that_can_not_be_followed_is_unverifiable(url: str) -> None:
    assert judged(url) == ("unverifiable", [])


def test_a_file_for_one_alert_needs_no_anchor_but_a_heading() -> None:
    single = POLICY.replace(", Other", "")
    assert judged("docs/runbook.md", policy=single) == ("pass", [])
    assert judged("docs/runbook.md", policy=single, text="# When it fails\n\nCall Ana.\n") == ("pass", [])
    assert judged("docs/runbook.md", policy=single, text="Call Ana.\n")[0] == "fail"


@pytest.mark.parametrize(
    ("url", "text", "line"),
    [
        ("docs/runbook.md#other", "# R\n## Other\n\nTODO: ask Ana\n", 2),
        ("docs/runbook.md#other", "# R\n## Other\na\n## TriageErrors\n\nTBD\n", 4),
        ("docs/runbook.md#own", "# R\n<a name='own'></a>a\n## Triage errors\n", 3),
        ("https://wiki.acme.example/x", "# R\n## If TriageErrors fires\n<!-- later -->\n## Other\na\n", 2),
        (None, "# R\n## TriageErrors\n\nTo be filled in.\n## Other\na\n", 2),
        ("docs/runbook.md", "# R\n\n## Notes\n", 1),
    ],
)
def test_a_section_without_what_to_do_answers_nothing(url: str | None, text: str, line: int) -> None:
    policy = POLICY if url != "docs/runbook.md" else POLICY.replace(", Other", "")
    alert = Alert("TriageErrors", "Prometheus", "ops/a.yml", 1, runbook_url=url)
    found = report(policy, select=["RUN001"], files={"docs/runbook.md": text.encode()}, given=[Alerts((alert,))])
    told = [one for one in found.findings if "has nothing under" in one.message]
    assert [(one.path, one.line, one.key) for one in told] == [("docs/runbook.md", line, "monitoring.signals[0].alert")]


@pytest.mark.parametrize(
    "text",
    [
        "# R\n## Other\na\n## Notes on TriageErrors\n",
        "# R\n## Other\na\n## TriageErrors\n## Triage errors\na\n",
        "# R\n## Other\na\n## TriageErrors\n### First\na\n",
    ],
)
def test_a_section_is_not_empty_where_another_answers(text: str) -> None:
    assert judged("docs/runbook.md#other", text=text) == ("pass", [])


@pytest.mark.parametrize("runbooks", ["", "runbooks: []\n"])
def test_without_a_runbook_each_alert_is_told_of_once(runbooks: str) -> None:
    signals = "{id: s, metric: m, alert: TriageErrors}, {id: t, metric: n, alert: Other}, {id: u, metric: o}"
    policy = POLICY.partition("monitoring")[0] + f"monitoring: {{signals: [{signals}]}}\n{runbooks}"
    found = report(policy, select=["RUN001"])
    assert [(key, message.partition(":")[0]) for key, message in keyed(found)] == [
        ("monitoring.signals[0].alert", "no runbook answers `TriageErrors`"),
        ("monitoring.signals[1].alert", "no runbook answers `Other`"),
    ]
    assert [one.code for one in report(HEADER + runbooks, select=["RUN001"]).findings] == []


def test_an_alert_that_no_runbook_lists_is_told_of_once_and_with_what_is_there() -> None:
    unlisted = POLICY.replace("TriageErrors, Other", "Other")
    assert judged("https://acme.example/x", policy=unlisted) == (
        "fail",
        [
            "no runbook answers `TriageErrors`: write it into the `alerts` of `docs/runbook.md`, whose"
            " `When TriageErrors fires ⚠️` speaks of it"
        ],
    )
    for text in ("# R\n", "# R\n## OldTriageErrors\n"):
        assert judged(None, policy=unlisted, text=text)[1] == [
            "no runbook answers `TriageErrors`: write it into the `alerts` of one, as of `docs/runbook.md`, and into"
            " the file the heading `## TriageErrors` and what to do"
        ]
    assert judged("/ops/more.md", policy=unlisted)[1] == [
        "no runbook answers `TriageErrors`: name the file to which its `runbook_url` leads under `runbooks`,"
        " `- file: ops/more.md` with `alerts: [TriageErrors]`"
    ]


def test_a_runbook_that_can_not_be_read_is_no_reason_to_invent_headings() -> None:
    nowhere = POLICY.replace("file: docs/runbook.md, ", "")
    assert judged(None, policy=nowhere)[1] == [
        "`TriageErrors` (`ops/a.yml:1`) has no `runbook_url`: write one that leads to `docs/runbook.md#triageerrors`,"
        " and write the heading `## TriageErrors` and what to do there",
        "runbook 1 is nowhere to be read: write `file:` and its path",
    ]
    other = POLICY.replace("docs/runbook.md", "ops/more.rst")
    assert judged(None, policy=other)[1] == [
        "`TriageErrors` (`ops/a.yml:1`) has no `runbook_url`: write one that leads to the heading of `ops/more.rst`"
        " that answers it"
    ]
    assert judged("ops/more.rst#x", policy=other) == ("unverifiable", [])


@pytest.mark.parametrize(
    ("here", "there", "outcome"),
    [
        (Repository(name="Acme/Triage"), "acme/triage", "pass"),
        (Repository(name="acme/triage"), "acme/other", "fail"),
        (Repository(name="acme/triage"), "other/triage", "fail"),
        (Repository(), "other/triage", "pass"),
        (Repository(name="ana/triage", cloned=True), "acme/other", "fail"),
        (Repository(name="ana/triage", cloned=True), "acme/triage", "unverifiable"),
    ],
)
def test_an_address_has_to_lead_to_this_repository(here: Repository, there: str, outcome: str) -> None:
    alert = Alert("TriageErrors", "P", "a", 1, runbook_url=f"https://github.com/{there}/blob/main/docs/runbook.md#own")
    found = report(POLICY, select=["RUN001"], files={"docs/runbook.md": TEXT.encode()}, given=[Alerts((alert,)), here])
    assert result(found, "RUN001").outcome.value == outcome
    unlisted = POLICY.replace("TriageErrors, Other", "Other")
    found = report(
        unlisted, select=["RUN001"], files={"docs/runbook.md": TEXT.encode()}, given=[Alerts((alert,)), here]
    )
    assert result(found, "RUN001").outcome.value == outcome


def test_where_the_files_are_not_known_none_is_said_to_be_missing() -> None:
    model = policy(POLICY)
    files = Files({"docs/runbook.md": TEXT.encode()}, Unverifiable("the tree is too large"))
    alert = Alert("TriageErrors", "P", "a", 1, runbook_url="docs/gone.md")
    found = report(POLICY, select=["RUN001"], given=[Alerts((alert,)), Runbooks.read(model, files)])
    assert [message.partition(": ")[0] for _, message in keyed(found)] == [
        "the `runbook_url` of `TriageErrors` (`a:1`) leads to `docs/gone.md`, which is no runbook of this policy"
    ]
