"""Short ways to read results: a source and the content of its file."""

import json
from pathlib import Path
from typing import Any

from rules.evidence.results import Measured, Query, Reading, Results, Unmeasured
from rules.facts import Unverifiable
from tests.rules.given import holding, policy

REAL = Path(__file__).parent / "real"


def read(content: object, **source: str) -> Reading | Query:
    """What the source yields where its file holds this: bytes or text as they are, anything else as JSON."""
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    keys = {"file": "r", **source}
    text = f"criteria: [{{source: {json.dumps(keys)}}}]"
    files = {"r": data if isinstance(data, bytes) else data.encode()}
    (found,) = Results.read(policy(text), holding(files)).readings
    return found


def value(content: object, **source: str) -> Measured:
    """The measured value, which there must be."""
    found = read(content, **source)
    assert isinstance(found, Measured), found
    return found


def wrong(content: object, **source: str) -> tuple[str, str, str | None]:
    """Key, message and the better text of what is wrong, which something must be."""
    found = read(content, **source)
    assert isinstance(found, Unmeasured), found
    return found.key, found.message, found.better


def unclear(content: object, **source: Any) -> str:
    """The reason why nothing can be told."""
    found = read(content, **source)
    assert isinstance(found, Unverifiable), found
    return found.reason
