"""The contract of a pilot and the rules of its organisation, as frozen models.

This is the only definition of `.pilot.yml` and `.pilot-org.yml`: the JSON Schema, the reference page and the
starter file are generated from it, and so from the descriptions and examples below. Only `version` and, under
`pilot`, `name`, `stage` and `start` are required; whatever else is missing is for a rule to say.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from rules.values import (
    Channel,
    Day,
    Days,
    Evidence,
    Glob,
    Handle,
    Name,
    Number,
    RepoPath,
    Span,
    Whole,
    quote,
    refuse,
)

Stage = Literal["planned", "pilot", "decision", "production", "retired"]
Level = Literal["error", "warning", "notice", "off"]
Operator = Literal[">", ">=", "<", "<="]
Outcome = Literal["pending", "passed", "failed"]
Verdict = Literal["pending", "go", "no-go", "extend"]


def _version(value: object) -> object:
    if value != 1 or isinstance(value, bool | float):
        raise refuse("this Pilotgate reads version 1: write `version: 1`", "1" if str(value) == "1" else None)
    return value


def _known_code(code: str, info: ValidationInfo) -> str:
    if info.context and code not in info.context["codes"]:
        raise PydanticCustomError("unknown_code", "{code}", {"code": code})
    return code


def _adjustable_code(code: str, info: ValidationInfo) -> str:
    if code.startswith("POL"):
        raise refuse(f"{quote(code)} guards the policy itself and is never lowered or off: remove this line")
    return _known_code(code, info)


Version = Annotated[Literal[1], BeforeValidator(_version)]
Code = Annotated[str, AfterValidator(_known_code)]
AdjustableCode = Annotated[str, AfterValidator(_adjustable_code)]


class Section(BaseModel):
    """A mapping of the policy: frozen, exact about types, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Pilot(Section):
    """What the pilot is and where it stands."""

    name: Name = Field(description="The component's name in a service catalogue.", examples=["invoice-triage"])
    summary: str | None = Field(
        None,
        description="What it does, in one sentence.",
        examples=["Sorts supplier invoices into the queue that pays them."],
    )
    stage: Stage = Field(
        description="planned turns errors into warnings; from decision on some warnings become errors;"
        " retired checks the policy file alone.",
        examples=["pilot"],
    )
    risk: Literal["minimal", "limited", "high"] | None = Field(
        None, description="The tier of the EU AI Act.", examples=["limited"]
    )
    start: Day = Field(description="The day the pilot starts, planned or real.", examples=["2026-11-02"])


class Owners(Section):
    """Who answers for the pilot once its builders have left. A person (`@login`) or a team (`@org/team`) each."""

    accountable: Handle | None = Field(None, description="Answers for it.", examples=["@ana-r"])
    monitor: Handle | None = Field(None, description="Watches it.", examples=["@acme/ml-oncall"])
    fix: Handle | None = Field(None, description="Repairs it.", examples=["@acme/ml-platform"])
    retrain: Handle | None = Field(
        None, description="Retrains it when accuracy drifts.", examples=["@acme/ml-research"]
    )
    oversight: Handle | None = Field(
        None, description="The human in oversight; required when risk is high.", examples=["@lee"]
    )


class Source(Section):
    """Where a criterion's measured value is read."""

    format: Literal["json", "junit", "mlflow", "promptfoo", "lm-eval", "prometheus"] | None = Field(
        None, description="How the results are written.", examples=["json"]
    )
    file: RepoPath | None = Field(None, description="The file of results.", examples=["eval/results.json"])
    pointer: str | None = Field(
        None,
        description="Where the value stands in it: a JSON Pointer (RFC 6901), or a word of the format's own.",
        examples=["/accuracy"],
    )
    samples: str | None = Field(None, description="Pointer to the number of samples.", examples=["/n"])
    dataset: str | None = Field(
        None, description="Pointer to the hash of the data that was measured on.", examples=["/dataset_md5"]
    )
    commit: str | None = Field(
        None, description="Pointer to the commit of the code that was measured.", examples=["/commit"]
    )
    slices: str | None = Field(
        None,
        description="Pointer to an object slice → score; each of its keys is a slice's whole name.",
        examples=["/slices"],
    )
    query: str | None = Field(
        None,
        description="A PromQL query that yields the value, for format prometheus.",
        examples=["histogram_quantile(0.95, sum by (le) (rate(triage_seconds_bucket[7d])))"],
    )


