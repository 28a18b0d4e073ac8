"""Times things side by side, taking turns, so that whatever else the machine does slows all of them alike."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Times = dict[str, list[float]]


def alternate(things: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """The milliseconds that each took in each round, after one round that does not count."""
    times: Times = {name: [] for name in things}
    for counts in (False, *(True for _ in range(rounds))):
        for name, run in things.items():
            start = perf_counter()
            run()
            took = (perf_counter() - start) * 1000
            if counts:
                times[name].append(took)
    return times


def table(times: Times, ours: str) -> str:
    """Minimum, median and maximum of each, and the median of `ours` divided by that of each of the others."""
    width = max(len(name) for name in times)
    lines = [f"  {'milliseconds':<{width}}  minimum   median  maximum  {ours} ÷ it"]
    for name, took in times.items():
        ratio = "" if name == ours else f"{median(times[ours]) / median(took):.2f}"
        lines.append(f"  {name:<{width}} {min(took):8.1f} {median(took):8.1f} {max(took):8.1f}  {ratio}".rstrip())
    return "\n".join(lines)
