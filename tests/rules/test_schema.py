"""The JSON Schemas are valid 2020-12, and agree with the models as far as JSON Schema can tell."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML

from rules.document import plain
from rules.nodes import compose
from rules.policy import Organisation, Policy
from rules.schema import DIALECT, organisation_schema, policy_schema
from tests.rules.borders import STRUCTURES
from tests.rules.given import CODES, HEADER, example


def data(text: str) -> Any:
    """A file as JSON has it: dates as text, as YAML 1.2 reads them."""
    composed = compose(text.encode())
    assert composed.root is not None
    return json.loads(json.dumps(plain(composed.root)))


# Made in the tests, not as this file is read: a change of what makes them has to be able to fail them.
def policy_of() -> dict[str, Any]:
    return policy_schema(CODES)


def organisation_of() -> dict[str, Any]:
    return organisation_schema(CODES)


@pytest.mark.parametrize("made", [policy_of, organisation_of])
def test_a_schema_is_one(made: Callable[[], dict[str, Any]]) -> None:
    schema = made()
    Draft202012Validator.check_schema(schema)
    assert DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert next(iter(schema.items())) == ("$schema", DIALECT)


def test_schemas_say_what_they_are_of_and_title_nothing_else() -> None:
    assert policy_of()["title"] == ".pilot.yml, version 1"
    assert organisation_of()["title"] == ".pilot-org.yml, version 1"
    assert "title" not in policy_of()["properties"]["owners"]
    assert "title" not in policy_of()["$defs"]["Owners"]["properties"]["fix"]


def test_every_key_of_a_policy_is_described() -> None:
    for part in (policy_of(), *policy_of()["$defs"].values()):
        for key, value in part["properties"].items():
            assert value.get("description") or "$ref" in value, key
        assert part["additionalProperties"] is False


def test_only_the_promised_keys_are_required() -> None:
    assert policy_of()["required"] == ["version", "pilot"]
    assert policy_of()["$defs"]["Pilot"]["required"] == ["name", "stage", "start"]
    assert [name for name, part in policy_of()["$defs"].items() if part.get("required")] == ["Pilot"]
    assert "required" not in organisation_of()


def test_codes_are_those_of_the_rules_without_the_ones_that_are_never_lowered() -> None:
    adjustable = sorted(code for code in CODES if not code.startswith("POL"))
    assert policy_of()["properties"]["rules"]["anyOf"][0]["propertyNames"] == {"enum": adjustable}
    assert policy_of()["$defs"]["Waiver"]["properties"]["rule"]["anyOf"][0]["enum"] == adjustable
    assert organisation_of()["properties"]["rules"]["propertyNames"] == {"enum": adjustable}
    assert organisation_of()["properties"]["locked"]["items"]["enum"] == sorted(CODES)
    assert "POL003" in organisation_of()["properties"]["locked"]["items"]["enum"]


def test_the_example_fits() -> None:
    assert list(Draft202012Validator(policy_of()).iter_errors(data(example()))) == []


PROMISED = """
version: 1
pilot: {name: invoice-triage, summary: Sorts invoices., stage: pilot, risk: limited, start: 2026-11-02}
owners: {accountable: "@ana-r", monitor: "@acme/ml-oncall", fix: "@acme/ml-platform", retrain: "@a", oversight: "@lee"}
criteria:
  - id: routing-accuracy
    description: Share of invoices routed to the right queue.
    kind: quality
    op: ">="
    target: 0.93
    unit: ratio
    baseline: 0.87
    min_samples: 1500
    evaluation: prod-sample
    source: {format: json, file: r.json, pointer: /accuracy, samples: /n, dataset: /md5, commit: /c, slices: /s}
  - {id: p95-latency, kind: latency, op: "<=", target: 2, unit: s, window: 7d, source: {format: prometheus, query: up}}
evaluation:
  - id: prod-sample
    manifest: eval/croissant.json
    environment: production
    integration: invoices-api
    collected: 2026-09-01/2026-09-30
    max_age: 90d
    slices: [language, malformed_input]
    unhappy: [malformed_input]
    paths: ["triage/**"]
    command: make eval
integrations:
  - id: invoices-api
    kind: rest
    environment: production
    endpoint: https://invoices.internal.acme.example
    auth: {type: none, secret: NAME, reason: same host}
    timeout: 5s
    on_failure: queue-for-human
    check: integration / invoices
reviews:
  security: {team: "@acme/appsec", due: 2026-11-27, outcome: pending, evidence: docs/reviews/security.md}
  legal: {outcome: passed, evidence: "https://acme.example/r"}
monitoring:
  configs: ["ops/alerts/*.yml", ops/alertmanager.yml]
  log_retention: 180d
  feedback: "label:model-feedback"
  signals: [{id: live-accuracy, kind: quality, metric: m, criterion: routing-accuracy, alert: TriageAccuracyLow}]
runbooks: [{file: docs/runbook.md, alerts: [A], stop_switch: .github/workflows/x.yml, exercised: 2026-11-18}]
decision:
  date: 2027-01-25
  deciders: ["@ana-r"]
  go: [routing-accuracy]
  otherwise: no-go
  outcome: pending
  extensions: [{from: 2027-01-25, to: 2027-02-22, because: late}]
