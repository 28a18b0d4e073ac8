"""Every criterion's value can be read: its file is there and yields a finite number, or its query is PromQL.

A number that somebody copies by hand into a slide can't be repeated, and nobody notices when it is not measured at all.
What can't be read when the policy is written won't be there on the day of the decision either.

A query that yields a number without any metric of the pilot (`vector(1)`, `time()`, `x or vector(1)`) measures nothing.

Fix: give the criterion a `source` with the `file` that the evaluation writes and a `pointer` to the number in it, or a
`query` for Prometheus.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.results import Results, Unmeasured, called
from rules.policy import Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, unclear

CODE = "CRI003"
SEVERITY = Severity.ERROR_FROM_DECISION


def check(policy: Policy, results: Results) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.criteria:
        yield NotApplicable("there are no criteria (CRI001)")
    for index, found in enumerate(results.readings):
        if isinstance(found, Unverifiable):
            yield found
        elif isinstance(found, Unmeasured):
            at = ("criteria", index, "source", found.key) if found.key else ("criteria", index, "source")
            fix = None if found.better is None else Fix(scalar(found.better))
            yield Finding(at, f"{called(policy, index)} can't be measured, {found.message}", fix=fix)


_JSON = "criteria: [{id: accuracy, source: {format: json, file: eval/results.json, pointer: %s}}]"
_FILE = {"eval/results.json": '{"accuracy": 0.95, "said": "0.95", "on": true, "by": {"de": 0.9}, "none": NaN}'}

EXAMPLES = [
    good(_JSON % "/accuracy", files=_FILE),
    good(_JSON % "/by/de", files=_FILE),
    good("criteria: [{source: {file: eval/m.yaml, pointer: /f1}}]", files={"eval/m.yaml": "f1: 0.9\n"}),
    good("criteria: [{source: {format: prometheus, query: 'histogram_quantile(0.95, sum by (le) (rate(x[7d])))'}}]"),
    good("criteria: [{source: {query: 'avg_over_time(x[7d])'}}]"),
    good(
        "criteria: [{source: {format: junit, file: report.xml}}]",
        files={"report.xml": "<testsuite><testcase name='a'/></testsuite>"},
    ),
    bad("criteria: [{id: accuracy}]", at="criteria[0].source", says="nothing says where its value is read: write"),
    bad("criteria: [{source: {pointer: /a}}]", at="criteria[0].source.file", says="criterion 1 can't be measured"),
    bad(
        """
        criteria:
          - id: accuracy
            source: {format: json, file: eval/results.json, pointer: /acuracy}
        """,
        at="criteria[0].source.pointer",
        says="`eval/results.json` has nothing at `/acuracy`: did you mean `/accuracy`?",
        files=_FILE,
    ),
    bad(_JSON % "accuracy", at="criteria[0].source.pointer", says="did you mean `/accuracy`?", files=_FILE),
    bad(_JSON % "/said", at="criteria[0].source.pointer", says="holds text at `/said`, `0.95`: write the", files=_FILE),
    bad(_JSON % "/on", at="criteria[0].source.pointer", says="holds true at `/on`, which is no number", files=_FILE),
    bad(_JSON % "/by", at="criteria[0].source.pointer", says="point at one of them, as in `/by/de`", files=_FILE),
    bad(_JSON % "/none", at="criteria[0].source.pointer", says="`nan` at `/none`, which is no finite", files=_FILE),
    bad(_JSON % "/a", at="criteria[0].source.file", says="`eval/results.json` is not there: commit it there"),
    bad(
        "criteria: [{source: {format: promptfoo, file: eval/results.json, pointer: /accuracy}}]",
        at="criteria[0].source.format",
        says="`eval/results.json` is not of format promptfoo: write `format: json`",
        files=_FILE,
    ),
    bad(
        "criteria: [{source: {file: report.xml}}]",
        at="criteria[0].source.file",
        says="has a document type",
        files={"report.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite/>"},
    ),
    bad(
        "criteria: [{source: {format: prometheus, query: 'rate(x[5m]'}}]",
        at="criteria[0].source.query",
        says="the query is not PromQL",
    ),
    good("criteria: [{op: '>=', target: 0.9, source: {query: 'x or vector(0)'}}]"),
    good("criteria: [{op: '<=', target: 5, source: {query: '(sum(errors) or vector(0)) / sum(requests)'}}]"),
    bad("criteria: [{source: {query: vector(1)}}]", at="criteria[0].source.query", says="the query measures nothing"),
    bad(
        "criteria: [{source: {query: 'time() - 5'}}]", at="criteria[0].source.query", says="the query measures nothing"
    ),
    bad(
        "criteria: [{op: '<=', target: 5, source: {query: 'sum(errors) or vector(0)'}}]",
        at="criteria[0].source.query",
        says="the query yields 0 where nothing is measured: leave out what stands in",
    ),
    bad("criteria: [{source: {format: prometheus}}]", at="criteria[0].source.query", says="asks nothing: write"),
    bad("criteria: [{source: {query: 'x[5m]'}}]", at="criteria[0].source.query", says="yields a range of values"),
    idle("owners: {}", says="there are no criteria (CRI001)"),
    unclear(
        _JSON % "/accuracy",
        files={"eval/results.json": "version https://git-lfs.github.com/spec/v1\n"},
        says="`eval/results.json` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
