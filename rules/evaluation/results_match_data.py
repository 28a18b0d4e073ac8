"""The results were measured on the data that the manifest identifies, with the code as it stands now.

Good numbers outlive what they were measured on: the data is swapped, the prompt is changed, and the old file of results
still says 0.95. A result counts for one set of data and one state of the code.

Fix: have the evaluation write the manifest's hash and the commit into its results, point `source.dataset` and
`source.commit` at them, list the code that it measures in `paths`, and measure again after a change of either.
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.changes import Changes
from rules.evidence.hashes import matching
from rules.evidence.manifests import Manifest, Manifests
from rules.evidence.results import Measured, Query, Results, called
from rules.facts import Descent, Lineage
from rules.policy import Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "EVA005"
SEVERITY = Severity.ERROR_FROM_DECISION

_Said = Finding | NotApplicable | Unverifiable


def check(policy: Policy, results: Results, manifests: Manifests, lineage: Lineage) -> Iterator[_Said]:
    read = [index for index, found in enumerate(results.readings) if not isinstance(found, Query)]
    if not read:
        yield NotApplicable("no criterion is measured in a file")
    elif not policy.evaluation:
        yield NotApplicable("there is no evaluation (EVA001)")
    else:
        yield from _stray(policy, manifests)
        changes = Changes(policy, lineage)
        for index in read:
            found = results.readings[index]
            if isinstance(found, Unverifiable):
                yield found
            elif isinstance(found, Measured):
                yield from _matched(policy, index, found, manifests, changes)
            else:
                yield NotApplicable(f"{called(policy, index)} has no value that can be read (CRI003)")


def _matched(policy: Policy, index: int, found: Measured, manifests: Manifests, changes: Changes) -> Iterator[_Said]:
    evaluations, named = policy.evaluation or (), (policy.criteria or ())[index].evaluation
    places = {one.id: place for place, one in reversed(list(enumerate(evaluations))) if one.id}
    place = places.get(named) if named is not None else 0 if len(evaluations) == 1 else None
    if place is None:
        name = called(policy, index)
        wrong = (
            f"nothing says on which data {name} is measured"
            if named is None
            else f"{quote(named)}, on which {name} is measured, is no evaluation of this policy"
        )
        message = f"{wrong}: write `evaluation:` and the `id` of one"
        yield Finding(("criteria", index, "evaluation"), message)
        return
    yield from _data(policy, index, found, manifests.manifests[place])
    if manifests.unlisted is not None and evaluations[place].paths:
        yield manifests.unlisted
    yield from _code(policy, index, place, found, changes)


def _data(policy: Policy, index: int, found: Measured, manifest: object) -> Iterator[_Said]:
    at, name = ("criteria", index, "source", "dataset"), called(policy, index)
    if isinstance(manifest, Unverifiable):
        yield manifest
    elif not isinstance(manifest, Manifest) or not manifest.hashes:
        yield NotApplicable(f"the data of {name} has no manifest with a hash (EVA001)")
    elif "dataset" in found.faults:
        yield Finding(at, f"nobody knows on which data {name} was measured, {found.faults['dataset']}")
    elif found.dataset is None:
        message = f"the results of {name} don't say on which data: write `dataset:` with a pointer to the data's hash"
        yield Finding(at, message)
    elif not matching(found.dataset, manifest.hashes):
        known = sorted(map(str, manifest.hashes))
        message = f"{name} was measured on {quote(found.dataset)}, but the manifest names {quote(known[0])}"
        yield Finding(at, f"{message}{' and others' if known[1:] else ''}: measure again on the data of the manifest")


def _code(policy: Policy, index: int, place: int, found: Measured, changes: Changes) -> Iterator[_Said]:
    at, name = ("criteria", index, "source", "commit"), called(policy, index)
    if "commit" in found.faults:
        yield Finding(at, f"nobody knows which code {name} measured, {found.faults['commit']}")
        return
    if found.commit is None:
        message = f"the results of {name} don't say which code: write `commit:` with a pointer to the commit's SHA"
        yield Finding(at, message)
        return
    descent = changes.lineage.commits.get(found.commit, Unverifiable(f"{quote(found.commit)} was not looked up"))
    if isinstance(descent, Unverifiable):
        yield descent
    elif descent is None:
        message = f"{name} was measured at {quote(found.commit)}, a commit that is not there: measure again and commit"
        yield Finding(at, f"{message} the results")
    elif not descent.ancestor:
        message = f"{name} was measured at {quote(found.commit)}, which does not come before this commit: measure again"
        yield Finding(at, message)
    else:
        changed = changes.first(place, found.commit, descent)
        if changed is not None and (policy.evaluation or ())[place].paths:
            message = f"{quote(changed)} has changed since {name} was measured at {quote(found.commit)}: measure again"
            yield Finding(at, message)
        elif changed is not None:
            message = f"nothing says which code {name} measures, and {quote(changed)} has changed since: write `paths:`"
            yield Finding(("evaluation", place, "paths"), f"{message} with its patterns, or measure again")


def _stray(policy: Policy, manifests: Manifests) -> Iterator[Finding]:
    for place, number, better in manifests.stray:
        pattern = ((policy.evaluation or ())[place].paths or ())[number]
        hint = f"did you mean {quote(better)}?" if better else "write a pattern of the code that is measured"
        fix = Fix(scalar(better)) if better else None
        yield Finding(("evaluation", place, "paths", number), f"{quote(pattern)} means no file: {hint}", fix=fix)


_HASH, _SHA = "a304afb96060aad90176268345e10355", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_POLICY = """
criteria:
  - id: accuracy
    source: {format: json, file: r.json, pointer: /a, dataset: /md5, commit: /commit}
