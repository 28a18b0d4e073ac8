"""Whatever stands in a file, reading and judging it never raises, and everything that is said has a place."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.document import Document
from rules.policy import Policy
from rules.report import Located
from tests.rules.borders import FLOW, STRUCTURES, dumped, mutated
from tests.rules.given import CODES, HEADER, mended, reading, report


def lines_of(data: bytes) -> list[str]:
    """The lines of a file as an editor counts them."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")


def one_line(message: str) -> bool:
    """Whether a message is something that can be shown anywhere."""
    return bool(message.strip()) and message.isprintable()


def read_well(content: str | bytes) -> Document[Policy]:
    """The document, after a look at what is true of every file that was read."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    document, lines = reading(data), lines_of(data)
    for problem in document.problems:
        place = problem.place
        assert 1 <= place.line <= len(lines), problem
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, problem
        assert (place.line, place.column) <= (place.end_line, place.end_column), problem
        assert one_line(problem.message), problem
        if problem.edit is not None:
            assert 1 <= problem.edit.line <= problem.edit.end_line <= len(lines), problem
    assert (document.model is None) == bool(document.problems)
    order = [(problem.place.line, problem.place.column) for problem in document.problems]
    assert order == sorted(order)
    return document


def judged_well(text: str) -> tuple[Located, ...]:
    """What all rules find in a policy, after a look at what is true of every finding."""
    found, lines = report(text), lines_of(text.encode("utf-8", "surrogatepass"))
    assert {one.code for one in found.rules} <= CODES
    for finding in found.findings:
        assert 1 <= finding.line <= len(lines), finding
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1, finding
        assert finding.line <= finding.end_line <= len(lines), finding
        assert one_line(finding.message), finding
    return found.findings


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    read_well(data)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read_well(text)


@given(st.text("ab:-?[]{}#&*!|>'\"%@` \n\t,.~0\\", max_size=40))
@settings(max_examples=200)
def test_any_text_of_the_characters_that_mean_something_is_read(text: str) -> None:
    read_well(text)
    read_well(HEADER + text)


@given(STRUCTURES, st.booleans())
def test_any_structure_is_read_and_judged(structure: Any, flow: bool) -> None:
    text = dumped(structure, flow)
    read_well(text)
    judged_well(text)


@given(st.dictionaries(st.sampled_from(tuple(Policy.model_fields)[2:]), STRUCTURES, min_size=1, max_size=3))
@settings(max_examples=100)
def test_any_structure_below_a_good_head_is_read_and_judged(sections: dict[str, Any]) -> None:
    text = HEADER + dumped(sections, flow=False)
    read_well(text)
    judged_well(text)


@given(mutated())
@settings(max_examples=100)
def test_a_good_policy_gone_wrong_is_read_and_judged(text: str) -> None:
    read_well(text)
    judged_well(text)


@given(mutated())
@example(FLOW.replace("monitor:", "monitor::"))
@example(FLOW.replace("fix: '@a', ", "fix:"))
@settings(max_examples=60)
def test_a_fix_clears_its_finding_and_leaves_the_policy_no_worse(text: str) -> None:
    readable = reading(text).root is not None
    for finding in report(text).findings:
        if finding.replacement is None:
            continue
        new = mended(text, finding)
        after = reading(new)
        if finding.code != "POL002":
            assert after.problems == (), (finding, new)
        elif readable:
            assert after.root is not None, (finding, new)
        same = [one for one in report(new).findings if (one.key, one.message) == (finding.key, finding.message)]
        assert finding.line not in [one.line for one in same], (finding, new)
