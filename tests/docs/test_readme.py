"""What README.md shows is what the command line does."""

import argparse
import re

import pytest

from bot import cli
from bot.__main__ import main
from tests.bot.given import FAILING, TODAY, shown
from tests.docs.pages import ROOT, blocks

_README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands() -> dict[str, argparse.ArgumentParser]:
    actions = cli._parser()._actions
    (found,) = (action for action in actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings if name.startswith("--")} - {"--help"}


def test_the_table_of_commands_is_that_of_the_parser() -> None:
    assert re.findall(r"^\| `pilotgate (\w+)", _README, re.MULTILINE) == list(_commands())


def test_every_command_that_is_named_exists() -> None:
    assert set(re.findall(r"pilotgate ([a-z]+)", _README)) <= set(_commands())


def test_every_option_that_is_named_exists() -> None:
    known = {option for parser in _commands().values() for option in _options(parser)}
    assert set(re.findall(r"--[a-z][a-z-]*", _README)) <= known


@pytest.mark.parametrize(
    "option", ["--format", "--select", "--ignore", "--fail-on", "--base", "--org", "--today", "--output"]
)
def test_the_options_of_check_are_explained(option: str) -> None:
    assert option in _options(_commands()["check"])
    assert f"`{option} " in _README or f"`{option}`" in _README


def test_the_formats_and_exit_codes_are_those_of_the_command() -> None:
    said = " ".join(_README.split())
    assert "`--format text`, `json`, `markdown`, `sarif` or `github`" in said
    assert cli.FORMATS == ("text", "json", "markdown", "sarif", "github")
    assert "0 nothing at or above `--fail-on`, 1 findings, 2 wrong arguments or no policy" in said
    assert "70 a bug" in said


def test_the_finding_that_is_shown_is_what_is_seen() -> None:
    (sample,) = (block for block in blocks(_README) if block.startswith("$ pilotgate check"))
    finding = sample[sample.index("Reviews\n") : sample.index("\n\nReadiness")]
    from bot.present import text  # noqa: PLC0415 - beside the one use of it

    assert finding in text.render(shown(FAILING.read_text(encoding="utf-8"), today=TODAY))


def test_the_smallest_policy_parses() -> None:
    (smallest,) = blocks(_README, "yaml")
    assert shown(smallest).report.pilot == "invoice-triage"


def test_make_knows_what_is_promised() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\bmake ([a-z]+)\b", "\n".join(blocks((ROOT / page).read_text(encoding="utf-8")))):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


def test_the_commands_that_are_shown_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "REV001"]) == 0
    assert "`pilotgate rules REV001` explains a rule" in _README
    assert capsys.readouterr().out.startswith("# REV001")
