"""What the issues say of the evidence on the default branch: it is read, not believed."""

from dataclasses import replace
from datetime import date

import pytest

from bot import events
from bot.demo.github.state import Issue
from bot.github import people
from tests.bot.reminders.year import ORGANISATION, Killed, Pilot, Year, marker

NAME = "acme/triage"
DUE = date(2028, 2, 28)
DECISION = date(2028, 8, 1)
FOLDER = "services/match"


def policy(due: date = DUE, decision: date = DECISION, outcome: str = "pending") -> bytes:
    return Pilot({"security": (due, outcome)}, (decision, "pending")).text().encode()


def issue(year: Year, wanted: str) -> Issue:
    (found,) = (one for one in year.issues(NAME) if marker(one) == wanted)
    return found


def test_what_is_broken_by_any_push_is_missing_until_it_is_mended(year: Year) -> None:
    assert not year.issues(NAME)
    alerts = year.stand.world.repositories[NAME].git
    head = alerts.branch("main")
    assert head is not None
    entry = alerts.entry(head, "ops/alerts/triage.yml")
    assert entry is not None
    before = alerts.blob(entry.sha)
    year.stand.push(NAME, "main", {"ops/alerts/triage.yml": before.replace(b"TriageErrors", b"Other")})
    year.day(date(2028, 2, 2))
    tracking = issue(year, "tracking:items")
    assert "**MON002** `monitoring.signals[2].alert`" in str(tracking.body)
    year.stand.push(NAME, "main", {"ops/alerts/triage.yml": before})
    year.day(date(2028, 2, 3))
    assert (tracking.state, len(year.issues(NAME))) == ("closed", 1)
    assert "nothing is missing" in tracking.comments[-1].body


def test_a_finding_in_another_file_is_told_with_its_place(year: Year) -> None:
    year.stand.push(NAME, "main", {"docs/runbook.md": "# Runbook\n\n## Diagnosis\n\nLook at `docs/gone.md`.\n"})
    year.day(date(2028, 2, 2))
    assert "**RUN003** `docs/runbook.md` line 5" in str(issue(year, "tracking:items").body)


def test_the_packet_has_what_was_measured(year: Year) -> None:
    year.stand.push(NAME, "main", {".pilot.yml": policy(decision=date(2028, 2, 8))})
    year.day(date(2028, 2, 2))
    body = str(issue(year, "packet:decision").body)
    assert "| `routing-accuracy` (go) | \\>= 0.93 ratio | 0." in body
    assert ", met |" in body
    assert "`/pilot decide go|no-go|extend [until DATE] because TEXT`" in body


def test_what_was_put_off_is_to_be_decided_on_its_new_day(year: Year) -> None:
    year.stand.push(NAME, "main", {".pilot.yml": policy(decision=date(2028, 2, 8))})
    year.day(date(2028, 2, 2))
    packet = issue(year, "packet:decision")
    later = policy(decision=date(2028, 3, 20)).replace(
        b"  outcome: pending",
        b"  outcome: extend\n  extensions: [{from: 2028-02-08, to: 2028-03-20, because: late}]",
    )
    year.stand.push(NAME, "main", {".pilot.yml": later})
    year.day(date(2028, 2, 3))
    assert packet.state == "closed"
    assert "the decision is now due on 2028-03-20" in packet.comments[-1].body
    year.day(date(2028, 3, 13))
    assert packet.state == "open"
    year.day(date(2028, 3, 21))
    assert issue(year, "DEC004:decision").state == "open"


