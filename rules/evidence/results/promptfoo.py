"""What `promptfoo eval --output results.json` writes, of summary versions 1 to 3.

Without a pointer, the value is the share of tests that passed, errors counted as not passed, of the only prompt and
provider; where there are several, a JSON Pointer names one, as `/results/prompts/0`. A pointer to a number is that
number, apart from `metrics/score` and `metrics/namedScores/NAME`: promptfoo keeps sums there and shows their means, and
so the mean is the value.

By itself it says the number of samples, which are the tests, and the day. It knows neither data nor commit: write them
into `tags` of its configuration before it runs, as in `tags: {dataset: 'md5:…', commit: '4b82…'}`, and point there with
`dataset: /config/tags/dataset` and `commit: /config/tags/commit`. For `slices`, give the assertions of each group a
`metric` of its name, and write `slices: /results/prompts/0/metrics/namedScores`, whose means are read.
"""

import re
from collections.abc import Mapping
from typing import Any

from rules.evidence.loading import listing, mapping, number
from rules.evidence.results import Measured
from rules.evidence.results.pointing import Unfound, counted, escaped, listed, numbered, resolved
from rules.evidence.results.times import day

FORMAT = "promptfoo"

_MEAN = re.compile(r"(?P<prompt>.*)/metrics/(?P<kind>score|namedScores/(?P<name>[^/]+))")


def recognises(data: Any) -> bool:
    """A summary has `stats` with `successes` and `failures`, and `results`; a file that is exported wraps it."""
    summary = _summary(data)
    stats = mapping(summary.get("stats"))
    return "successes" in stats and "failures" in stats


def _summary(data: Any) -> Mapping[Any, Any]:
    outer = mapping(data)
    return outer if "stats" in outer else mapping(outer.get("results"))


def prepared(data: Any) -> Any:
    """The data itself."""
    return data


def look(data: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer; of all `namedScores`, their means."""
    found = resolved(data, pointer)
    if not pointer.endswith("/metrics/namedScores"):
        return found
    each = ((name, score, _MEAN.fullmatch(f"{pointer}/{escaped(str(name))}")) for name, score in mapping(found).items())
    return {name: _mean(data, mean, score)[0] for name, score, mean in each if mean and number(score) is not None}


def usual(data: Any, pointer: str | None) -> Measured:
    """A share of tests that passed, or the number that is pointed at, on as many samples as there were tests."""
    summary = _summary(data)
    time = day(summary.get("timestamp"))
    if pointer is None:
        place, several = _prompts(summary)
        if len(several) > 1:
            first = place if "stats" in data else f"/results{place}"
            remedy = f"point at the pilot's own, as in `pointer: {first}/0`"
            raise Unfound(f"holds {len(several)} prompts or providers, whose tests are no one share", remedy)
        value, tests = _passed(mapping(summary["stats"]), "successes", "failures", "errors")
        return Measured(value, tests, time=time)
    found = resolved(data, pointer)
    metrics = mapping(mapping(found).get("metrics"))
    if metrics:
        value, tests = _passed(metrics, "testPassCount", "testFailCount", "testErrorCount")
        return Measured(value, tests, time=time)
    mean = _MEAN.fullmatch(pointer)
    if mean:
        value, tests = _mean(data, mean, numbered(found, pointer))
        return Measured(value, tests, time=time)
    return Measured(numbered(found, pointer), time=time)


def _prompts(summary: Mapping[Any, Any]) -> tuple[str, list[Any]]:
    """Where the prompts stand in a summary, which versions before 3 keep in the table's head; and the prompts."""
    own, head = listing(summary.get("prompts")), mapping(mapping(summary.get("table")).get("head"))
    return ("/prompts", own) if own else ("/table/head/prompts", listing(head.get("prompts")))


def _passed(counts: Mapping[Any, Any], passed: str, *others: str) -> tuple[float, int]:
    """The share that passed, and of how many; versions before 2 count no errors."""
    successes = counted(counts.get(passed), passed)
    tests = successes + sum(counted(counts.get(other, 0), other) for other in others)
    if not tests:
        raise Unfound("holds no test that ran", f"run the evaluation; {listed((passed, *others))} are all 0")
    return successes / tests, tests


def _mean(data: Any, mean: re.Match[str], total: float) -> tuple[float, int]:
    """The mean behind a sum, and on how many tests it rests."""
    metrics = mapping(mapping(resolved(data, mean["prompt"])).get("metrics"))
    _, tests = _passed(metrics, "testPassCount", "testFailCount", "testErrorCount")
    if mean["name"] is None:
        return total / tests, tests
    name = mean["name"].replace("~1", "/").replace("~0", "~")
    count = number(mapping(metrics.get("namedScoresCount")).get(name))
    weight = number(mapping(metrics.get("namedScoreWeights")).get(name)) or count
    if not weight or weight < 0:
        # A metric that promptfoo derives from others is no sum.
        return total, tests
    return total / weight, min(tests, int(count or tests))