class Criterion(Section):
    """A measurable criterion of success."""

    id: str | None = Field(None, description="Its name elsewhere in this file.", examples=["routing-accuracy"])
    description: str | None = Field(
        None, description="What is measured.", examples=["Share of invoices routed to the right queue."]
    )
    kind: Literal["quality", "safety", "latency", "cost", "adoption", "business"] | None = Field(
        None, description="What the criterion speaks of.", examples=["quality"]
    )
    op: Operator | None = Field(None, description="How value and target compare.", examples=[">="])
    target: Number | None = Field(None, description="The number that decides.", examples=[0.93])
    unit: str | None = Field(None, description="The unit of the number.", examples=["ratio"])
    baseline: Number | None = Field(None, description="What today's process reaches.", examples=[0.87])
    min_samples: Annotated[Whole, Field(ge=1)] | None = Field(
        None, description="How many samples the value must rest on; or `window`.", examples=[1500]
    )
    window: Span | None = Field(
        None, description="Over how long the value is measured; or `min_samples`.", examples=["7d"]
    )
    evaluation: str | None = Field(
        None, description="The `id` of the evaluation that it is measured on.", examples=["prod-sample"]
    )
    source: Source | None = Field(None, description="Where the measured value is read.")


class Evaluation(Section):
    """Data that the pilot is judged on."""

    id: str | None = Field(None, description="Its name elsewhere in this file.", examples=["prod-sample"])
    manifest: RepoPath | None = Field(
        None,
        description="The file that identifies the data: *.dvc, Croissant, datapackage.json, *.odcs.yaml or a"
        " Hugging Face dataset card.",
        examples=["eval/croissant.json"],
    )
    environment: Literal["production", "staging", "synthetic", "curated"] | None = Field(
        None, description="Where the data comes from.", examples=["production"]
    )
    integration: str | None = Field(
        None, description="The `id` of the integration that it came through.", examples=["invoices-api"]
    )
    collected: Days | None = Field(
        None, description="When it was collected: first day/last day.", examples=["2026-09-01/2026-09-30"]
    )
    max_age: Span | None = Field(None, description="How old it may grow.", examples=["90d"])
    slices: tuple[str, ...] | None = Field(
        None,
        description="The groups that are scored apart, by their keys at `source.slices`.",
        examples=[["language", "malformed_input"]],
    )
    unhappy: tuple[str, ...] | None = Field(
        None, description="Those slices that are bad or unusual input.", examples=[["malformed_input"]]
    )
    paths: tuple[Glob, ...] | None = Field(
        None, description="The code that the results measured.", examples=[["triage/**"]]
    )
    command: str | None = Field(None, description="What runs the evaluation.", examples=["make eval"])


class Auth(Section):
    """How the pilot proves who it is to the other side."""

    type: str | None = Field(
        None, description="The scheme, in your own words; `none` is allowed only with a reason.", examples=["oauth2"]
    )
    secret: str | None = Field(
        None, description="The name of the secret, never its value.", examples=["INVOICES_CLIENT_SECRET"]
    )
    reason: str | None = Field(None, description="Why there is no authentication.")


class Integration(Section):
    """A real connection to another system."""

    id: str | None = Field(None, description="Its name elsewhere in this file.", examples=["invoices-api"])
    kind: Literal["rest", "grpc", "graphql", "stream", "database", "queue", "webhook", "csv", "manual"] | None = Field(
        None,
        description="What it is; csv and manual are no integration. An object store (S3, GCS, Blob Storage) is rest.",
        examples=["rest"],
    )
    environment: Literal["production", "staging", "test"] | None = Field(
        None, description="Which of the other side's systems it speaks to.", examples=["production"]
    )
    endpoint: str | None = Field(
        None, description="Where the other side answers.", examples=["https://invoices.internal.acme.example"]
    )
    auth: Auth | None = Field(None, description="How it proves who it is.")
    timeout: Span | None = Field(None, description="When it stops waiting.", examples=["5s"])
    on_failure: str | None = Field(
        None, description="What happens when the other side is down.", examples=["queue-for-human"]
    )
    check: str | None = Field(
        None, description="The check run that proves it, by name.", examples=["integration / invoices"]
    )


class Review(Section):
    """A review by people outside the pilot's team."""

    team: Handle | None = Field(None, description="Who reviews.", examples=["@acme/appsec"])
    due: Day | None = Field(None, description="By when; within four weeks of the start.", examples=["2026-11-27"])
    outcome: Outcome | None = Field(None, description="How it ended.", examples=["pending"])
    evidence: Evidence | None = Field(
        None,
        description="The review's record: a path or an https address.",
        examples=["docs/reviews/security.md"],
    )


