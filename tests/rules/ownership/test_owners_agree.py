"""OWN006 with the two files as they come."""

import pytest

from rules.evidence.catalog import Catalog
from rules.evidence.owners import CodeOwners
from rules.facts import Files, Unread, Unverifiable
from rules.report import Report
from tests.rules.given import keyed, policy, report, result

POLICY = """version: 1
pilot: {name: triage, stage: pilot, start: 2026-11-02}
owners: {accountable: "@ana-r", monitor: "@acme/ml-oncall", fix: "@acme/ml-platform"}
monitoring: {configs: ["ops/*.yml"]}
runbooks: [{file: docs/runbook.md}, {file: docs/runbook.md}, {alerts: [A]}]
"""
LINES = "* @acme/ml-platform\n/.pilot.yml @Ana-R\n/ops/ @acme/ml-oncall\n"
COMPONENT = "kind: Component\nmetadata: {name: triage}\nspec: {owner: ana-r}\n"


def judged(
    lines: str | None, catalog: str | None = None, text: str = POLICY
) -> tuple[str, list[tuple[str | None, str]]]:
    named = {"CODEOWNERS": lines, "catalog-info.yaml": catalog, "ops/a.yml": "", "docs/runbook.md": ""}
    files = {path: one.encode() for path, one in named.items() if one is not None}
    found = report(text, select=["OWN006"], files=files)
    return result(found, "OWN006").outcome.value, keyed(found)


def test_owners_that_agree_pass_whatever_their_capitals() -> None:
    assert judged(LINES, COMPONENT) == ("pass", [])
    assert judged(LINES) == judged(None, COMPONENT) == ("pass", [])


def test_a_role_that_nobody_has_is_not_compared() -> None:
    text = POLICY.replace(', monitor: "@acme/ml-oncall"', "")
    assert judged("* @acme/ml-platform\n/.pilot.yml @ana-r", text=text) == ("pass", [])
    only = POLICY.replace('accountable: "@ana-r", ', "")
    assert judged(LINES, COMPONENT.replace("ana-r", "lee"), only) == ("pass", [])


def test_each_file_without_its_owner_is_told_with_the_line_to_write() -> None:
    write = {
        "owners.accountable": "/.pilot.yml @ana-r",
        "owners.monitor": "/ops/a.yml @acme/ml-oncall",
        "owners.fix": "/docs/runbook.md @acme/ml-platform",
    }
    outcome, findings = judged("/x @lee")
    assert outcome == "fail"
    assert findings == [
        (
            key,
            f"`CODEOWNERS` gives `{line.split()[0][1:]}` to nobody: write `{line}` below the other lines",
        )
        for key, line in write.items()
    ]


def test_an_address_of_mail_may_be_a_person_but_no_team() -> None:
    outcome, findings = judged("* a@acme.example\n/.pilot.yml @ana-r\n/ops/ @acme/ml-oncall")
    assert (outcome, [key for key, _ in findings]) == ("fail", ["owners.fix"])
    assert judged(LINES + "/.pilot.yml a@acme.example") == ("unverifiable", [])


def test_many_lines_with_mistakes_are_cut() -> None:
    outcome, findings = judged(LINES + "!x @a\n" * 200)
    assert (outcome, len(findings)) == ("fail", 20)


@pytest.mark.parametrize(
    ("catalog", "expected"),
    [
        (
            "kind: Component\nmetadata: {name: x}\nspec: {owner: ana-r}\n---\n" + COMPONENT.replace("ana-r", "lee"),
            "fail",
        ),
        ("kind: Component\nspec: {owner: lee}\n---\nkind: Component\nspec: {owner: lee}\n", "fail"),
        ("kind: Component\nspec: {owner: ana-r}\n---\nkind: Component\nspec: {owner: ana-r}\n", "pass"),
        ("kind: Component\nspec: {owner: lee}\n---\nkind: Component\nspec: {owner: ana-r}\n", "unverifiable"),
        ("kind: Group\nspec: {type: team}\n", "unverifiable"),
        ("kind: [", "fail"),
        ("{{- if .Values.x }}\nkind: Component", "unverifiable"),
    ],
)
def test_the_catalogue_is_judged_by_the_component_of_the_pilot(catalog: str, expected: str) -> None:
    assert judged(LINES, catalog)[0] == expected


def test_a_file_that_can_not_be_looked_at_is_unverifiable() -> None:
    files = Files({".github/CODEOWNERS": Unread("is larger than 2 MiB", mendable=False)}, ())
    found = report(POLICY, select=["OWN006"], given=[CodeOwners.read(policy(""), files), Catalog()])
    one = result(found, "OWN006")
    assert (one.outcome.value, one.reason) == (
        "unverifiable",
        "owners can't be read: `.github/CODEOWNERS` is larger than 2 MiB",
    )


def test_what_can_not_be_looked_up_hides_nothing_else() -> None:
    unknown = Unverifiable("the tree is too large")

    def among(lines: bytes) -> Report:
        files = Files({".github/CODEOWNERS": lines}, unknown)
        return report(POLICY, select=["OWN006"], given=[CodeOwners.read(policy(POLICY), files), Catalog()])

    assert [key for key, _ in keyed(among(b"* @acme/ml-platform"))] == ["owners.accountable"]
    reason = "the files of `ops/*.yml` can't be looked up: the tree is too large"
    assert result(among(LINES.encode()), "OWN006").reason == reason
