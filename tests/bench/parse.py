"""How long reading a policy takes, beside ruamel.yaml's bare load of the same text.

Measured is one call in this process, everything imported and built: `rules.document.read`, which ends with a checked
Policy that knows the place of each key, beside `YAML(typ="safe", pure=True).load` (plain values) and `YAML().load`
(round trip: values with their places and comments). They take turns, after one round that does not count; on the
example that is shipped, and on a policy of about 200 KiB, most of what may be read.

The first argument says how many rounds the example has (40); the large policy has a quarter of them.
"""

import sys
from pathlib import Path

from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.document import Document, read
from rules.nodes import composed
from rules.policy import Policy
from tests.bench.timing import alternate, table

EXAMPLE = Path(__file__).parents[2] / "bot" / "demo" / "example" / ".pilot.yml"
LARGE = 200 * 1024


def large() -> bytes:
    """The example with criteria added up to about 200 KiB."""
    text = EXAMPLE.read_text(encoding="utf-8")
    above, criteria, below = text.partition("criteria:\n")
    added: list[str] = []
    size = len(text.encode())
    while size < LARGE:
        added.append(_criterion(len(added)))
        size += len(added[-1].encode())
    return (above + criteria + "".join(added) + below).encode()


def _criterion(number: int) -> str:
    described = f"Share of the invoices of supplier group {number} that reach the queue in which they are paid. " * 3
    return (
        f"  - id: routing-accuracy-{number}\n"
        f"    description: {described.strip()}\n"
        "    kind: quality\n"
        '    op: ">="\n'
        "    target: 0.93\n"
        "    unit: ratio\n"
        "    baseline: 0.87\n"
        "    min_samples: 1500\n"
    )


def measure(data: bytes, rounds: int) -> str:
    """The figures for one text; SystemExit where it is no policy."""
    codes = catalogue().codes
    document = read(data, ".pilot.yml", Policy, codes)
    if document.model is None:
        sys.exit(f"this text is no policy: {document.problems[0]}")
    text = data.decode()

    def anew() -> Document[Policy]:
        composed.cache_clear()
        return read(data, ".pilot.yml", Policy, codes)

    things = {
        "read": anew,
        "safe load": lambda: YAML(typ="safe", pure=True).load(text),
        "round-trip load": lambda: YAML().load(text),
    }
    return table(alternate(things, rounds), "read")


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    for name, data, count in (("the example", EXAMPLE.read_bytes(), rounds), ("a large policy", large(), rounds // 4)):
        print(f"\nReading {name} ({len(data) / 1024:.1f} KiB), {count} rounds in turn:")
        print(measure(data, count))


if __name__ == "__main__":
    main()
