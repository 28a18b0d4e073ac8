"""Whatever goes wrong ends as an exit code and a line: what the user can mend, a bug, an interruption."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot import __version__, cli
from bot.__main__ import main
from bot.errors import UserError
from rules.catalogue import InvalidRule
from tests.bot.given import Ran

Pilotgate = Callable[..., Ran]


def _raising(error: BaseException) -> Callable[[Sequence[str]], int]:
    def run(arguments: Sequence[str]) -> int:
        raise error

    return run


def test_version_is_printed_and_ends_well(pilotgate: Pilotgate) -> None:
    assert pilotgate("--version") == Ran(0, f"pilotgate {__version__}\n", "")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_every_command(pilotgate: Pilotgate, arguments: list[str]) -> None:
    ran = pilotgate(*arguments)
    assert (ran.code, ran.err) == (0, "")
    for command in ("check", "init", "rules", "schema", "demo"):
        assert f"    {command} " in ran.out


@pytest.mark.parametrize("command", ["check", "init", "rules", "schema", "demo"])
def test_each_command_has_help(pilotgate: Pilotgate, command: str) -> None:
    ran = pilotgate(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: pilotgate {command}")


def test_help_of_check_says_what_the_exit_codes_mean(pilotgate: Pilotgate) -> None:
    said = " ".join(pilotgate("check", "--help").out.split())
    assert "0 nothing at or above --fail-on, 1 findings, 2 wrong arguments, 70 a bug" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "`pilotgate --help` shows what can be asked"),
        (["check", "--format", "html"], "`pilotgate check --help` shows what can be asked"),
        (["check", "--fail-on", "notice"], "argument --fail-on: invalid choice: 'notice'"),
        (["check", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["check", "one", "two"], "unrecognized arguments: two"),
        (["check", "--today"], "argument --today: expected one argument"),
        (["schema", "--org", "--report"], "not allowed with argument"),
        (["check", ".", "two\nlines"], "unrecognized arguments: two lines"),
    ],
)
def test_wrong_arguments_are_two_and_one_line(pilotgate: Pilotgate, arguments: list[str], says: str) -> None:
    ran = pilotgate(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("pilotgate: ")
    assert ran.err.count("\n") == 1
    assert says in ran.err


def test_what_the_user_can_mend_is_one_line_whatever_its_text_holds(
    pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "run", _raising(UserError("a\nb\r\nc")))
    assert pilotgate() == Ran(2, "", "pilotgate: a b c\n")


def test_a_bug_is_seventy_with_the_traceback_and_a_plea(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "run", _raising(ZeroDivisionError("nobody thought of that")))
    ran = pilotgate("check")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.startswith("Traceback")
    assert "ZeroDivisionError: nobody thought of that\n" in ran.err
    assert ran.err.endswith("pilotgate: this is a bug; please report it with the lines above\n")


def test_an_interruption_is_told_from_failure(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "run", _raising(KeyboardInterrupt()))
    assert pilotgate("check") == Ran(130, "", "")


def test_a_rule_that_does_not_load_is_said_by_name(pilotgate: Pilotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise InvalidRule("rules/ownership/draft.py is no rule yet; it lacks CODE")

    monkeypatch.setattr("bot.wiring.catalogue", broken)
    assert pilotgate("rules") == Ran(2, "", "pilotgate: rules/ownership/draft.py is no rule yet; it lacks CODE\n")


def test_without_arguments_the_process_s_own_are_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["pilotgate", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"pilotgate {__version__}\n"


def test_a_missing_standard_stream_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr("sys.stderr", Plain())
    assert main(["check", "nowhere-at-all"]) == 2
