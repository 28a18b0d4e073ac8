"""docs/writing-a-policy.md says what holds."""

import re
from typing import get_args

import pytest

from rules.facts import MAX_EVIDENCE, MAX_FILES, MAX_PATTERNS, MAX_SUM, Code, Written, most_patterns
from rules.nodes import MAX_BYTES
from rules.policy import Integration
from rules.report import Outcome
from rules.shape import bare
from tests.docs.pages import ROOT, blocks
from tests.rules.given import HEADER, policy, report, result

_PAGE = (ROOT / "docs/writing-a-policy.md").read_text(encoding="utf-8")
_MEASURED, _WATCHED, _EXCEPTED = blocks(_PAGE, "yaml")
(_RESULTS,) = blocks(_PAGE, "json")


@pytest.mark.parametrize("block", blocks(_PAGE, "yaml"))
def test_what_is_shown_parses(block: str) -> None:
    policy(block)


@pytest.mark.parametrize(
    ("slices", "outcome"), [("[en, de, scanned]", Outcome.PASS), ("[en, by_language, scanned]", Outcome.FAIL)]
)
def test_a_slice_is_a_whole_key(slices: str, outcome: Outcome) -> None:
    text = HEADER + _MEASURED.replace("[en, de, scanned]", slices)
    found = report(text, files={"eval/results.json": _RESULTS.encode()}, select=["EVA006"])
    assert result(found, "EVA006").outcome is outcome


def test_every_kind_of_integration_has_a_row() -> None:
    table = _PAGE[_PAGE.index("|---|---|") : _PAGE.index("- `auth.type`")]
    kinds = get_args(bare(Integration.model_fields["kind"].annotation))
    assert set(re.findall(r"`([a-z]+)`", table)) == set(kinds)


def test_an_object_store_s_host_is_its_bucket() -> None:
    text = HEADER + "integrations: [{kind: rest, endpoint: s3://acme-invoices/in}]\n"
    code = Code((Written("triage/read.py", 'BUCKET = "acme-invoices"\n'),))
    assert result(report(text, given=[code]), "INT004").outcome is Outcome.PASS


_ALARM = """\
resource "aws_cloudwatch_metric_alarm" "low" {
  alarm_name          = var.name
  metric_name         = "accuracy"
  comparison_operator = "LessThanThreshold"
  threshold           = 0.9
}
"""
_VARIABLE = 'variable "name" {\n  default = "TooLow"\n}\n'


@pytest.mark.parametrize(
    ("configs", "known"), [('["infra/monitoring/*.tf"]', True), ("[infra/monitoring/alarms.tf]", False)]
)
def test_the_files_of_terraform_s_variables_are_named_too(configs: str, known: bool) -> None:
    signals = "signals: [{metric: accuracy, alert: TooLow}]"
    text = f"{HEADER}monitoring: {{configs: {configs}, {signals}}}\n"
    files = {"infra/monitoring/alarms.tf": _ALARM.encode(), "infra/monitoring/variables.tf": _VARIABLE.encode()}
    found = report(text, files=files, select=["MON002"])
    assert (result(found, "MON002").outcome is Outcome.PASS) is known


def test_the_limits_are_those_of_the_code() -> None:
    mib = 1024 * 1024
    said = " ".join(_PAGE.split())
    assert f"Of a file {MAX_EVIDENCE // mib} MiB" in said
    assert f"{MAX_FILES} files and {MAX_SUM // mib} MiB" in said
    assert f"of patterns {MAX_PATTERNS}, and fewer in a repository of more than 20,000 files" in said
    assert f"{MAX_BYTES // 1024} KiB" in said
    assert most_patterns(20_000) == MAX_PATTERNS > most_patterns(20_500)
    assert most_patterns(200_000) == most_patterns(10**9)
