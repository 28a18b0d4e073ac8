"""The data that the pilot is judged on is identified: by a manifest with hashes of its content, and its size.

Without a hash nobody can tell whether the data that was measured on is the data that was promised, or what was left of
it once the hard cases were taken out.

Data that is kept in the repository itself, in files of 2 MiB at most, is held against the hash, the size and the rows
that its manifest states.

Fix: commit the manifest (a *.dvc, Croissant, datapackage.json…) of each evaluation with the hash of every file and the
number of rows or bytes, and name it in `manifest`.
"""

from collections.abc import Iterator

from rules.evidence.manifests import Manifest, Manifests, Unusable
from rules.evidence.manifests.standing import differences
from rules.facts import Data
from rules.policy import Policy
from rules.rule import Finding, Severity, Unverifiable, bad, good, quote, unclear

CODE = "EVA001"
SEVERITY = Severity.ERROR


def check(policy: Policy, manifests: Manifests, data: Data) -> Iterator[Finding | Unverifiable]:
    if not policy.evaluation:
        message = "nothing says on which data the pilot is judged: write `evaluation:` with its `manifest`"
        yield Finding(("evaluation",), message)
    for index, found in enumerate(manifests.manifests):
        at = ("evaluation", index, "manifest")
        one = (policy.evaluation or ())[index]
        name = quote(one.id) if one.id else f"evaluation {index + 1}"
        if found is None:
            yield Finding(at, f"nothing identifies the data of {name}: write `manifest:` and the path of its manifest")
        elif isinstance(found, Unverifiable):
            yield found
        elif isinstance(found, Unusable):
            yield Finding(at, f"the manifest of {name} can't be used, {found.message}")
        else:
            wrong = (*_lacking(found), *_differing(found, data))
            yield from (Finding(at, f"{quote(one.manifest)} {said}") for said in wrong)


def _lacking(manifest: Manifest) -> Iterator[str]:
    first = next(iter(manifest.unhashed), None)
    why = f", since {first.fault}" if first and first.fault else ""
    if not manifest.hashes:
        yield f"has no hash of the data{why}: {manifest.hash_hint}"
    elif first is not None:
        more = f" and {len(manifest.unhashed) - 1} more" if len(manifest.unhashed) > 1 else ""
        yield f"has no hash of {quote(first.name)}{more}{why}: {manifest.hash_hint}"
    if manifest.rows is None and manifest.size is None:
        yield f"states neither rows nor size of the data: {manifest.size_hint}"
    elif 0 in (manifest.rows, manifest.size):
        yield "says that there is no data, 0 rows or bytes: collect some, then write the manifest anew"


def _differing(manifest: Manifest, data: Data) -> Iterator[str]:
    found = list(differences(manifest, data.contents))
    if found:
        more = f" (and {len(found) - 1} more)" if found[1:] else ""
        yield f"{found[0]}{more}: put the data back, or write the manifest anew and measure again"


_POLICY = "evaluation: [{id: prod-sample, manifest: %s}]"
_MD5 = "a304afb96060aad90176268345e10355"
_ROWS = "10c43b7d77de1b032d33c10900ffcdee"

EXAMPLES = [
    good(_POLICY % "data.dvc", files={"data.dvc": f"outs:\n- md5: {_MD5}\n  size: 37891850\n  path: data\n"}),
    good(
        _POLICY % "c.json",
        files={
            "c.json": '{"@type": "sc:Dataset", "distribution": [{"@type": "cr:FileObject", "name": "a.csv",'
            f' "contentSize": "12.3 MB", "sha256": "{_MD5}{_MD5}"}}]}}'
        },
    ),
    good(
        _POLICY % "datapackage.json",
        files={"datapackage.json": f'{{"resources": [{{"path": "a.csv", "hash": "{_MD5}", "bytes": 12}}]}}'},
    ),
    good(
        _POLICY % "eval/data.dvc",
        files={"eval/data.dvc": f"outs: [{{md5: {_ROWS}, size: 9, path: a.csv}}]", "eval/a.csv": "a,b\n1,2\n\n"},
    ),
    bad(
        _POLICY % "eval/data.dvc",
        at="evaluation[0].manifest",
        says=f"`eval/data.dvc` states `md5:{_MD5}` of `eval/a.csv`, which has `md5:{_ROWS}`: put the data back",
        files={"eval/data.dvc": f"outs: [{{md5: {_MD5}, size: 9, path: a.csv}}]", "eval/a.csv": "a,b\n1,2\n\n"},
    ),
    bad(
        _POLICY % "data.dvc",
        at="evaluation[0].manifest",
        says="has no hash of the data, since `00000000000000000000000000000000` is a placeholder: run `dvc commit`",
        files={"data.dvc": f"outs: [{{md5: '{'0' * 32}', size: 9, path: a.csv}}]"},
    ),
    bad(
        _POLICY % "c.json",
        at="evaluation[0].manifest",
        says="has no hash of the data, since `a304` is no SHA256 of 64 hexadecimal digits: write the `sha256`",
        files={
            "c.json": '{"@type": "sc:Dataset", "distribution": [{"@type": "cr:FileObject", "name": "a.csv",'
            ' "contentSize": 12, "sha256": "a304"}]}'
        },
    ),
    bad("owners: {}", at="evaluation", says="nothing says on which data the pilot is judged: write `evaluation:`"),
    bad("evaluation: [{}]", at="evaluation[0].manifest", says="nothing identifies the data of evaluation 1: write"),
    bad(
        _POLICY % "eval/data.dvc",
        at="evaluation[0].manifest",
        says="the manifest of `prod-sample` can't be used, `eval/data.dvc` is not there: commit it there",
    ),
    bad(
        _POLICY % "data.dvc",
        at="evaluation[0].manifest",
        says="has no hash of `b`: run `dvc commit`",
        files={"data.dvc": f"outs:\n- {{md5: {_MD5}, path: a, size: 1}}\n- {{path: b, size: 2}}\n"},
    ),
    bad(
        _POLICY % "data.dvc",
        at="evaluation[0].manifest",
        says="states neither rows nor size of the data: run",
        files={"data.dvc": f"outs:\n- md5: {_MD5}\n  path: data.xml\n"},
    ),
    bad(
        _POLICY % "data.dvc",
        at="evaluation[0].manifest",
        says="says that there is no data, 0 rows or bytes: collect some",
        files={"data.dvc": f"outs:\n- md5: {_MD5}\n  path: data.xml\n  size: 0\n"},
    ),
    bad(
        _POLICY % "README.md",
        at="evaluation[0].manifest",
        says="has no hash of the data: a dataset card has none of its data; name a Croissant file or a *.dvc instead",
        files={"README.md": "---\ndataset_info:\n  splits:\n  - {name: test, num_examples: 1066}\n---\n# Card\n"},
    ),
    unclear(
        _POLICY % "c.yaml",
        files={"c.yaml": "apiVersion: v3.0.2\nkind: DataContract\nid: invoices\n"},
        says="`c.yaml` is a data contract (ODCS), a format that is not read yet: name a Croissant file or a *.dvc",
    ),
]
