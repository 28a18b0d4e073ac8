"""An MLflow run: what `mlflow runs describe` prints, the REST API's `runs/get` answers, or mlflow-export-import writes.

A pointer is the name of a metric (`accuracy`, `val/accuracy`, with or without a `/` before it), else a JSON Pointer.
`samples`, `commit` and `dataset` may also name a param or a tag; `slices` is what the names of the slices' metrics
begin with, as in `slice/`. By itself a run says its commit (the tag `mlflow.source.git.commit`), the digest of its
only dataset and its end. Only a run that has finished counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.evidence.hashes import hashed
from rules.evidence.loading import Broken, listing, mapping, number
from rules.evidence.results import Measured
from rules.evidence.results.pointing import Unfound, committed, listed, numbered, plain, resolved
from rules.evidence.results.times import day
from rules.values import quote

FORMAT = "mlflow"

_COMMIT = "mlflow.source.git.commit"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. `noted`: its params, and its tags where no param has that name."""

    data: Any
    metrics: Mapping[str, object]
    noted: Mapping[str, object]
    digests: tuple[str, ...]
    ended: date | None


def recognises(data: Any) -> bool:
    """A run has `info` with its status and `data` with its metrics; `runs/get` puts it under `run`, the export under
    `mlflow` without the `data`.
    """
    run = _run(data)
    info = mapping(run.get("info"))
    return ("run_id" in info or "run_uuid" in info) and isinstance(run.get("data"), Mapping)


def _run(data: Any) -> Mapping[Any, Any]:
    """The run, as `runs describe` prints it; what wraps it, or spreads its data, set aside."""
    outer = mapping(data)
    several = listing(outer.get("runs"))
    run = mapping(outer.get("mlflow", outer.get("run", several[0] if len(several) == 1 else data)))
    return {**run, "data": run} if "mlflow" in outer and "data" not in run else run


def prepared(data: Any) -> Run:
    """The run; Broken where it has not finished, or was deleted."""
    run = _run(data)
    info, inner = mapping(run.get("info")), mapping(run.get("data"))
    status = info.get("status")
    # Protocol Buffers number it 3.
    if status not in ("FINISHED", 3):
        raise Broken(f"is of a run that has not finished, its status is {quote(status)}: export one that is FINISHED")
    if info.get("lifecycle_stage") == "deleted":
        raise Broken("is of a run that was deleted: export one that stands")
    inputs = listing(mapping(run.get("inputs")).get("dataset_inputs", run.get("inputs")))
    digests = [mapping(mapping(one).get("dataset")).get("digest") for one in inputs]
    noted = {**_pairs(inner.get("tags")), **_pairs(inner.get("params"))}
    known = tuple(dict.fromkeys(one for one in digests if isinstance(one, str)))
    return Run(data, _latest(inner.get("metrics")), noted, known, day(info.get("end_time")))


def _pairs(value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    return {str(one["key"]): one.get("value") for one in map(mapping, listing(value)) if "key" in one}


def _latest(value: object) -> dict[str, object]:
    """Metrics by name; of one that was logged several times the last step, as MLflow's own overview shows it."""
    steps: dict[str, tuple[float, float]] = {}
    found = _pairs(value) if isinstance(value, Mapping) else {}
    logged = [{**mapping(each), "key": name} for name, every in found.items() for each in listing(every)]
    for one in logged or map(mapping, listing(value)):
        name, when = str(one.get("key")), (number(one.get("step")) or 0, number(one.get("timestamp")) or 0)
        if name not in steps or when >= steps[name]:
            steps[name], found[name] = when, one.get("value")
    return found


def look(data: Run, pointer: str) -> Any:
    """The metric, param or tag of this name, the metrics whose names begin with it, or what a JSON Pointer names."""
    for names in (data.metrics, data.noted):
        for name in (pointer, pointer.removeprefix("/")):
            if name in names:
                return plain(names[name])
    beginning = pointer.removeprefix("/").rstrip("/") + "/"
    slices = {name.removeprefix(beginning): one for name, one in data.metrics.items() if name.startswith(beginning)}
    if slices:
        return slices
    try:
        return resolved(data.data, pointer)
    except Unfound:
        raise _unnamed(data, pointer) from None


def _unnamed(data: Run, pointer: str) -> Unfound:
    word = pointer.removeprefix("/")
    return Unfound(f"has nothing called {quote(word)}", _remedy(data), word, list(data.metrics))


def _remedy(data: Run) -> str:
    return f"write the name of a metric: {listed(data.metrics)}" if data.metrics else "log a metric in the run"


def usual(data: Run, pointer: str | None) -> Measured:
    """The metric, with what the run says of its code and its data."""
    if pointer is None:
        raise Unfound("holds a run, of which no metric is named", f"write `pointer:`; {_remedy(data)}")
    name = pointer if pointer in data.metrics else pointer.removeprefix("/")
    value = numbered(data.metrics[name] if name in data.metrics else look(data, pointer), pointer)
    dataset = hashed(data.digests[0]) if len(data.digests) == 1 else None
    faults = {}
    if data.digests and dataset is None:
        faults["dataset"] = (
            f"names its data by {listed(data.digests)}, MLflow's own digests, which are no hashes of content:"
            " log the manifest's hash as a tag and name the tag in `dataset:`"
        )
    try:
        commit = committed(data.noted.get(_COMMIT), _COMMIT)
    except Unfound:
        commit = None
    return Measured(value, commit=commit, dataset=dataset, time=data.ended, faults=faults)
