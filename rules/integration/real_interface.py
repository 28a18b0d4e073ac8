"""The pilot speaks to production through a real interface that may fail safely.

CSV exports and manual loads carry a demo; nobody carries them every night for years. An interface that was never
authenticated, never timed out and never down is one that was never in production.

Fix: replace csv and manual by the other side's interface, connect to production, and state `auth`, `timeout` and
`on_failure`; `auth: {type: none}` needs a `reason`.
"""

from collections.abc import Iterator

from rules.policy import Integration, Policy
from rules.rule import Finding, Severity, bad, good, quote
from rules.values import Path

CODE = "INT003"
SEVERITY = Severity.ERROR


def check(policy: Policy) -> Iterator[Finding]:
    if not policy.integrations:
        message = "the pilot is connected to nothing: write `integrations:` with each system that it speaks to"
        yield Finding(("integrations",), message)
    for number, integration in enumerate(policy.integrations or ()):
        at: Path = ("integrations", number)
        name = quote(integration.id) if integration.id else f"integration {number + 1}"
        yield from _connection(integration, at, name)
        yield from _manners(integration, at, name)


def _connection(integration: Integration, at: Path, name: str) -> Iterator[Finding]:
    if integration.kind in ("csv", "manual"):
        message = f"{name} is {integration.kind}, which is no integration: connect it by rest, queue, database, …"
        yield Finding((*at, "kind"), message)
    elif integration.kind is None:
        yield Finding((*at, "kind"), f"{name} does not say what it is: write `kind:`, as in `kind: rest`")
    if integration.environment is None:
        message = (
            f"{name} does not say which system it speaks to: connect to production, write `environment: production`"
        )
        yield Finding((*at, "environment"), message)
    elif integration.environment != "production":
        message = f"{name} speaks to {integration.environment}: connect to production, write `environment: production`"
        yield Finding((*at, "environment"), message)


def _manners(integration: Integration, at: Path, name: str) -> Iterator[Finding]:
    auth = integration.auth
    if auth is None or not (auth.type or "").strip():
        message = f"{name} does not say how it proves who it is: write `auth: {{type: …, secret: NAME}}`"
        yield Finding((*at, "auth") if auth is None else (*at, "auth", "type"), message)
    elif str(auth.type).strip().lower() == "none" and not (auth.reason or "").strip():
        message = f"{name} has no authentication: add it, or write `reason:` under `auth` and why it needs none"
        yield Finding((*at, "auth", "reason"), message)
    if integration.timeout is None:
        yield Finding((*at, "timeout"), f"{name} waits for ever: write `timeout:`, as in `timeout: 5s`")
    if not (integration.on_failure or "").strip():
        message = f"{name} does not say what happens when the other side is down: write `on_failure:`"
        yield Finding((*at, "on_failure"), message)


_REST = "timeout: 5s, on_failure: queue-for-human"

EXAMPLES = [
    good(
        """
        integrations:
          - id: invoices-api
            kind: rest
            environment: production
            auth: {type: oauth2, secret: INVOICES_CLIENT_SECRET}
            timeout: 5s
            on_failure: queue-for-human
        """
    ),
    good(
        f"integrations: [{{kind: queue, environment: production, auth: {{type: none, reason: same host}}, {_REST}}}]",
    ),
    bad(
        """
        integrations:
          - id: invoices-api
            kind: csv
            environment: production
            auth: {type: oauth2, secret: INVOICES_CLIENT_SECRET}
            timeout: 5s
            on_failure: queue-for-human
        """,
        at="integrations[0].kind",
        says="`invoices-api` is csv, which is no integration",
    ),
    bad(
        f"integrations: [{{kind: manual, environment: production, auth: {{type: mtls}}, {_REST}}}]",
        at="integrations[0].kind",
        says="is manual",
    ),
    bad(
        f"integrations: [{{environment: production, auth: {{type: mtls}}, {_REST}}}]",
        at="integrations[0].kind",
        says="does not say what it is",
    ),
    bad(
        f"integrations: [{{kind: rest, environment: staging, auth: {{type: mtls}}, {_REST}}}]",
        at="integrations[0].environment",
        says="speaks to staging",
    ),
    bad(
        f"integrations: [{{kind: rest, auth: {{type: mtls}}, {_REST}}}]",
        at="integrations[0].environment",
        says="which system",
    ),
    bad(
        f"integrations: [{{kind: rest, environment: production, {_REST}}}]",
        at="integrations[0].auth",
        says="how it proves who it is",
    ),
    bad(
        f"integrations: [{{kind: rest, environment: production, auth: {{secret: NAME}}, {_REST}}}]",
        at="integrations[0].auth.type",
        says="how it proves who it is",
    ),
    bad(
        f"integrations: [{{kind: rest, environment: production, auth: {{type: none, reason: ' '}}, {_REST}}}]",
        at="integrations[0].auth.reason",
        says="has no authentication",
    ),
    bad(
        "integrations: [{kind: rest, environment: production, auth: {type: mtls}, on_failure: retry}]",
        at="integrations[0].timeout",
        says="integration 1 waits for ever",
    ),
    bad(
        "integrations: [{kind: rest, environment: production, auth: {type: mtls}, timeout: 5s}]",
        at="integrations[0].on_failure",
        says="when the other side is down",
    ),
    bad("owners: {}", at="integrations", says="connected to nothing"),
    bad("integrations: []", at="integrations", says="connected to nothing"),
]
