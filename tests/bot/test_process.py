"""`pilotgate` as a process: exit codes, pipes, terminals, encodings, a git hook's environment, and what it imports."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bot.given import EXAMPLE, ROOT, SMALL, TODAY, committed, example, files, git, process

_CHECK = ("check", str(EXAMPLE), "--today", TODAY)
# What the server is made of. A credential's detectors bring HTTP along, and are loaded where one might stand.
_FRAMEWORKS = ("alembic", "flask", "github", "granian", "procrastinate", "psycopg", "sqlalchemy", "sqlite3")
_HEAVY = (
    "aiohttp",
    "alembic",
    "asyncio",
    "concurrent",
    "flask",
    "github",
    "http",
    "jinja2",
    "multiprocessing",
    "requests",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "unittest",
)


def _pilotgate() -> str:
    return str(Path(sys.executable).with_name("pilotgate"))


def test_the_installed_command_is_the_module() -> None:
    installed = subprocess.run([_pilotgate(), *_CHECK], check=False, capture_output=True, cwd=ROOT)
    module = process(*_CHECK)
    assert (installed.returncode, installed.stdout, installed.stderr) == (0, module.stdout, b"")


@pytest.mark.parametrize(
    ("arguments", "code", "err"),
    [
        (_CHECK, 0, ""),
        ((*_CHECK[:2], "--today", "2027-01-01"), 1, ""),
        (("check", "nowhere"), 2, "pilotgate: nowhere is not there: name a folder\n"),
        (("--help",), 0, ""),
    ],
)
def test_the_exit_code_is_the_process_s(arguments: tuple[str, ...], code: int, err: str) -> None:
    ran = process(*arguments)
    assert (ran.returncode, ran.stderr.decode()) == (code, err)


def _piped(arguments: str, environment: Mapping[str, str]) -> tuple[bytes, bytes]:
    """The output of a shell's pipe from `pilotgate`, and what it said besides."""
    command = f'"{sys.executable}" -m bot {arguments}; echo "exit $?" >&2'
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{{ {command}; }} | head -n 1"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    return ran.stdout, ran.stderr


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    out, err = _piped("schema", {})
    assert (out, err) == (b"{\n", b"exit 0\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("--help",), _CHECK, ("schema",)])
def test_a_reader_that_is_gone_is_no_failure(arguments: tuple[str, ...], unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


def _on_a_terminal(environment: Mapping[str, str], *more: str) -> bytes:
    """What `pilotgate check` writes to a terminal of its own."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-m", "bot", *_CHECK, *more],
        stdout=theirs,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # what Linux says where others say nothing more comes
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    assert started.wait() == 0
    return written.replace(b"\r\n", b"\n")


def test_a_terminal_is_coloured() -> None:
    assert (
        "\x1b[32;1m✓ invoice-triage passes: no findings; readiness 80 % (lowest: Success criteria)\x1b[0m\n".encode()
        in _on_a_terminal({})
    )


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_what_a_pipe_gets(environment: dict[str, str]) -> None:
    assert _on_a_terminal(environment) == process(*_CHECK).stdout


def test_an_empty_no_color_asks_for_nothing() -> None:
    assert b"\x1b[" in _on_a_terminal({"NO_COLOR": ""})


def test_json_on_a_terminal_and_a_report_in_a_file_are_plain(tmp_path: Path) -> None:
    assert b"\x1b" not in _on_a_terminal({}, "--format", "json")
    assert _on_a_terminal({}, "--output", str(tmp_path / "report")) == b""
    assert b"\x1b" not in (tmp_path / "report").read_bytes()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_of_another_encoding_is_no_failure(tmp_path: Path, encoding: str) -> None:
    environment = {"PYTHONIOENCODING": encoding}
    folder = str(files(tmp_path, {".pilot.yml": SMALL.replace("triage", "日本 é")}))
    ran = process("check", folder, environment=environment)
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"\n\\u2717 .pilot.yml fails: 1 error; " in ran.stdout


@pytest.mark.parametrize("arguments", [("--format", "json"), ("--format", "sarif"), ("--format", "github")])
def test_what_programs_read_survives_any_encoding(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = str(files(tmp_path, {".pilot.yml": SMALL.replace("triage", "日本 é")}))
    ascii_only = process("check", folder, *arguments, environment={"PYTHONIOENCODING": "ascii"})
    assert (ascii_only.returncode, ascii_only.stderr) == (1, b"")
    assert ascii_only.stdout.decode("ascii") == process("check", folder, *arguments).stdout.decode()


def test_a_hook_s_environment_is_not_the_checkout_s(tmp_path: Path) -> None:
    hooked = files(tmp_path / "hooked", {"README.md": ""})
    committed(hooked)
    repo = example(tmp_path / "repo")
    committed(repo)
    environment = {"GIT_DIR": str(hooked / ".git"), "GIT_INDEX_FILE": str(hooked / ".git/index"), "GIT_PREFIX": ""}
    arguments = ("check", str(repo), "--today", TODAY, "--base", "HEAD", "--format", "json")
    ran = process(*arguments, environment=environment)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["commit"] == git(repo, "rev-parse", "HEAD")


def test_it_checks_the_folder_that_it_is_started_in(tmp_path: Path) -> None:
    ran = process("check", "--today", TODAY, folder=example(tmp_path))
    assert (ran.returncode, ran.stderr) == (0, b"")


def _said(program: str, *arguments: str) -> list[str]:
    """The words that a program says on standard error, in a process that nothing measures, which would import more."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment, text=True).stderr.split()


@pytest.mark.parametrize("form", ["text", "sarif"])
def test_a_check_imports_nothing_that_is_slow_to_start(form: str) -> None:
    program = (
        "import sys; from bot.__main__ import main; code = main(sys.argv[1:]);"
        "print(code, *sorted(sys.modules), file=sys.stderr)"
    )
    code, *modules = _said(program, *_CHECK, "--format", form)
    assert code == "0"
    assert "bot.present." + form in modules
    assert not {name for name in modules if name.partition(".")[0] in _FRAMEWORKS}
    assert not {name for name in modules if name.startswith("bot.demo") or name == "bot.starter"}


def test_a_small_policy_loads_no_reader_of_evidence(tmp_path: Path) -> None:
    folder = files(tmp_path, {".pilot.yml": SMALL, "README.md": "# Triage\n", "route.py": "QUEUE = 'people'\n"})
    program = (
        "import sys; from bot.__main__ import main; main(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    )
    modules = _said(program, "check", str(folder), "--today", TODAY)
    readers = ("detect_secrets", "hcl2", "lark", "markdown_it", "promql_parser", "yaml")
    assert not {name for name in modules if name.partition(".")[0] in (*_HEAVY, *readers)}
    # Nor what names the mistakes of a file that can't be read.
    assert "rules.slips" not in modules


def test_the_catalogue_is_shown_without_what_a_check_needs() -> None:
    program = "import sys; from bot.__main__ import main; main(['rules']); print(*sys.modules, file=sys.stderr)"
    assert not {"bot.gather", "subprocess", "asyncio"} & set(_said(program))
