"""Every slice of the data is scored apart, and at least one of them is bad or unusual input.

A mean hides whom a pilot fails. Broken scans, rare languages and the one supplier who does everything differently are
few in any sample and many in the complaints.

A slice is one key of the object at `source.slices`, written whole: for `{"language/de": 0.9, "malformed": 0.8}`, that
is `slices: [language/de, malformed]`. Below a slice there may be one number under a name of its own, as in
`{"malformed": {"f1": 0.8}}`.

Fix: name the groups in `slices` and the bad input among them in `unhappy`, write a score for each into the results, and
point `source.slices` at the scores.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.results import Measured, Query, Reading, Results, called
from rules.policy import Evaluation, Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.wording import Guesses

CODE = "EVA006"
SEVERITY = Severity.WARNING


def check(policy: Policy, results: Results) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.evaluation:
        yield NotApplicable("there is no evaluation (EVA001)")
    guess = Guesses()
    for place, one in enumerate(policy.evaluation or ()):
        name = quote(one.id) if one.id else f"evaluation {place + 1}"
        if not one.slices:
            message = f"the data of {name} is scored as one: write `slices:` with its groups, bad input among them"
            yield Finding(("evaluation", place, "slices"), message)
            continue
        yield from _unhappy(one, place, name, guess)
        yield from _scored(policy, results, place, name)


def _unhappy(one: Evaluation, place: int, name: str, guess: Guesses) -> Iterator[Finding]:
    at, slices = ("evaluation", place, "unhappy"), one.slices or ()
    if not one.unhappy:
        yield Finding(at, f"no slice of {name} is bad or unusual input: write `unhappy:` with those that are")
    known = frozenset(slices)
    for number, name_ in enumerate(one.unhappy or ()):
        if name_ not in known:
            better = guess(name_, slices)
            hint = f"did you mean {quote(better)}?" if better else "write one that stands in `slices`"
            fix = Fix(scalar(better)) if better else None
            yield Finding((*at, number), f"{quote(name_)} is no slice of {name}: {hint}", fix=fix)


def _scored(
    policy: Policy, results: Results, place: int, name: str
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    """What is said by the criteria that are measured in a file on the evaluation at this place, together."""
    read = dict(_read(policy, results, place))
    found = {index: one for index, one in read.items() if isinstance(one, Measured)}
    pointed = [index for index, one in found.items() if one.slices is not None]
    faulty = [index for index, one in found.items() if "slices" in one.faults]
    for index in faulty:
        message = f"nobody knows the slices of {called(policy, index)}, {found[index].faults['slices']}"
        yield Finding(("criteria", index, "source", "slices"), message)
    if pointed:
        scores = {one for index in pointed for one in found[index].slices or ()}
        for number, one in enumerate((policy.evaluation or ())[place].slices or ()):
            if one not in scores:
                message = f"the slice {quote(one)} of {name} has no score: have the evaluation write one"
                yield Finding(("evaluation", place, "slices", number), message)
    elif found and not faulty:
        message = f"no slice of {name} has a score: write `slices:` with a pointer to their scores in the results"
        yield Finding(("criteria", next(iter(found)), "source", "slices"), message)
    elif not read:
        message = f"no criterion is measured in a file on {name}: write `evaluation:` and its `id` at one"
        yield Finding(("evaluation", place, "slices"), message)
    elif not found:
        yield from (one for one in read.values() if isinstance(one, Unverifiable))
        yield NotApplicable(f"what is measured on {name} can't be read (CRI003)")


def _read(policy: Policy, results: Results, place: int) -> Iterator[tuple[int, Reading]]:
    evaluations = policy.evaluation or ()
    for index, criterion in enumerate(policy.criteria or ()):
        found, named = results.readings[index], criterion.evaluation
        here = len(evaluations) == 1 if named is None else named == evaluations[place].id
        if here and not isinstance(found, Query):
            yield index, found


_POLICY = """
criteria:
  - {id: accuracy, source: {format: json, file: r.json, pointer: /a, slices: /by}}
evaluation:
  - id: prod-sample
    slices: [language, malformed_input]
    unhappy: [malformed_input]
"""
_FILES = {"r.json": '{"a": 0.95, "by": {"language": 0.94, "malformed_input": 0.9}}'}

EXAMPLES = [
    good(_POLICY, files=_FILES),
    good(_POLICY, files={"r.json": '{"a": 1, "by": {"language": {"f1": 0.9}, "malformed_input": 0}}'}),
    bad(
        "evaluation: [{}]",
        at="evaluation[0].slices",
        says="the data of evaluation 1 is scored as one: write `slices:`",
    ),
    bad(
        _POLICY.replace("    unhappy: [malformed_input]\n", ""),
        at="evaluation[0].unhappy",
        says="no slice of `prod-sample` is bad or unusual input: write `unhappy:`",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("unhappy: [malformed_input]", "unhappy: [malformed]"),
        at="evaluation[0].unhappy[0]",
        says="`malformed` is no slice of `prod-sample`: did you mean `malformed_input`?",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("unhappy: [malformed_input]", "unhappy: [x]"),
        at="evaluation[0].unhappy[0]",
        says="write one that stands in `slices`",
        files=_FILES,
    ),
    bad(
        _POLICY,
        at="evaluation[0].slices[1]",
        says="the slice `malformed_input` of `prod-sample` has no score: have the evaluation write one",
        files={"r.json": '{"a": 0.95, "by": {"language": 0.94, "malformed_input": null}}'},
    ),
    bad(
        _POLICY.replace(", slices: /by", ""),
        at="criteria[0].source.slices",
        says="no slice of `prod-sample` has a score: write `slices:` with a pointer",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("/by", "/a"),
        at="criteria[0].source.slices",
        says="nobody knows the slices of `accuracy`, `r.json` holds no object of slices at `/a`: write one there",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("id: accuracy", "evaluation: other"),
        at="evaluation[0].slices",
        says="no criterion is measured in a file on `prod-sample`: write `evaluation:`",
        files=_FILES,
    ),
    idle("owners: {}", says="there is no evaluation (EVA001)"),
    idle(_POLICY, says="what is measured on `prod-sample` can't be read (CRI003)"),
    unclear(
        _POLICY,
        files={"r.json": "version https://git-lfs.github.com/spec/v1\n"},
        says="`r.json` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
