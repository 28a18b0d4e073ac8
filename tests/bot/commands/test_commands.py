"""Each command says of itself what it takes, and a line that is none is answered with the nearest that is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Where, Who, catalogue, read, table
from bot.comments import commands
from bot.errors import UserError

NAMES = sorted(catalogue())


def test_every_command_of_the_interface_is_there() -> None:
    wanted = "help check status explain what-if init fix assign schedule sign-off waive unwaive decide snooze"
    assert sorted(wanted.split()) == NAMES
    assert len(list(table())) == len(NAMES) + 2


@pytest.mark.parametrize("name", NAMES)
def test_a_command_says_how_it_is_written(name: str) -> None:
    command = catalogue()[name]
    assert command.USAGE.split()[0] == command.EXAMPLE.split()[0] == name
    assert (isinstance(command.WHO, Who), isinstance(command.WHERE, Where)) == (True, True)
    (line,) = commands(f"/pilot {command.EXAMPLE}\n")
    assert read(line).command is command
    assert read(line.replace(name, name.upper(), 1)).command is command


@pytest.mark.parametrize("name", NAMES)
def test_a_slip_is_answered_with_the_command_that_was_meant(name: str) -> None:
    with pytest.raises(UserError, match=f"did you mean `{name}`\\? Write `/pilot {name}"):
        read(f"{name}x now")


@pytest.mark.parametrize(
    ("lead", "folder"),
    [
        ("", None),
        ("in services/triage ", "services/triage"),
        ("IN  services/triage   ", "services/triage"),
        ('in "team sort" ', "team sort"),
        ("in 'team sort' ", "team sort"),
        ("in in ", "in"),
        ("in . ", "."),
    ],
)
def test_a_command_may_be_led_by_a_folder(lead: str, folder: str | None) -> None:
    for name in NAMES:
        found = read(f"{lead}{catalogue()[name].EXAMPLE}")
        assert (found.folder, found.command) == (folder, catalogue()[name])


@pytest.mark.parametrize("line", ["in", "in services", 'in "services status', "in ''", 'in "a"b status'])
def test_a_folder_needs_a_command(line: str) -> None:
    with pytest.raises(UserError, match="`in` takes a folder and a command, as in `/pilot in services/triage status`"):
        read(line)


@given(st.sampled_from(["", "in a", 'in "', *NAMES]), st.text(max_size=100))
def test_any_line_is_a_command_or_refused(name: str, words: str) -> None:
    line = " ".join(f"{name} {words}".split())
    try:
        found = read(line).command in catalogue().values()
    except UserError:
        found = True
    assert found
