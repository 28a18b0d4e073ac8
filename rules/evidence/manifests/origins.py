"""Whether what a manifest records of its origin names the system that an integration speaks to."""

import re
from collections.abc import Iterator

from rules.evidence.manifests import Manifest
from rules.policy import Integration

_HELD = ("database", "queue", "stream", "grpc")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>\[[^\]/]*\]|[^/?#:]*)(?::[0-9]*)?(?P<rest>/[^?#]*)?")


def names(integration: Integration) -> tuple[str, ...]:
    """What the other side of an integration is known by, in small letters: the host of its endpoint, or what stands
    there in its place; for a database, queue or stream also the last name in its path or ARN.
    """
    endpoint = (integration.endpoint or "").strip().lower()[:2000]
    return tuple(dict.fromkeys(name for name in _names(endpoint, integration.kind) if name))


def _names(endpoint: str, kind: str | None) -> Iterator[str]:
    address = _ADDRESS.match(endpoint)
    if address:
        yield address["host"].strip("[]").rstrip(".")
        rest = (address["rest"] or "").rstrip("/")
    else:
        # As in `db.acme.example:5432`, `invoices`, `arn:aws:sqs:eu-west-1:123456789012:invoices`.
        rest = endpoint
        yield re.sub(r":[0-9]{1,5}$", "", endpoint.partition("/")[0]) if not endpoint.startswith("arn:") else endpoint
    last = re.split(r"[/:]", rest)[-1]
    # A number is a port, and a name of one or two letters is found anywhere.
    if kind in _HELD and len(last) > 2 and not last.isdecimal():
        yield last


def drawn_from(manifest: Manifest, integration: Integration) -> bool:
    """Whether one of the manifest's origins names the integration's other side: as a whole name, not as a part of one.

    What `dvc import-db` records is the name of a connection: it may also be the integration's `id`.
    """
    known = names(integration)
    whole = re.compile("|".join(rf"(?<![\w.-]){re.escape(name)}(?![\w-])(?!\.\w)" for name in known)) if known else None
    for origin in manifest.origin:
        text = origin.lower()[:4000]
        if whole is not None and whole.search(text):
            return True
        if integration.id and text.startswith(f"db://{integration.id.lower()}/"):
            return True
    return False
