"""What lm-evaluation-harness writes as `results_*.json`.

A pointer is a JSON Pointer, or TASK/METRIC as in `gsm8k/exact_match,strict-match`, where the filter behind the comma
may be left out if the metric has only one. The number of samples is the effective one of `n-samples`, which a run with
`--limit` lowers; of a group, that of its tasks together. `git_hash` is that of the folder in which the harness ran, so
that the commit is only read where `commit: /git_hash` says so.

By itself it says the number of samples and the day. Of the data it knows `task_hashes`, which are of the prompts that
it made and match no manifest: write the manifest's hash into `metadata` of the task's YAML, as in `metadata: {version:
1.0, dataset: 'md5:…'}`, and point there with `dataset: /configs/TASK/metadata/dataset`. For `slices`, make each group a
task of its own and write the name of a metric, as in `slices: acc`, which is read of every task that has it.
"""

from collections.abc import Mapping
from typing import Any

from rules.evidence.loading import listing, mapping, number
from rules.evidence.results import Measured
from rules.evidence.results.pointing import Unfound, escaped, listed, numbered, resolved
from rules.evidence.results.times import day
from rules.values import quote

FORMAT = "lm-eval"


def recognises(data: Any) -> bool:
    """Results by task, and what the harness writes beside them."""
    outer = mapping(data)
    results = outer.get("results")
    beside = sum(key in outer for key in ("versions", "configs", "n-shot", "n-samples", "config", "lm_eval_version"))
    # Other tools write the same shape, with `n-samples` alone beside the results.
    enough = beside >= 2 or isinstance(outer.get("n-samples"), Mapping)
    return isinstance(results, Mapping) and enough and all(isinstance(one, Mapping) for one in results.values())


def prepared(data: Any) -> Any:
    """The data itself."""
    return data


def look(data: Any, pointer: str) -> Any:
    """What stands at TASK/METRIC, else at a JSON Pointer; for a metric alone, its value by task."""
    found = _named(data, pointer)
    if found is not None:
        return found[1]
    return _by_task(data, pointer.removeprefix("/")) or resolved(data, pointer)


def _by_task(data: Any, metric: str) -> dict[str, Any]:
    tasks = {name: _metrics(mapping(one), metric) for name, one in data["results"].items()}
    return {name: one[0][1] for name, one in tasks.items() if len(one) == 1}


def _metrics(metrics: Mapping[Any, Any], name: str) -> list[tuple[str, Any]]:
    """The metrics of this name: exactly so, else with any filter."""
    if name in metrics:
        return [(name, metrics[name])]
    return [(str(key), value) for key, value in metrics.items() if str(key).partition(",")[0] == name]


def _named(data: Any, pointer: str) -> tuple[str, Any] | None:
    """The task that a pointer names, and its metric; None where the pointer is of another form."""
    task, _, metric = pointer.removeprefix("/").removeprefix("results/").removeprefix("groups/").rpartition("/")
    results = {**mapping(data.get("groups")), **data["results"]}
    name = next((one for one in (task, task.replace("~1", "/").replace("~0", "~")) if one in results), None)
    if name is None:
        return None
    metrics = mapping(results[name])
    found = _metrics(metrics, metric.replace("~1", "/").replace("~0", "~"))
    if len(found) > 1:
        filtered = listed([key for key, _ in found])
        raise Unfound(f"has {quote(name)} with several filters: {filtered}", "write one with its filter")
    if found:
        return name, found[0][1]
    numbers = [str(key) for key, value in metrics.items() if number(value) is not None and "_stderr" not in str(key)]
    remedy = f"write one of {listed(numbers)}" if numbers else "point at a task that has metrics"

    def build(key: str) -> str:
        return f"/results/{escaped(name)}/{escaped(key)}"

    raise Unfound(f"has no {quote(metric)} for the task {quote(name)}", remedy, metric, numbers, build)


def usual(data: Any, pointer: str | None) -> Measured:
    """The metric, on the samples of its task that were really run."""
    if pointer is None:
        remedy = f"write `pointer:` with TASK/METRIC; its tasks are {listed(data['results'])}"
        raise Unfound("holds the metrics of tasks, of which none is named", remedy)
    found = _named(data, pointer)
    time = day(data.get("date"))
    if found is None:
        return Measured(numbered(resolved(data, pointer), pointer), time=time)
    return Measured(numbered(found[1], pointer), _samples(data, found[0]), time=time)


def _samples(data: Any, task: str) -> int | None:
    """How many samples were run for a task, or for all of a group; None where that is not said of each."""
    sizes, groups = mapping(data.get("n-samples")), mapping(data.get("group_subtasks"))
    left, seen, total = [task], {task}, 0
    while left:
        one = left.pop()
        inner = [name for name in listing(groups.get(one)) if isinstance(name, str)]
        if one not in sizes and not inner:
            return None
        if one in sizes:
            effective = number(mapping(sizes[one]).get("effective"))
            if effective is None or effective < 0:
                return None
            total += int(effective)
            continue
        fresh = [name for name in inner if name not in seen]
        seen.update(fresh)
        left += fresh
    return total