rules: {CRI002: warning, MON007: off}
waivers: [{rule: INT002, key: "a", reason: late, approved_by: "@ana-r", expires: 2026-12-15}]
"""

ORG = """
version: 1
timezone: Europe/Berlin
required_for: {topics: [ai-pilot], properties: {tier: [a, b], kind: x}}
mode: enforce
enforce_from: null
comment: never
rules: {CRI002: off}
locked: [REV001, REV002, POL003]
limits: {review_weeks: 4, pilot_days: 180, waiver_days: 30, extensions: 1}
approvers: ["@a"]
required_reviews: [security, compliance, legal]
reminders: {lead_days: [7, 1], repeat_days: 7, quiet_weekdays: [saturday, sunday]}
"""


EVERYTHING = data(PROMISED)


def accepts(model: type[BaseModel], value: Any) -> bool:
    try:
        model.model_validate(tupled(value), context={"codes": CODES})
    except ValidationError:
        return False
    return True


def tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tupled(one) for key, one in value.items()}
    return tuple(map(tupled, value)) if isinstance(value, list) else value


def test_a_policy_with_every_key_fits_model_and_schema() -> None:
    assert accepts(Policy, EVERYTHING)
    assert list(Draft202012Validator(policy_of()).iter_errors(EVERYTHING)) == []
    for name, part in policy_of()["$defs"].items():
        for key in part["properties"]:
            assert f"{key}:" in PROMISED, (name, key)


def test_an_organisation_s_file_with_every_key_fits_model_and_schema() -> None:
    assert accepts(Organisation, data(ORG))
    assert list(Draft202012Validator(organisation_of()).iter_errors(data(ORG))) == []
    assert accepts(Organisation, {})


@pytest.mark.parametrize(
    "text",
    [
        "owner: {}",
        "owners: {fix: ana}",
        "owners: [a]",
        "criteria: [{target: '1'}]",
        "criteria: [{target: true}]",
        "criteria: [{op: '='}]",
        "criteria: [{min_samples: 0}]",
        "criteria: [{min_samples: 1.5}]",
        "criteria: {}",
        "evaluation: [{max_age: 7y}]",
        "evaluation: [{collected: 2026-09-01}]",
        "runbooks: [{file: ../x}]",
        "runbooks: [{file: /x}]",
        "runbooks: [{file: 'c:x'}]",
        "runbooks: [{file: 'a\\b'}]",
        "runbooks: [{file: a/..}]",
        "decision: {date: soon}",
        "decision: {deciders: '@a'}",
        "monitoring: {feedback: ''}",
        "monitoring: {feedback: 3}",
        "rules: {POL001: off}",
        "rules: {ZZZ001: off}",
        "rules: {CRI002: none}",
        "reviews: [a]",
        "pilot: {}",
        "reviews: {legal: {outcome: done}}",
        "runbooks: [{alerts: [3]}]",
        "version: 2",
        "version: '1'",
        "version: true",
    ],
)
def test_what_the_model_refuses_by_form_the_schema_refuses(text: str) -> None:
    value = {**data(HEADER), **data(text)}
    assert not accepts(Policy, value)
    assert list(Draft202012Validator(policy_of()).iter_errors(value)) != []


_CHANGES: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    1.5,
    "x",
    "",
    "@a",
    "@a/b",
    "7d",
    "2026-11-02",
    "pilot",
    "off",
    [],
    ["x"],
    [{}],
    {},
    {"x": 1},
    "2026-09-01/2026-09-30",
    "../x",
    ">=",
    "REV001",
]


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """The policy with every key, after one to three changes anywhere in it."""
    value = deepcopy(EVERYTHING)
    for _ in range(draw(st.integers(1, 3))):
        at = value
        while True:
            key = draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at)))) if at else None
            if key is None or not isinstance(at[key], dict | list) or draw(st.booleans()):
                break
            at = at[key]
        if key is not None:
            at[key] = deepcopy(draw(st.sampled_from(_CHANGES)))
    return value


def refused_at(value: Any) -> set[object]:
    """The keys whose values the model refuses."""
    with pytest.raises(ValidationError) as error:
        Policy.model_validate(tupled(value), context={"codes": CODES})
    return {details["loc"][-1] for details in error.value.errors()}


def names_unknown_rule(value: Any) -> bool:
    """Whether a waiver names no rule that may be waived, which is for POL004 to tell and not for the model."""
    waivers = value.get("waivers")
    return isinstance(waivers, list) and any(isinstance(one, dict) and one.get("rule") not in CODES for one in waivers)


@cache
def validator() -> Draft202012Validator:
    """Made once for all examples of the tests below, in the first of them."""
    return Draft202012Validator(policy_of())


@given(changed())
@settings(max_examples=100)
def test_model_and_schema_agree_on_a_policy_gone_wrong(value: Any) -> None:
    fits = validator().is_valid(value)
    if accepts(Policy, value):
        assert fits or names_unknown_rule(value)
    elif fits:
        # A path or an address, a label or a path: no pattern tells what is wrong with the text.
        assert refused_at(value) <= {"evidence", "feedback"}


@given(st.dictionaries(st.sampled_from(list(Policy.model_fields)), STRUCTURES, max_size=4))
def test_what_the_schema_refuses_the_model_refuses(value: dict[str, Any]) -> None:
    # Numbers that are none in JSON become text, as dates are.
    as_json = json.loads(json.dumps(value, default=str), parse_constant=str)
    if not validator().is_valid(as_json):
        assert not accepts(Policy, as_json) or names_unknown_rule(as_json)


def test_yaml_that_editors_read_as_dates_is_text_to_the_engine() -> None:
    assert YAML(typ="safe", pure=True).load("d: 2026-11-02")["d"] == date(2026, 11, 2)
    assert data("d: 2026-11-02") == {"d": "2026-11-02"}
