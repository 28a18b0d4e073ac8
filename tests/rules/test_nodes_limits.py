"""A hostile file costs next to nothing and ends in one clear problem; what is within the limits is read.

Reading any of these must not hang: a process of its own is given time enough for all of them, and is ended after that.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.rules.given import HEADER, ROOT, reading, told

TOO_DEEP = "nested deeper than 20 levels: flatten what begins here"
TOO_LARGE = "the file is larger than 256 KiB: a policy is a page, move the rest elsewhere"
TOO_MANY = "more than 10000 values, aliases expanded: a policy is a page"


def bomb() -> str:
    """Nine lines that come to three billion values."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{after}: &{after} [{', '.join(['*' + before] * 9)}]")
    return "\n".join(lines) + "\n"


# What each says first: line, column, and how the message begins.
HOSTILE: dict[str, tuple[str, tuple[int, int, str]]] = {
    "10 MB": ("a" * 10_000_000, (1, 1, TOO_LARGE)),
    "10 MB of keys": ("a: b\n" * 2_000_000, (1, 1, TOO_LARGE)),
    "one byte too many": ("#" * (256 * 1024 + 1), (1, 1, TOO_LARGE)),
    "5,000 brackets": (HEADER + "x: " + "[" * 5000, (3, 24, TOO_DEEP)),
    "5,000 brackets, closed": (HEADER + "x: " + "[" * 5000 + "]" * 5000, (3, 24, TOO_DEEP)),
    "5,000 braces": (HEADER + "x: " + "{a: " * 5000, (3, 80, TOO_DEEP)),
    "5,000 dashes": (HEADER + "x:\n" + "- " * 5000, (4, 39, TOO_DEEP)),
    "300 indentations": (HEADER + "x:\n" + "".join(" " * n + "a:\n" for n in range(1, 301)), (23, 21, TOO_DEEP)),
    "100,000 brackets": ("[" * 100_000, (1, 21, TOO_DEEP)),
    "an alias bomb": (bomb(), (5, 8, TOO_MANY)),
    "an alias in itself": ("a: &a {b: *a}\n", (1, 11, "`*a` stands inside what it repeats")),
    "10,001 values": ("x: [" + ", ".join(["1"] * 10_000) + "]\n", (1, 29_996, TOO_MANY)),
    "a long key": (HEADER + "a" * 200_000 + ": 1\n", (3, 1, "this is not YAML: a key without its `:` stands here")),
    "a long quoted text": (
        HEADER + '"' + "a" * 200_000 + "\n",
        (3, 1, "this is not YAML: what opens here is never closed"),
    ),
    "a long blank": (
        HEADER + " " * 200_000 + "x: [\n",
        (3, 200_001, "this is not YAML: this fits nowhere: check the indentation, and the quotes before it"),
    ),
    "a long number": (
        HEADER + "criteria: [{target: " + "9" * 200_000 + "}]\n",
        (3, 21, "`target`: a finite number belongs here"),
    ),
    "a long fraction": (
        HEADER + "criteria: [{target: 0." + "9" * 200_000 + "x}]\n",
        (3, 21, "`target`: a number belongs here, not text"),
    ),
    "a long handle": (
        HEADER + "owners: {fix: @" + "a" * 200_000 + "}\n",
        (3, 15, "this is not YAML: this character can't begin a plain value: put the text in quotes"),
    ),
    "a long path": (
        HEADER + "runbooks: [{file: " + "../" * 60_000 + "}]\n",
        (3, 19, "`file`: a path must not leave the repository: write it without `..`"),
    ),
    "a long stage": (HEADER.replace("stage: pilot", "stage: " + "p" * 200_000), (2, 30, "`stage`: `ppppppp")),
    "many anchors": ("".join(f"k{n}: &a{n} x\n" for n in range(5_000)), (5_000, 8, TOO_MANY)),
    "many tags": (HEADER + "criteria: [" + "!x , " * 4_000 + "]\n", (3, 12, "")),
    "many unknown keys": (HEADER + "".join(f"k{n}: 1\n" for n in range(2_500)), (3, 1, "`k0` is not a key here")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_at_its_place(name: str) -> None:
    text, (line, column, message) = HOSTILE[name]
    first = told(text)[0]
    assert first[:2] == (line, column)
    assert first[2].startswith(message)


def test_no_hostile_file_keeps_a_process_busy() -> None:
    script = (
        "import json\n"
        "from tests.rules.given import told\n"
        "from tests.rules.test_nodes_limits import HOSTILE\n"
        "print(json.dumps({name: len(told(text)) for name, (text, _) in HOSTILE.items()}))\n"
    )
    # Measuring coverage there, too, would take longer than the reading.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    counts = json.loads(done.stdout)
    assert set(counts) == set(HOSTILE)
    assert counts.pop("many tags") == 8_000
    assert counts.pop("many unknown keys") == 2_500
    assert {name for name, count in counts.items() if count != 1} == set()


def test_what_is_within_the_limits_is_read() -> None:
    padding = 256 * 1024 - len(HEADER)
    assert told(HEADER + "#" * padding) == []
    assert told(HEADER + "rules: {}\nowners:\n" + "#\n" * 1000) == []


def test_twenty_levels_are_read_and_no_more() -> None:
    for opening, closing in (("[", "]"), ("{a: ", "}")):
        inside = reading("x: " + opening * 19 + closing * 19)
        assert inside.root is not None
        assert inside.root.levels == 20
        assert told("x: " + opening * 20 + closing * 20)[0][2] == TOO_DEEP


def test_levels_are_counted_with_aliases_expanded() -> None:
    ten = "a: &a " + "[" * 10 + "]" * 10 + "\n"
    assert reading(ten + "b: " + "[" * 9 + "*a" + "]" * 9 + "\n").root is not None
    assert told(ten + "b: " + "[" * 10 + "*a" + "]" * 10 + "\n") == [(2, 14, TOO_DEEP)]


def test_ten_thousand_values_are_read_and_no_more() -> None:
    # The mapping, its key and the list are three of them.
    assert reading("x: [" + ", ".join(["1"] * 9_997) + "]\n").root is not None
    assert told("x: [" + ", ".join(["1"] * 9_998) + "]\n")[0][2] == TOO_MANY
    hundred = "a: &a [" + ", ".join(["1"] * 99) + "]\n"
    assert reading(hundred + "b: [" + ", ".join(["*a"] * 98) + "]\n").root is not None
    assert told(hundred + "b: [" + ", ".join(["*a"] * 99) + "]\n")[0][2] == TOO_MANY
