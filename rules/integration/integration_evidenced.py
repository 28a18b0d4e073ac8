"""Each integration is spoken of where it would be used: in code or in an infrastructure file.

Comments, documentation, tests, data files, results, lock files, CODEOWNERS and the policy itself don't count.

A policy is patient. An interface that no line of code calls and no deployment knows a secret for is a plan, and a pilot
whose connections are plans has been fed by hand.

Fix: connect it, so that the host of `endpoint` or the name of `auth.secret` stands in the code or in a file of the
deployment; or write in the policy what stands there.
"""

from collections.abc import Iterator

from rules.evidence.mentions import Needle, hosts, mentioned
from rules.facts import Code
from rules.policy import Integration, Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear

CODE = "INT004"
SEVERITY = Severity.WARNING


def check(policy: Policy, code: Code) -> Iterator[Finding | NotApplicable | Unverifiable]:
    real = {number: one for number, one in enumerate(policy.integrations or ()) if one.kind not in ("csv", "manual")}
    if not real:
        yield NotApplicable("no integration is by an interface that code could use")
    needles = {number: _needles(one) for number, one in real.items()}
    known = mentioned((needle for found in needles.values() for needle in found), code.files, _apart(policy))
    for number, one in real.items():
        name = quote(one.id) if one.id else f"integration {number + 1}"
        if not needles[number]:
            yield from _nameless(one, number, name)
        elif known.isdisjoint(needles[number]):
            said = " or ".join(quote(needle.text) for needle in needles[number][:3])
            if code.unseen:
                yield Unverifiable(f"nothing that was read speaks of {name} ({said}), but not all was: {code.unseen}")
            else:
                message = (
                    f"no code, settings or deployment file speaks of {name} (comments, documentation, tests, data and"
                    f" results aside): use {said} there, or write what it is"
                )
                yield Finding(("integrations", number), message)


def _apart(policy: Policy) -> frozenset[str]:
    """The files that the policy names as data or as results."""
    manifests = (one.manifest for one in policy.evaluation or ())
    results = (getattr(one.source, "file", None) for one in policy.criteria or ())
    return frozenset(str(path) for path in (*manifests, *results) if path)


def _nameless(one: Integration, number: int, name: str) -> Iterator[Finding | Unverifiable]:
    if one.endpoint and hosts(one.endpoint) is None:
        yield Unverifiable(f"the endpoint of {name} is a template, which names no host: write the name of its secret")
    else:
        message = f"{name} names neither a host nor a secret to look for: write `endpoint:` and where it answers"
        yield Finding(("integrations", number, "endpoint"), message)


def _needles(one: Integration) -> tuple[Needle, ...]:
    secret = (one.auth.secret if one.auth else None) or ""
    found = [Needle(host, host=True) for host in hosts(one.endpoint or "") or ()]
    return (*found, *([Needle(secret.strip())] if secret.strip() else ()))


_API = """
    integrations:
      - id: invoices-api
        kind: rest
        endpoint: https://invoices.acme.example/v1
        auth: {type: oauth2, secret: INVOICES_CLIENT_SECRET}
"""
_TEMPLATE = "integrations: [{id: invoices-api, kind: rest, endpoint: 'https://${HOST}/v1'}]"

EXAMPLES = [
    good(_API, files={"triage/client.py": 'URL = "https://Invoices.acme.example:8443/v1"\n'}),
    good(_API, files={".github/workflows/deploy.yml": "key: ${{ secrets.INVOICES_CLIENT_SECRET }}\n"}),
    bad(
        _API,
        at="integrations[0]",
        says="aside): use `invoices.acme.example` or `INVOICES_CLIENT_SECRET` there",
    ),
    bad(
        _API,
        at="integrations[0]",
        says="speaks of `invoices-api`",
        files={
            "README.md": "https://invoices.acme.example",
            "tests/test_client.py": "INVOICES_CLIENT_SECRET = 'x'",
            "triage/client.py": "URL = 'https://old-invoices.acme.example'  # was https://invoices.acme.example",
            "data/invoices.csv": "https://invoices.acme.example",
        },
    ),
    bad(
        """
        integrations: [{id: invoices-api, kind: rest, endpoint: "https://invoices.acme.example"}]
        evaluation: [{manifest: eval/croissant.json}]
        """,
        at="integrations[0]",
        says="speaks of `invoices-api`",
        files={"eval/croissant.json": '{"url": "https://invoices.acme.example"}'},
    ),
    bad(
        """
        integrations: [{id: invoices-api, kind: rest, endpoint: "https://invoices.acme.example"}]
        criteria: [{id: a, source: {format: json, file: measured.json, pointer: /a}}]
        """,
        at="integrations[0]",
        says="speaks of `invoices-api`",
        files={"measured.json": '{"a": 1, "from": "https://invoices.acme.example"}'},
    ),
    bad("integrations: [{kind: rest}]", at="integrations[0].endpoint", says="neither a host nor a secret"),
    idle("owners: {}", says="no integration is by an interface that code could use"),
    idle("integrations: [{kind: csv}]", says="no integration is by an interface that code could use"),
    unclear(
        _TEMPLATE,
        says="the endpoint of `invoices-api` is a template, which names no host: write the name of its secret",
    ),
    unclear(
        "integrations: [{kind: queue, endpoint: 'amqp://queue.acme.example'}]",
        says="nothing that was read speaks of integration 1 (`queue.acme.example`), but not all was: one is too large",
        given=(Code((), "one is too large"),),
    ),
]
