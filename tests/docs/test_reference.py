"""docs/policy.md, docs/evidence.md and docs/commands.md are what the code says, to the letter."""

from bot import commands
from bot.present import formats, reference
from rules.policy import Organisation, Policy
from rules.shape import fields
from tests.docs.pages import ROOT

_PAGE = (ROOT / "docs/policy.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert reference.render() == _PAGE, "docs/policy.md is out of date: run `make docs`"


def test_the_page_of_formats_is_up_to_date() -> None:
    page = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    assert formats.render() == page, "docs/evidence.md is out of date: run `make docs`"


def test_the_page_of_the_commands_is_up_to_date() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert commands.page() == page, "docs/commands.md is out of date: run `make docs`"


def test_every_top_level_key_has_a_row() -> None:
    for model in (Policy, Organisation):
        for key, info in fields(model).items():
            row = next(line for line in _PAGE.splitlines() if line.startswith(f"| `{key}` |"))
            assert str(info.description) in _PAGE
            assert row.count(" | ") == 2


def test_every_table_is_whole() -> None:
    rows = [line for line in _PAGE.splitlines() if line.startswith("|")]
    assert all(row.replace("\\|", "").count("|") == 4 for row in rows)


def test_required_keys_are_marked() -> None:
    required = [line.split("`")[1] for line in _PAGE.splitlines() if "**required**" in line and line.startswith("|")]
    assert required == ["version", "pilot", "name", "stage", "start"]
