"""Whether what a manifest records of its origin names the system that an integration speaks to.

An address is compared by its host alone: a host that stands in another one's path, query or user name is not its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evidence.manifests import Manifest
from rules.policy import Integration

_HELD = ("database", "queue", "stream", "grpc")
_LONGEST = 4000
_SCHEME = re.compile(r"(?:jdbc:)?([a-z][a-z0-9+.-]*)\Z")
_SCP = re.compile(r"[\w.-]+@([\w.-]+):(?![0-9]+\Z)(.*)")
_STORES = {"s3": "s3", "s3a": "s3", "s3n": "s3", "gs": "gs", "gcs": "gs"}
_USER = re.compile(r"://[^\s/?#@]*@")
_QUERY = re.compile(r"[?#;]")
_AROUND = "<>()[]{}\"'`,;."


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is. `store` is `s3` or `gs` where the hosts are buckets of it; `last` the last name of the path.

    `scheme` is empty for what has none, as an ARN, `db.acme.example:5432` or a plain name.
    """

    hosts: frozenset[str]
    scheme: str = ""
    store: str = ""
    last: str = ""


def names(integration: Integration) -> tuple[str, ...]:
    """What the other side of an integration is known by, in small letters: the hosts of its endpoint (of S3 and Google
    Cloud Storage the bucket), or what stands there in its place; for a database, queue or stream also the last name in
    its path or ARN.
    """
    endpoint = _endpoint(integration)
    if endpoint is None:
        return ()
    held = (endpoint.last,) if _tells(integration, endpoint) else ()
    return tuple(dict.fromkeys((*sorted(endpoint.hosts), *held)))


def _endpoint(integration: Integration) -> Address | None:
    text = (integration.endpoint or "").strip().lower()[:2000]
    return _address(text) or (_plain(text) if text else None)


def _tells(integration: Integration, endpoint: Address) -> bool:
    """Whether the last name of the endpoint says something by itself."""
    # A number is a port, and a name of one or two letters is found anywhere.
    return integration.kind in _HELD and len(endpoint.last) > 2 and not endpoint.last.isdecimal()


def _address(text: str) -> Address | None:
    """The address that a word in small letters is, or ends in; None where it is none."""
    before, sign, rest = text.partition("://")
    scheme = _SCHEME.search(before[-40:]) if sign else None
    if scheme:
        return _located(scheme[1], rest)
    if before.startswith("jdbc:oracle:"):
        host, _, rest = before.partition("@")[2].lstrip("/").partition(":")
        return Address(frozenset({host}), "oracle", last=re.split("[/:]", rest)[-1]) if host else None
    form = _SCP.fullmatch(before) if not sign else None
    return Address(frozenset({form[1].rstrip(".")}), "ssh", last=_last(form[2])) if form else None


def _located(scheme: str, rest: str) -> Address | None:
    authority = re.split(r"[/?#\\;]", rest, maxsplit=1)[0]
    path = re.split(r"[?#;]", rest[len(authority) :], maxsplit=1)[0].strip("/")
    hosts = {_host(one) for one in authority.rpartition("@")[2].split(",")} - {""}
    if scheme in _STORES:
        return Address(frozenset(hosts), scheme, _STORES[scheme], _last(path))
    for host in hosts:
        store, bucket = _bucket(host, path)
        if store:
            return Address(frozenset({bucket} - {""}), scheme, store, _last(path))
    # An account of Azure has one host for each way to reach it.
    hosts = {re.sub(r"\.(?:dfs|file)\.core\.windows\.net\Z", ".blob.core.windows.net", host) for host in hosts}
    return Address(frozenset(hosts), scheme, last=_last(path))


def _host(text: str) -> str:
    inside = re.match(r"\[([^\]]*)\]", text)
    return inside[1] if inside else re.sub(r":[0-9]*\Z", "", text).rstrip(".")


def _bucket(host: str, path: str) -> tuple[str, str]:
    """The store and the bucket of an address of S3 or Google Cloud Storage over HTTP; two empty texts for any other."""
    first = path.partition("/")[0]
    if host in ("storage.googleapis.com", "storage.cloud.google.com"):
        return "gs", first
    if host.endswith(".storage.googleapis.com"):
        return "gs", host.removesuffix(".storage.googleapis.com")
    found = re.fullmatch(r"(?:(.*)\.)?s3(?:[.-][a-z0-9.-]*)?\.amazonaws\.com(?:\.cn)?", host[:300])
    return ("s3", found[1] or first) if found else ("", "")


def _last(path: str) -> str:
    return re.split(r"[/:]", path.rstrip("/"))[-1]


def _plain(text: str) -> Address:
    """What has no scheme: `db.acme.example:5432`, `invoices`, `arn:aws:sqs:eu-west-1:123456789012:invoices`."""
    if text.startswith("arn:aws:s3:::"):
        return Address(frozenset({text.removeprefix("arn:aws:s3:::").partition("/")[0]}), "s3", "s3")
    if text.startswith("arn:"):
        return Address(frozenset({text}), last=_last(text))
    hosts = frozenset(_host(one) for one in text.partition("/")[0].split(","))
    return Address(hosts - {""}, last=_last(text))


def drawn_from(manifest: Manifest, integration: Integration) -> bool:
    """Whether one of the manifest's origins names the integration's other side: as a whole name, not as a part of one.

    What `dvc import-db` records is the name of a connection, and `remote://NAME` that of a remote: either may also be
    the integration's `id`.
    """
    endpoint, own = _endpoint(integration), (integration.id or "").lower()
    for origin in manifest.origin:
        text = origin.lower()[:_LONGEST]
        if own and text.startswith((f"db://{own}/", f"remote://{own}/")):
            return True
        if endpoint is not None and any(_same(one, endpoint, integration) for one in _read(text)):
            return True
        # What is asked of a database, and a sentence, name a table or a topic by a word.
        if endpoint is not None and _tells(integration, endpoint) and _mentions(text, endpoint.last):
            return True
    return False


def told(origin: str) -> str:
    """An origin as it may be shown: without what may hold a secret, the user and the query of its addresses."""
    return " ".join(_USER.sub("://", _QUERY.split(word)[0]) if "://" in word else word for word in origin.split())


def _same(origin: Address, endpoint: Address, integration: Integration) -> bool:
    if origin.hosts & endpoint.hosts:
        return origin.store == endpoint.store or not (origin.scheme and endpoint.scheme)
    # Several brokers hold the same topic; an endpoint without a scheme may be the topic itself.
    shared = integration.kind in ("queue", "stream") and origin.scheme == endpoint.scheme
    if not (shared or not endpoint.scheme) or len(origin.last) <= 2:
        return False
    return origin.last == endpoint.last and _tells(integration, endpoint)


def _read(text: str) -> Iterator[Address]:
    """The addresses in a text in small letters, and the words that may be hosts."""
    for word in text.split():
        found = _address(word.strip(_AROUND)) or _address(word.lstrip(_AROUND))
        if found is not None:
            yield found
        elif not (bare := word.strip(_AROUND)).startswith(("/", "~")) and "@" not in bare:
            host = re.split(r"[/?#\\=]", bare, maxsplit=1)[0]
            # The beginning of a path is a folder, unless it is written as a host.
            if host == bare or "." in host or bare.startswith("arn:"):
                yield _plain(bare)


def _mentions(text: str, name: str) -> bool:
    """Whether a word of a text is this name, apart from what stands in its addresses."""
    words = text.split()
    query = words[1:] if text.startswith("db://") else [one for one in words if "/" not in one]
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])(?!\.\w)", " ".join(query)) is not None