evaluation:
  - {id: prod-sample, manifest: data.dvc, paths: ["triage/**"]}
"""
_SECOND = "  - {id: second, source: {file: r.json, pointer: /a, dataset: /md5, commit: /commit}}\n"
_PATHLESS = _POLICY.replace(', paths: ["triage/**"]', "")
_FILES = {
    "data.dvc": f"outs:\n- {{md5: {_HASH}.dir, path: data}}\n",
    "r.json": f'{{"a": 0.95, "md5": "{_HASH}", "commit": "{_SHA}"}}',
    "triage/model.py": "",
}


def _given(descent: Descent | Unverifiable | None) -> tuple[Lineage]:
    return (Lineage({_SHA: descent}),)


_HERE = _given(Descent(True, frozenset({"r.json", "docs/a.md"})))

EXAMPLES = [
    good(_POLICY, files=_FILES, given=_HERE),
    good(_POLICY.replace("evaluation:", _SECOND + "evaluation:"), files=_FILES, given=_HERE),
    good(_PATHLESS, files=_FILES, given=_given(Descent(True, frozenset({"r.json", ".pilot.yml", "data.dvc"})))),
    bad(
        _POLICY,
        at="criteria[0].source.dataset",
        says="`accuracy` was measured on `22e3f61e52c0ba45334d973244efc155`, but the manifest names `md5:a304",
        files={**_FILES, "r.json": _FILES["r.json"].replace(_HASH, "22e3f61e52c0ba45334d973244efc155")},
        given=_HERE,
    ),
    bad(
        _POLICY.replace(", dataset: /md5, commit: /commit", ""),
        at="criteria[0].source.dataset",
        says="the results of `accuracy` don't say on which data: write `dataset:`",
        files=_FILES,
    ),
    bad(
        _POLICY.replace(", commit: /commit", ""),
        at="criteria[0].source.commit",
        says="the results of `accuracy` don't say which code: write `commit:`",
        files=_FILES,
    ),
    bad(
        _POLICY.replace("/md5", "/a"),
        at="criteria[0].source.dataset",
        says="nobody knows on which data `accuracy` was measured, `r.json` holds `0.95` at `/a`, which is no hash",
        files=_FILES,
        given=_HERE,
    ),
    bad(
        _POLICY.replace("/commit", "/a"),
        at="criteria[0].source.commit",
        says="`r.json` holds `0.95` at `/a`, which is no commit: have the evaluation write",
        files=_FILES,
    ),
    bad(
        _POLICY,
        at="criteria[0].source.commit",
        says=f"`triage/model.py` has changed since `accuracy` was measured at `{_SHA}`: measure again",
        files=_FILES,
        given=_given(Descent(True, frozenset({"r.json", "triage/model.py"}))),
    ),
    bad(
        _PATHLESS,
        at="evaluation[0].paths",
        says="nothing says which code `accuracy` measures, and `prompts/a.txt` has changed since: write `paths:`",
        files=_FILES,
        given=_given(Descent(True, frozenset({"prompts/a.txt"}))),
    ),
    bad(_POLICY, at="criteria[0].source.commit", says="a commit that is not there", files=_FILES, given=_given(None)),
    bad(
        _POLICY,
        at="criteria[0].source.commit",
        says="which does not come before this commit: measure again",
        files=_FILES,
        given=_given(Descent(False)),
    ),
    bad(
        _POLICY.replace("triage/**", "triage"),
        at="evaluation[0].paths[0]",
        says="`triage` means no file: did you mean `triage/**`?",
        files=_FILES,
        given=_HERE,
    ),
    bad(
        _POLICY.replace("triage/**", "src/**"),
        at="evaluation[0].paths[0]",
        says="`src/**` means no file: write",
        files=_FILES,
        given=_HERE,
    ),
    bad(
        _POLICY.replace("id: accuracy", "evaluation: sample"),
        at="criteria[0].evaluation",
        says="`sample`, on which criterion 1 is measured, is no evaluation of this policy: write",
        files=_FILES,
    ),
    bad(
        _POLICY + "  - {id: other}\n",
        at="criteria[0].evaluation",
        says="nothing says on which data `accuracy` is measured: write",
        files=_FILES,
    ),
    idle(_POLICY, says="`accuracy` has no value that can be read (CRI003)", files={"triage/a": ""}),
    idle(
        _POLICY,
        says="the data of `accuracy` has no manifest with a hash (EVA001)",
        files={**_FILES, "data.dvc": "outs: []"},
        given=_HERE,
    ),
    idle("criteria: [{source: {query: up}}]", says="no criterion is measured in a file"),
    idle(_POLICY.partition("evaluation:")[0], says="there is no evaluation (EVA001)", files=_FILES),
    unclear(
        _POLICY,
        files=_FILES,
        given=_given(Unverifiable("the history is not all there: fetch it with `fetch-depth: 0`")),
        says="the history is not all there: fetch it with `fetch-depth: 0`",
    ),
    unclear(
        _POLICY,
        files={**_FILES, "r.json": "version https://git-lfs.github.com/spec/v1\n"},
        says="`r.json` is kept in Git LFS, which is not read: commit the file itself",
    ),
    unclear(
        _POLICY,
        files={**_FILES, "data.dvc": "version https://git-lfs.github.com/spec/v1\n"},
        given=_HERE,
        says="`data.dvc` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
