"""The data that the pilot is judged on comes from production, and its manifest says through which integration.

A pilot shines on data that somebody picked for it. That data is real is easily written into a policy; what counts is
that the manifest itself records where the data was drawn from, and that this is a system which the pilot is connected
to.

An address counts by its host as a whole, whatever its path or query says; of S3 and Google Cloud Storage by its bucket
(`s3://BUCKET/…` is `https://BUCKET.s3.eu-west-1.amazonaws.com/…`); of `git@HOST:…` and `jdbc:…://HOST/…` by the host.
For a database, queue or stream its name in the recorded query counts, too, and what `dvc import-db` calls the
connection or DVC the remote may be the integration's `id`. A bucket is an integration of `kind: rest` with `endpoint:
s3://BUCKET`.

Fix: draw the data through an integration of environment production, name it in `integration`, and have the manifest
record its address (`dvc import-url`, Croissant's `isBasedOn`, `sources` of a data package).
"""

from collections.abc import Iterator

from rules.edits import scalar
from rules.evidence.manifests import Manifest, Manifests
from rules.evidence.manifests.origins import drawn_from, names, told
from rules.policy import Evaluation, Integration, Policy
from rules.rule import Finding, Fix, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import Path
from rules.wording import Guesses

CODE = "EVA002"
SEVERITY = Severity.ERROR


def check(policy: Policy, manifests: Manifests) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.evaluation:
        yield NotApplicable("there is no evaluation (EVA001)")
    known = {one.id: (place, one) for place, one in enumerate(policy.integrations or ()) if one.id}
    guess = Guesses()
    for index, one in enumerate(policy.evaluation or ()):
        at, name = ("evaluation", index), quote(one.id) if one.id else f"evaluation {index + 1}"
        if one.environment != "production":
            said = f"is {one.environment}" if one.environment else "has no environment"
            message = f"the data of {name} {said}: judge the pilot on data of `environment: production`"
            yield Finding((*at, "environment"), message)
        yield from _unconnected(one, (*at, "integration"), name, known, guess)
        yield from _unproven(one, at, manifests.manifests[index], known)


_Known = dict[str, tuple[int, Integration]]


def _unconnected(one: Evaluation, at: Path, name: str, known: _Known, guess: Guesses) -> Iterator[Finding]:
    if one.integration is None:
        message = f"nothing says through which integration the data of {name} came: write `integration:` and its `id`"
        yield Finding(at, message)
    elif one.integration not in known:
        real = [each for each, (_, found) in known.items() if found.environment == "production"]
        better = guess(one.integration, real)
        hint = f"did you mean {quote(better)}?" if better else "write the `id` of one"
        message = f"{quote(one.integration)} is no integration of this policy: {hint}"
        yield Finding(at, message, fix=Fix(scalar(better)) if better else None)
    elif known[one.integration][1].environment != "production":
        said = known[one.integration][1].environment or "of no environment"
        yield Finding(at, f"{quote(one.integration)} is {said}: name an integration of `environment: production`")


def _unproven(
    one: Evaluation, at: Path, found: object, known: _Known
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if isinstance(found, Unverifiable):
        yield found
    elif not isinstance(found, Manifest):
        yield NotApplicable("a manifest can't be used (EVA001)")
    elif not found.origin:
        message = f"{quote(one.manifest)} records nothing of where its data came from: {found.origin_hint}"
        yield Finding((*at, "manifest"), message)
    elif one.integration in known:
        place, through = known[one.integration]
        if not names(through):
            message = f"nothing says where {quote(one.integration)} answers: write its address as `endpoint:`"
            yield Finding(("integrations", place, "endpoint"), message)
        elif not drawn_from(found, through):
            message = f"{quote(one.manifest)} says that its data came from {quote(told(found.origin[0]))}, not from"
            hint = f"name the integration that it came through, or {found.origin_hint}"
            yield Finding((*at, "manifest"), f"{message} {quote(names(through)[0])}: {hint}")


_POLICY = """
evaluation:
  - {id: prod-sample, manifest: data.dvc, environment: production, integration: invoices-api}
integrations:
  - {id: invoices-api, kind: rest, environment: production, endpoint: "https://invoices.acme.example/v2"}
  - {id: test-api, kind: rest, environment: test, endpoint: "https://test.acme.example"}
"""
_OUTS = "outs:\n- {md5: a304afb96060aad90176268345e10355, size: 9, path: data}\n"
_IMPORTED = {"data.dvc": "frozen: true\ndeps:\n- path: https://invoices.acme.example/v2/september\n" + _OUTS}

EXAMPLES = [
    good(_POLICY, files=_IMPORTED),
    good(
        """
        evaluation: [{manifest: data.dvc, environment: production, integration: ledger}]
        integrations: [{id: ledger, kind: database, environment: production, endpoint: "postgres://db/invoices"}]
        """,
        files={"data.dvc": "frozen: true\ndeps:\n- db: {connection: ledger, query: select 1}\n" + _OUTS},
    ),
    bad(
        _POLICY,
        at="evaluation[0].manifest",
        says="`data.dvc` records nothing of where its data came from: import it with `dvc import-url`",
        files={"data.dvc": _OUTS},
    ),
    bad(
        _POLICY,
        at="evaluation[0].manifest",
        says="its data came from `https://picked.invoices.acme.example`, not from `invoices.acme.example`: name",
        files={"data.dvc": "deps:\n- path: https://picked.invoices.acme.example\n" + _OUTS},
    ),
    bad(
        _POLICY,
        at="evaluation[0].manifest",
        says="its data came from `https://evil.example/invoices.acme.example`, not from `invoices.acme.example`: name",
        files={"data.dvc": "deps:\n- path: https://evil.example/invoices.acme.example\n" + _OUTS},
    ),
    good(
        _POLICY.replace("https://invoices.acme.example/v2", "s3://acme-invoices"),
        files={"data.dvc": "deps:\n- path: s3://acme-invoices/september\n" + _OUTS},
    ),
    bad(
        _POLICY.replace("environment: production, integration", "environment: curated, integration"),
        at="evaluation[0].environment",
        says="the data of `prod-sample` is curated: judge",
        files=_IMPORTED,
    ),
    bad("evaluation: [{}]", at="evaluation[0].environment", says="the data of evaluation 1 has no environment: judge"),
    bad("evaluation: [{}]", at="evaluation[0].integration", says="through which integration the data of evaluation 1"),
    bad(
        _POLICY.replace("integration: invoices-api", "integration: invoice-api"),
        at="evaluation[0].integration",
        says="`invoice-api` is no integration of this policy: did you mean `invoices-api`?",
        files=_IMPORTED,
    ),
    bad(
        _POLICY.replace("integration: invoices-api", "integration: x"),
        at="evaluation[0].integration",
        says="write the `id` of one",
        files=_IMPORTED,
    ),
    bad(
        _POLICY.replace("integration: invoices-api", "integration: test-api"),
        at="evaluation[0].integration",
        says="`test-api` is test: name an integration of `environment: production`",
        files=_IMPORTED,
    ),
    bad(
        "evaluation: [{manifest: data.dvc, integration: a}]\nintegrations: [{id: a}]",
        at="integrations[0].endpoint",
        says="nothing says where `a` answers: write",
        files=_IMPORTED,
    ),
    idle("owners: {}", says="there is no evaluation (EVA001)"),
    idle(_POLICY, says="a manifest can't be used (EVA001)"),
    unclear(
        _POLICY,
        files={"data.dvc": "version https://git-lfs.github.com/spec/v1\n"},
        says="`data.dvc` is kept in Git LFS, which is not read: commit the file itself",
    ),
]
