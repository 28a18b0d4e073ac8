"""Any JSON or YAML with a pointer: scikit-learn's `classification_report(output_dict=True)`, DVC's metrics.

Pointers are JSON Pointers (RFC 6901). The value is a finite number as it stands; nothing else is read by itself: have
the evaluation write the number of samples, the manifest's hash, the commit and the slices beside it, and point there.
"""

from typing import Any

from rules.evidence.results import Measured
from rules.evidence.results.pointing import Unfound, numbered, resolved

FORMAT = "json"


def recognises(data: Any) -> bool:
    """Anything but XML."""
    return not hasattr(data, "tag")


def prepared(data: Any) -> Any:
    """The data itself."""
    return data


def look(data: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer."""
    return resolved(data, pointer)


def usual(data: Any, pointer: str | None) -> Measured:
    """The number at a JSON Pointer."""
    if pointer is None:
        raise Unfound("is not pointed into", "write `pointer:`, as in `pointer: /accuracy`")
    return Measured(numbered(resolved(data, pointer), pointer))