class Signal(Section):
    """Something that is watched while the pilot runs."""

    id: str | None = Field(None, description="Its name.", examples=["live-accuracy"])
    kind: Literal["quality", "drift", "safety", "latency", "reliability", "cost", "usage"] | None = Field(
        None, description="What it tells.", examples=["quality"]
    )
    metric: str | None = Field(None, description="The metric's name.", examples=["triage_accuracy"])
    criterion: str | None = Field(
        None, description="The `id` of the criterion that it watches.", examples=["routing-accuracy"]
    )
    alert: str | None = Field(None, description="The alert's name.", examples=["TriageAccuracyLow"])


class Monitoring(Section):
    """How the team learns that quality falls."""

    configs: tuple[Glob, ...] | None = Field(
        None,
        description="The files that define alerts and their routes, and of Terraform those of its variables and locals;"
        " the format of each is recognised.",
        examples=[["ops/alerts/*.yml", "ops/alertmanager.yml"]],
    )
    log_retention: Span | None = Field(
        None, description="How long logs are kept; at least 180d where risk is high.", examples=["180d"]
    )
    feedback: Channel | None = Field(
        None,
        description="How users report a wrong answer: label:NAME, a path or an https address.",
        examples=["label:model-feedback"],
    )
    signals: tuple[Signal, ...] | None = Field(None, description="What is watched.")


class Runbook(Section):
    """What to do when an alert fires."""

    file: RepoPath | None = Field(None, description="The runbook, in Markdown.", examples=["docs/runbook.md"])
    alerts: tuple[str, ...] | None = Field(
        None, description="The alerts that it answers.", examples=[["TriageAccuracyLow"]]
    )
    stop_switch: RepoPath | None = Field(
        None,
        description="The workflow, flag or script that turns the pilot off.",
        examples=[".github/workflows/disable-triage.yml"],
    )
    exercised: Day | None = Field(None, description="When it was last tried out.", examples=["2026-11-18"])


class Extension(Section):
    """One time that the decision was put off."""

    was: Day | None = Field(None, alias="from", description="The date before.", examples=["2027-01-25"])
    to: Day | None = Field(None, description="The date after.", examples=["2027-02-22"])
    because: str | None = Field(None, description="Why.", examples=["The vendor's API came late."])


class Decision(Section):
    """When, by whom and on what the pilot is decided."""

    date: Day | None = Field(None, description="The day of the decision.", examples=["2027-01-25"])
    deciders: tuple[Handle, ...] | None = Field(None, description="Who decides.", examples=[["@ana-r"]])
    go: tuple[str, ...] | None = Field(
        None, description="The criteria that must all be met, by `id`.", examples=[["routing-accuracy"]]
    )
    otherwise: Literal["no-go", "extend"] | None = Field(
        None, description="What follows where one is not met.", examples=["no-go"]
    )
    outcome: Verdict | None = Field(None, description="What was decided.", examples=["pending"])
    extensions: tuple[Extension, ...] | None = Field(None, description="Each time it was put off.")

    @property
    def undecided(self) -> bool:
        """Whether it is still to be decided on its date, which may be the one that it was put off to."""
        put_off = any(one.to == self.date for one in self.extensions or ())
        return self.outcome in (None, "pending") or (self.outcome == "extend" and put_off)


class Waiver(Section):
    """An exception from one rule, for a time."""

    rule: str | None = Field(None, description="The rule's code.", examples=["INT003"])
    key: str | None = Field(None, description="Only the findings on this key.", examples=["integrations[0].kind"])
    reason: str | None = Field(None, description="Why it is needed.", examples=["Vendor API lands in December"])
    approved_by: Handle | None = Field(None, description="Who allowed it.", examples=["@ana-r"])
    expires: Day | None = Field(
        None,
        description="Its last day; at most 30 days ahead unless the organisation says otherwise.",
        examples=["2026-12-15"],
    )