def test_a_policy_below_the_root_has_issues_of_its_own(year: Year) -> None:
    nested = policy(due=date(2028, 2, 3), decision=date(2028, 2, 6)).replace(b"name: invoice-triage", b"name: match")
    year.stand.push(NAME, "main", {f"{FOLDER}/.pilot.yml": nested})
    year.day(date(2028, 2, 2))
    year.day(date(2028, 2, 4))
    assert set(year.open(NAME)) == {
        f"REV002:security~{FOLDER}",
        f"packet:decision~{FOLDER}",
        "tracking:items",
    }
    overdue = issue(year, f"REV002:security~{FOLDER}")
    assert (overdue.title or "").endswith(f" ({FOLDER})")
    assert f"`/pilot in {FOLDER} sign-off security EVIDENCE`" in str(overdue.body)
    assert f"- Where: `{FOLDER}/.pilot.yml`, `reviews`, `security`" in str(overdue.body)
    packet = issue(year, f"packet:decision~{FOLDER}")
    assert (packet.title, f"/pilot in {FOLDER} decide" in str(packet.body)) == ("Go or no-go for match", True)
    assert f"**DEC004** `{FOLDER}`: the decision is due on" in str(issue(year, "tracking:items").body)
    year.stand.push(NAME, "main", {f"{FOLDER}/.pilot.yml": None})
    year.day(date(2028, 2, 5))
    assert not year.open(NAME)
    assert "is not on the default branch any more" in overdue.comments[-1].body


def test_a_policy_below_the_root_that_is_broken_closes_nothing(year: Year) -> None:
    year.stand.push(NAME, "main", {f"{FOLDER}/.pilot.yml": policy(due=date(2028, 2, 1))})
    year.day(date(2028, 2, 2))
    assert f"REV002:security~{FOLDER}" in year.open(NAME)
    year.stand.push(NAME, "main", {f"{FOLDER}/.pilot.yml": b"version: 1\nversion: 1\n"})
    year.day(date(2028, 2, 3))
    assert f"REV002:security~{FOLDER}" in year.open(NAME)
    assert f"**POL002** `{FOLDER}/.pilot.yml` line 2" in str(issue(year, "tracking:items").body)


def test_a_repository_that_a_property_asks_for_has_what_is_missing(year: Year) -> None:
    for name in ("acme/new", "acme/old", "acme/other"):
        year.stand.repository(name, files={"README.md": b"# New\n"})
    year.stand.properties("acme/old", ai="yes-it-is")
    asked = f"{ORGANISATION}required_for: {{topics: [], properties: {{ai: yes-it-is}}}}\n"
    year.stand.push("acme/.github", "main", {".pilot-org.yml": asked})
    year.day(date(2028, 2, 2))
    assert [dict(year.open(name)) for name in ("acme/new", "acme/old", "acme/other")] == [{}, {"tracking:items": 1}, {}]
    assert "**POL001**" in str(year.issues("acme/old")[0].body)
    year.stand.properties("acme/new", ai="yes-it-is")
    year.day(date(2028, 2, 3))
    assert dict(year.open("acme/new")) == {"tracking:items": 1}
    requests = year.requests
    (installation,) = year.stand.world.installations
    events.survey(replace(year.line, delivery="later"), installation)
    year.day(date(2028, 2, 4))
    # A token, the list of repositories, and one request that reads them all: none is looked at again.
    assert year.requests - requests == 3


def test_a_reminder_that_was_cut_off_is_not_taken_for_one_before_it(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    year.day(date(2028, 2, 29))
    year.day(date(2028, 3, 7))
    overdue = issue(year, "REV002:security")
    year.stand.push(NAME, "main", {".pilot.yml": policy(due=date(2028, 3, 20))})
    year.day(date(2028, 3, 8))
    assert overdue.state == "closed"
    year.day(date(2028, 3, 21))
    assert overdue.state == "open"
    before, post = len(overdue.comments), people.comment

    def killed(*asked: object) -> None:
        monkeypatch.setattr(people, "comment", post)
        raise Killed

    monkeypatch.setattr(people, "comment", killed)
    year.day(date(2028, 3, 28))
    assert (year.kills, [one.made.date() for one in overdue.comments[before:]]) == (1, [date(2028, 3, 28)])
