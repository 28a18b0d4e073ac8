"""No content of a file of results or of a manifest raises, and none that says nothing is taken for something."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.manifests import Manifest, Manifests, Unusable
from rules.evidence.manifests.origins import drawn_from, told
from rules.evidence.manifests.standing import differences
from rules.evidence.results import Measured, Query, Results, Unmeasured
from rules.evidence.results.promql import unfit
from rules.facts import Unverifiable
from rules.policy import Criterion, Integration
from tests.rules.evidence.manifests.test_manifests import CARD, MD5, croissant
from tests.rules.evidence.results.reading import REAL
from tests.rules.evidence.results.test_formats import HARNESS, NESTED, exported, inputs, prompt, run
from tests.rules.given import holding, policy

SOURCES = (
    "{file: r, pointer: /a, samples: /n, dataset: /d, commit: /c, slices: /s}",
    "{file: r}",
    "{format: junit, file: r, pointer: a/time, samples: tests, slices: suites, commit: commit}",
    "{format: mlflow, file: r, pointer: accuracy, samples: n, dataset: md5, slices: slice/}",
    "{format: promptfoo, file: r, pointer: /results/prompts/0/metrics/namedScores/tone}",
    "{format: lm-eval, file: r, pointer: mmlu/acc, commit: /git_hash}",
)
RESULTS = policy("criteria: [" + ", ".join(f"{{source: {one}}}" for one in SOURCES) + "]")
EVALUATION = policy("evaluation: [{manifest: r}]")
PATHS = ("x", "a", "12 MB", "2026-11-02", "a.csv", "a.jsonl")
KEYS = st.sampled_from(
    (
        "a", "n", "d", "c", "s", "results", "stats", "successes", "failures", "prompts", "metrics", "namedScores",
        "info", "run_id", "status", "data", "tags", "params", "key", "value", "inputs", "dataset_inputs", "dataset",
        "digest", "run", "versions", "configs", "n-samples", "effective", "group_subtasks", "mmlu", "acc,none",
        "outs", "deps", "md5", "path", "db", "repo", "url", "files", "@type", "@graph", "distribution", "sha256",
        "contentSize", "contentUrl", "rowCount", "bytes", "wdir", "relpath", "size",
        "resources", "sources", "hash", "---", "dataset_info", "splits", "num_examples",
        "download_checksums", "source_datasets", "testPassCount",
    )
)  # fmt: skip
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.sampled_from(
        (
            "FINISHED",
            "sc:Dataset",
            "cr:FileObject",
            MD5,
            "12 MB",
            "",
            "2026-11-02",
            "x",
            "https://a.example",
            "a.csv",
            "a.jsonl",
            "0" * 32,
        )
    )
)
SHAPES: st.SearchStrategy[Any] = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
GOOD = (
    NESTED.encode(),
    (REAL / "normal.xml").read_bytes(),
    *(json.dumps(one).encode() for one in (run(inputs=inputs(MD5)), exported(prompt(1, 2, 3)), HARNESS, croissant({}))),
    CARD.encode(),
    f"frozen: true\ndeps:\n- path: https://a.example\nouts:\n- {{md5: {MD5}, size: 3, path: a}}\n".encode(),
)


def check(data: bytes) -> None:
    files = holding({"r": data})
    for found in Results.read(RESULTS, files).readings:
        if isinstance(found, Measured):
            assert abs(found.value) < float("inf")
            assert not isinstance(found.value, bool)
            assert found.samples is None or found.samples >= 0
            assert not [one for one in found.faults.values() if not one.isprintable()]
        else:
            assert isinstance(found, Unmeasured | Unverifiable)
            said = found.message if isinstance(found, Unmeasured) else found.reason
            assert said.isprintable()
    (manifest,) = Manifests.read(EVALUATION, files).manifests
    if isinstance(manifest, Manifest):
        assert manifest.size is None or manifest.size >= 0
        assert manifest.rows is None or manifest.rows >= 0
        assert all(len(one.value) >= 16 for one in manifest.hashes)
        assert all(said.isprintable() for said in differences(manifest, dict.fromkeys(PATHS, data)))
        assert drawn_from(manifest, Integration(id="erp", kind="stream", endpoint="kafka://a.example/erp")) in (
            True,
            False,
        )
        assert all("\n" not in told(one) for one in manifest.origin)
    else:
        said = manifest.message if isinstance(manifest, Unusable) else manifest.reason if manifest else ""
        assert said
        assert said.isprintable()


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(SHAPES)
def test_any_structure(data: Any) -> None:
    check(json.dumps(data).encode())


@given(st.sampled_from(GOOD), st.data())
def test_good_files_gone_wrong(content: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 30)))
    new = data.draw(st.sampled_from((b"", b"{", b'"', b"-1", b"null", b"[]", b"<", b"&x;", b"\n", b"1e999", b"\0")))
    check(content[:start] + new + content[end:])


@given(st.text(alphabet="ab()[]{}+-*/:5m\"'`,=~<>! orands", max_size=60))
def test_any_query(text: str) -> None:
    said = unfit(text, Criterion(op=">", target=0))
    assert said is None or said.isprintable()
    (found,) = Results.read(policy("criteria: [{source: {query: up}}]"), holding({})).readings
    assert found == Query("up")