class Policy(Section):
    """`.pilot.yml`, version 1: the contract between those who build a pilot and those who must live with it."""

    version: Version = Field(description="The version of this format.", examples=[1])
    pilot: Pilot = Field(description="What the pilot is and where it stands.")
    owners: Owners | None = Field(None, description="Who answers for it once the builders have left.")
    criteria: tuple[Criterion, ...] | None = Field(None, description="Measurable success.")
    evaluation: tuple[Evaluation, ...] | None = Field(None, description="The data that the pilot is judged on.")
    integrations: tuple[Integration, ...] | None = Field(None, description="The real connections.")
    reviews: dict[str, Review] | None = Field(
        None,
        description="Reviews by name: security, compliance and legal unless the organisation says otherwise.",
    )
    monitoring: Monitoring | None = Field(None, description="How the team learns that quality falls.")
    runbooks: tuple[Runbook, ...] | None = Field(None, description="What to do when an alert fires.")
    decision: Decision | None = Field(None, description="When, by whom and on what the pilot is decided.")
    rules: dict[AdjustableCode, Level] | None = Field(
        None,
        description="Severities of rules by code; the organisation may lock some.",
        examples=[{"CRI002": "warning"}],
    )
    waivers: tuple[Waiver, ...] | None = Field(None, description="Exceptions, each from one rule, for a time.")


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


OneOrMore = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class RequiredFor(Section):
    """Which repositories must have a `.pilot.yml`."""

    topics: tuple[str, ...] = Field(("ai-pilot",), description="Those with any of these topics.")
    properties: dict[str, OneOrMore] = Field(
        default_factory=dict,
        description="Those whose custom property has this value, or one of these values.",
    )


class Limits(Section):
    """How far a policy may go."""

    review_weeks: Annotated[Whole, Field(ge=1, le=520)] = Field(
        4, description="Weeks from the start by which every required review is due."
    )
    pilot_days: Annotated[Whole, Field(ge=1, le=3660)] = Field(180, description="The longest pilot, in days.")
    waiver_days: Annotated[Whole, Field(ge=1, le=3660)] = Field(30, description="How many days ahead a waiver may end.")
    extensions: Annotated[Whole, Field(ge=0, le=100)] = Field(1, description="How often a decision may be put off.")


class Reminders(Section):
    """When people are reminded of what is due."""

    lead_days: tuple[Annotated[Whole, Field(ge=0, le=366)], ...] = Field((7, 1), description="Days ahead of a date.")
    repeat_days: Annotated[Whole, Field(ge=1, le=366)] = Field(7, description="Days between reminders after it.")
    quiet_weekdays: tuple[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], ...
    ] = Field(("saturday", "sunday"), description="Days without reminders.")


def _known_zone(name: str) -> str:
    if name == "UTC":
        return name
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most files say UTC, and the table of zones is slow to load

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise refuse(f"{quote(name)} is no time zone: write one as in Europe/Berlin, or UTC") from None
    return name


class Organisation(Section):
    """`.pilot-org.yml`, version 1: what an organisation asks of every pilot. Defaults hold where there is no file."""

    version: Version = Field(1, description="The version of this format.", examples=[1])
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="Where days begin (IANA name).", examples=["Europe/Berlin"]
    )
    required_for: RequiredFor = Field(
        default_factory=RequiredFor, description="Repositories that must have a .pilot.yml."
    )
    mode: Literal["enforce", "advise"] = Field(
        "enforce", description="enforce: errors fail the check; advise: the check is neutral."
    )
    enforce_from: Day | None = Field(None, description="Advise until this date.", examples=["2027-01-01"])
    comment: Literal["never", "on-failure", "always"] = Field(
        "never", description="A sticky summary comment beside the check run."
    )
    rules: dict[AdjustableCode, Level] = Field(
        default_factory=dict, description="Severities for every repository.", examples=[{"CRI002": "error"}]
    )
    locked: tuple[Code, ...] = Field(
        ("REV001", "REV002", "POL003"), description="Rules that a repository may neither lower nor waive."
    )
    limits: Limits = Field(default_factory=Limits, description="How far a policy may go.")
    approvers: tuple[Handle, ...] = Field(
        (), description="Who may approve waivers and weakened policies; where empty, the deciders."
    )
    required_reviews: tuple[str, ...] = Field(
        ("security", "compliance", "legal"), description="Reviews that every pilot needs."
    )
    reminders: Reminders = Field(default_factory=Reminders, description="When people are reminded.")

    def advises(self, today: date) -> bool:
        """Whether errors leave the check neutral on this day."""
        return self.mode == "advise" or (self.enforce_from is not None and today < self.enforce_from)

    def asks_for_policy(self, topics: frozenset[str] | None, properties: Mapping[str, Any] | None) -> bool:
        """Whether a repository with these topics and custom properties must have a `.pilot.yml`.

        None means that they can't be known, as on a checkout: then any demand at all counts, since a gate
        must not open for want of evidence.
        """
        wanted = self.required_for
        if topics is None or properties is None:
            return bool(wanted.topics or wanted.properties)
        if topics & set(wanted.topics):
            return True
        return any(properties.get(name) in values for name, values in wanted.properties.items())
