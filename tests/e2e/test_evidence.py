"""What the rules find in the files of a pull request, and what is asked of a monitoring system for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import MetaData, select

from rules.facts import LiveAlert, Unverifiable
from tests.e2e.given import GOOD, HERE, POLICY, planted
from tests.e2e.plant import Clock, Plant, about, codes, plant
from tests.stand import Stand

# In parts, so that nothing here has the form of a token.
SECRET = "".join(["ghp", "_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"])
LOADED = "import pandas as pd\n\nHEAD = 1\ninvoices = pd.read_csv('data/invoices.csv')\n"


def test_a_credential_that_is_added_is_found_on_its_line_and_told_to_nobody(line: Plant, tmp_path: Path) -> None:
    line.stand.push(HERE, "main", {"app/old.py": f'TOKEN = "{SECRET}"\n'})
    line.stand.push(HERE, "leak", {"app/new.py": f'LIMIT = 3\nTOKEN = "{SECRET}"\n'})
    number = line.stand.pull(HERE, "leak")
    run = line.run(HERE, number)
    assert (about(run)[1], codes(run)) == ("failure", {"INT001"})
    (note,) = run.annotations
    assert (note["path"], note["start_line"], note["annotation_level"]) == ("app/new.py", 2, "failure")
    assert SECRET not in f"{run.title} {run.summary} {run.text} {run.annotations}"
    with line.stored.read() as connection:
        known = MetaData()
        known.reflect(connection)
        rows = [str(row) for table in known.sorted_tables for row in connection.execute(select(table))]
    assert rows
    assert not any(SECRET in row for row in rows)


def test_a_line_that_was_there_before_is_not_the_pull_request_s(line: Plant) -> None:
    line.stand.push(HERE, "main", {"triage/load.py": LOADED, "app/old.py": f'TOKEN = "{SECRET}"\n'})
    line.stand.push(HERE, "page", {"triage/load.py": LOADED.replace("1", "2"), "app/old.py": None})
    run = line.run(HERE, line.stand.pull(HERE, "page"))
    assert "INT001" not in codes(run)
    assert "INT002" not in codes(run)


def test_a_manual_load_that_is_added_stands_on_its_line(line: Plant) -> None:
    line.stand.push(HERE, "load", {"triage/load.py": LOADED})
    run = line.run(HERE, line.stand.pull(HERE, "load"))
    notes = [one for one in run.annotations if "INT002" in one["title"]]
    assert [(one["path"], one["start_line"]) for one in notes] == [("triage/load.py", 4)]


def test_an_alert_that_no_longer_fires_fails_the_pull_request(line: Plant) -> None:
    rules = "groups:\n  - name: a\n    rules:\n      - {alert: TriageAccuracyLow, expr: triage_accuracy}\n"
    line.stand.push(HERE, "quiet", {"ops/alerts/triage.yml": rules})
    run = line.run(HERE, line.stand.pull(HERE, "quiet"))
    assert about(run)[1] == "failure"
    assert {"MON002", "MON003", "RUN001"} <= codes(run)


@dataclass
class Asked:
    """A monitoring system that writes down what it is asked."""

    questions: list[str] = field(default_factory=list)

    def value(self, query: str) -> float | Unverifiable:
        self.questions.append(query)
        return 5.0

    def alerts(self) -> Mapping[str, tuple[LiveAlert, ...]]:
        return {}

    def age(self, metric: str) -> float | None:
        self.questions.append(metric)
        return None


def test_only_what_the_base_branch_asks_is_asked_and_only_for_accounts_that_may(tmp_path: Path) -> None:
    asked, clock = Asked(), Clock()
    with Stand(clock=clock) as stand, plant(tmp_path, stand, clock, prometheus=asked) as running:
        for account in ("acme", "stranger"):
            stand.install(account)
            planted(stand, f"{account}/triage")
            policy = GOOD.replace("triage_seconds_bucket", "secret_bucket").replace("triage_input_psi", "secret_psi")
            stand.push(f"{account}/triage", "curious", {POLICY: policy})
        running.asked()
        strange = running.run("stranger/triage", stand.pull("stranger/triage", "curious"))
        assert asked.questions == []
        assert "PILOTGATE_PROMETHEUS_ACCOUNTS does not name stranger" in str(strange.text).replace("\\", "")
        own = running.run(HERE, stand.pull(HERE, "curious"))
        assert asked.questions
        assert not [one for one in asked.questions if "secret" in one]
        assert "what the base branch does not ask yet is not asked: merge it first" in str(own.text)
        assert {"MON007"} <= codes(own)
