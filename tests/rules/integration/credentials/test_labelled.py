"""How well credentials are told from what looks like them: no worse than docs/credentials.md says."""

import re
from collections import Counter

import pytest

from rules.evidence.credentials import search
from rules.evidence.credentials.detectors import kinds
from rules.facts import Written
from tests.rules.given import ROOT
from tests.rules.integration.credentials.labelled import Sample, samples

PAGE = ROOT / "docs/credentials.md"


def _found(sample: Sample) -> bool:
    return any(leak.line == sample.line for leak in search(Written(sample.path, sample.text)).leaks)


@pytest.fixture(scope="module")
def measured() -> dict[str, float | dict[str, str]]:
    caught, of, wrong = Counter[str](), Counter[str](), 0
    for sample in samples():
        if sample.kind is None:
            wrong += bool(search(Written(sample.path, sample.text)).leaks)
        else:
            of[sample.kind] += 1
            caught[sample.kind] += _found(sample)
    right = sum(caught.values())
    return {
        "positives": of.total(),
        "negatives": len(samples()) - of.total(),
        "precision": right / (right + wrong),
        "recall": right / of.total(),
        "kinds": {kind: f"{caught[kind]} of {count}" for kind, count in sorted(of.items())},
    }


def _stated(name: str) -> float:
    found = re.search(rf"^\| {name} \| ([0-9.]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, f"{PAGE.name} has no row {name!r}"
    return float(found[1])


def test_the_set_is_as_large_as_the_page_says(measured: dict[str, float]) -> None:
    assert {name: _stated(name) for name in ("positives", "negatives")} == {
        name: measured[name] for name in ("positives", "negatives")
    }


@pytest.mark.parametrize("name", ["precision", "recall"])
def test_the_figures_hold(measured: dict[str, float], name: str) -> None:
    assert measured[name] >= _stated(name) >= 0.95


def test_each_kind_is_found_as_often_as_the_page_says(measured: dict[str, dict[str, str]]) -> None:
    rows = re.findall(r"^\| (.+?) \| (\d+ of \d+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == measured["kinds"]


def test_every_kind_that_can_be_found_is_in_the_set() -> None:
    assert {sample.kind for sample in samples() if sample.kind} == kinds()


def test_no_secret_is_in_what_is_said_of_it() -> None:
    for sample in samples():
        said = repr(search(Written(sample.path, sample.text)))
        for kind in kinds():
            said = said.replace(kind, "")
        assert not re.search(r"[A-Za-z0-9+/_.-]{21,}", said), sample.path
