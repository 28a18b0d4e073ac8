"""Routes supplier invoices to the queue that pays them."""

import json
import os
from typing import Any
from urllib.request import Request, urlopen

INVOICES = os.environ.get("INVOICES_URL", "https://invoices.internal.acme.example")
THRESHOLD = float(os.environ.get("TRIAGE_THRESHOLD", "0.8"))
PEOPLE = "people"
TIMEOUT = 5


def route(scores: dict[str, float]) -> str:
    """The queue that the model is surest of; people, where it is not sure enough."""
    queue = max(scores, key=scores.__getitem__, default=PEOPLE)
    return queue if scores.get(queue, 0.0) >= THRESHOLD else PEOPLE


def invoice(number: str) -> dict[str, Any]:
    """An invoice as the API tells of it."""
    headers = {"Authorization": f"Bearer {os.environ['INVOICES_CLIENT_SECRET']}"}
    with urlopen(Request(f"{INVOICES}/v2/invoices/{number}", headers=headers), timeout=TIMEOUT) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
