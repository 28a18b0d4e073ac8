"""An example is written short: what every policy needs is filled in."""

from datetime import date

from rules.rule import bad, good, idle, unclear

HEAD = "version: 1\npilot: {name: example, stage: pilot, start: 2026-11-02}\n"


def test_version_and_pilot_are_filled_in_where_they_are_lacking() -> None:
    assert good("owners: {}").policy == HEAD + "owners: {}"
    assert good("version: 2").policy == HEAD.splitlines()[1] + "\nversion: 2"
    assert good("pilot: {}").policy == "version: 1\npilot: {}"
    assert good("version: 1\npilot: {}").policy == "version: 1\npilot: {}"
    assert good("owners:\n  pilot: x").policy == HEAD + "owners:\n  pilot: x"
    assert good(None).policy is None


def test_an_example_may_be_indented() -> None:
    text = """
        owners:
          fix: x
        """
    for example in (good(text), bad(text, at="a", says="b"), idle(text, says="b"), unclear(text, says="b")):
        assert example.policy == HEAD + "owners:\n  fix: x\n"


def test_an_example_declares_how_the_rule_comes_out() -> None:
    day = date(2027, 1, 1)
    passing = good("a: 1", files=("x",), today=day, organisation="  version: 1")
    assert (passing.outcome, passing.at, passing.says, dict(passing.files)) == ("pass", "", "", {"x": b""})
    assert (passing.today, passing.organisation) == (day, "version: 1")
    failing = bad("a: 1", at="k", says="m", files=("x",), today=day, organisation="  version: 1")
    assert (failing.outcome, failing.at, failing.says, dict(failing.files)) == ("fail", "k", "m", {"x": b""})
    assert (failing.today, failing.organisation) == (day, "version: 1")
    nothing = idle("a: 1", says="m", today=day, organisation="  version: 1")
    assert (nothing.outcome, nothing.at, nothing.says, dict(nothing.files)) == ("not-applicable", "", "m", {})
    assert (nothing.today, nothing.organisation) == (day, "version: 1")
    blind = unclear("a: 1", says="m", files=("x",), today=day)
    assert (blind.outcome, blind.at, blind.says, dict(blind.files)) == ("unverifiable", "", "m", {"x": b""})
    assert (blind.today, blind.organisation) == (day, "")


def test_an_example_may_say_what_is_in_its_files_and_which_facts_come_from_elsewhere() -> None:
    text = """
        a:
          b: 1
        """
    example = good("a: 1", files={"x.yml": text, "y": b"\0"}, given=(day := date(2027, 1, 1),))
    assert dict(example.files) == {"x.yml": b"a:\n  b: 1\n", "y": b"\0"}
    assert example.given == (day,)


def test_examples_are_of_one_day_unless_they_say_otherwise() -> None:
    for example in (good("a: 1"), bad("a: 1", at="a", says="b"), idle("a: 1", says="b"), unclear("a: 1", says="b")):
        assert example.today == date(2026, 11, 24)
        assert (example.organisation, dict(example.files), example.given) == ("", {}, ())
