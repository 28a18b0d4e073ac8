"""CloudWatch's alarms: of CloudFormation, SAM and Serverless templates, of Terraform, and as its API writes them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules.evidence.cloudformation import Made, Reference
from rules.evidence.hcl import Template
from rules.evidence.loading import Fault, line_of, number, truth
from rules.evidence.monitoring import Alert, Comparison, Doc, Reached, Unreached
from rules.evidence.monitoring import cloudwatch_parts as parts
from rules.evidence.monitoring.cloudwatch_metrics import Metrics, watched
from rules.evidence.monitoring.cloudwatch_reach import Topics
from rules.evidence.monitoring.links import runbook
from rules.evidence.spans import Op

SYSTEM = "CloudWatch"
recognises = parts.recognises

# `ComparisonOperator` of `PutMetricAlarm`; the last three hold against a band, not a number.
_OPERATORS: dict[str, tuple[Op, ...]] = {
    "GreaterThanThreshold": (">",),
    "GreaterThanOrEqualToThreshold": (">=",),
    "LessThanThreshold": ("<",),
    "LessThanOrEqualToThreshold": ("<=",),
    "LessThanLowerThreshold": ("<",),
    "GreaterThanUpperThreshold": (">",),
    "LessThanLowerOrGreaterThanUpperThreshold": ("<", ">"),
}
_KNOWN_LATER = "is written with values that are known only once it runs"


def alerts(docs: Sequence[Doc]) -> Iterable[Alert | Fault]:
    """Every alarm; those of other alarms, composite ones, stand on the metrics of these."""
    made = list(parts.made(docs))
    topics = Topics(made)
    simple = [(one, _alarm(one, topics)) for one in made if one.kind == parts.ALARM]
    named: dict[str, list[tuple[Made, Alert]]] = {}
    for one, alert in simple:
        for name in {alert.name, one.identity.name}:
            named.setdefault(name, []).append((one, alert))
    composite = [_Composite(one, named) for one in made if one.kind == parts.COMPOSITE]
    # An alarm without actions of its own may tell people through one that stands on it.
    through: dict[int, Reached] = {}
    for inner in composite:
        reach = topics.reach(inner.made)
        if isinstance(reach, Reached) and inner.follows:
            through |= {id(one): reach for one, _ in inner.on}
    for one, alert in simple:
        instead = through.get(id(one)) if isinstance(alert.reach, Unreached) else None
        yield replace(alert, reach=instead) if instead else alert
    yield from (inner.alert(topics) for inner in composite)


def _name(made: Made) -> str:
    name = made.properties.get("AlarmName")
    return name if isinstance(name, str) and name and not isinstance(name, Template) else made.identity.name


def _alarm(made: Made, topics: Topics) -> Alert:
    properties = made.properties
    metrics = watched(properties)
    faults, later = [*metrics.faults], metrics.later
    comparisons: tuple[Comparison, ...] = ()
    operator = properties.get("ComparisonOperator")
    if isinstance(operator, Template | Reference):
        later = True
    elif isinstance(operator, str) and operator in _OPERATORS:
        comparisons, fault, unresolved = _comparisons(properties, _OPERATORS[operator], metrics)
        faults += [fault] if fault else []
        later = later or unresolved
    else:
        hint = "GreaterThanThreshold, or another of CloudWatch's operators"
        faults.append(f"compares with nothing: write its `{_key(made, 'ComparisonOperator')}`: {hint}")
    faults += _switched(made)
    later = later or isinstance(properties.get("ActionsEnabled"), Template)
    return Alert(
        name=_name(made),
        system=SYSTEM,
        path=made.path,
        line=made.line,
        metrics=metrics.names,
        comparisons=comparisons,
        absent=metrics.names if _alarms_when_missing(properties) else frozenset(),
        faults=tuple(faults),
        asked=line_of(properties, "MetricName", "Metrics"),
        unclear=made.unsure or (_KNOWN_LATER if later else None),
        runbook_url=runbook(properties.get("AlarmDescription")),
        reach=topics.reach(made),
    )


def _key(made: Made, name: str) -> str:
    if isinstance(made.identity.scope, str):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return name


def _switched(made: Made) -> Iterator[str]:
    if truth(made.properties.get("ActionsEnabled")) is False:
        yield f"has its actions disabled: write `true` for `{_key(made, 'ActionsEnabled')}`"


def _comparisons(
    properties: Mapping[Any, Any], operators: tuple[Op, ...], metrics: Metrics
) -> tuple[tuple[Comparison, ...], str | None, bool]:
    threshold = properties.get("Threshold")
    value, fault, later = _number(threshold), None, False
    if properties.get("ThresholdMetricId") is not None:
        value = None
    elif isinstance(threshold, Template | Reference | Mapping):
        later = True
    elif value is None:
        fault = "has no threshold that is a number: write one"
    found = value if metrics.plain else None
    return tuple(Comparison(operator, found) for operator in operators), fault, later


def _number(value: Any) -> float | None:
    if isinstance(value, str) and not isinstance(value, Template):
        value = (
            float(value) if re.fullmatch(r"\s*[+-]?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,2})?\s*", value) else None
        )
    return number(value)


def _alarms_when_missing(properties: Mapping[Any, Any]) -> bool:
    # Where missing data is taken for what it is, the alarm goes to INSUFFICIENT_DATA, which may have actions too.
    treated = properties.get("TreatMissingData")
    return treated == "breaching" or (treated in (None, "missing") and bool(properties.get("InsufficientDataActions")))


class _Composite:
    """An alarm on the states of others."""

    def __init__(self, made: Made, named: Mapping[str, Sequence[tuple[Made, Alert]]]) -> None:
        self.made = made
        rule = made.properties.get("AlarmRule")
        self.rule = rule if isinstance(rule, str) else ""
        found = {_spoken(match) for match in _STATE.finditer(self.rule)}
        # In a template, an alarm goes by what its resource is called, which is not its name elsewhere.
        self.on = [
            (one, alert)
            for name in sorted(found)
            for one, alert in named.get(name, ())
            if alert.name == name or "${" in self.rule
        ]
        unresolved = isinstance(rule, Template) and not found
        self.later = not isinstance(rule, str) or unresolved or len({alert.name for _, alert in self.on}) < len(found)

    def alert(self, topics: Topics) -> Alert:
        faults = [*_switched(self.made)]
        said = self.rule.strip().strip("()").strip().upper()
        if said in ("TRUE", "FALSE"):
            faults.append(f"{'fires always' if said == 'TRUE' else 'can never fire'}: name alarms in its rule")
        elif not self.rule.strip() and not self.later:
            faults.append("stands on no alarm: name some in its rule")
        made, alerts = self.made, [alert for _, alert in self.on]
        return Alert(
            name=_name(made),
            system=SYSTEM,
            path=made.path,
            line=made.line,
            metrics=frozenset[str]().union(*(alert.metrics for alert in alerts)),
            comparisons=tuple(
                dict.fromkeys(replace(one, metrics=alert.metrics) for alert in alerts for one in alert.comparisons)
            ),
            absent=frozenset[str]().union(*(alert.absent for alert in alerts)),
            faults=tuple(faults),
            unclear=made.unsure or ("stands on alarms that are not seen here" if self.later else None),
            runbook_url=runbook(made.properties.get("AlarmDescription")),
            reach=topics.reach(made),
        )

    @property
    def follows(self) -> bool:
        """Whether this one fires as soon as one that it stands on does."""
        return not re.search(r"\b(?:AND|NOT)\b", self.rule, re.IGNORECASE)


_STATE = re.compile(
    r"\b(?:ALARM|OK|INSUFFICIENT_DATA)[ \t]{0,20}\([ \t]{0,20}(\"[^\"]{0,300}\"|'[^']{0,300}'|[^)\s]{1,300})"
)


def _spoken(match: re.Match[str]) -> str:
    name = match.group(1).strip("\"'")
    inner = re.fullmatch(r"\$\{(?:aws_cloudwatch_metric_alarm\.)?([\w-]+)(?:\[[^\]]*\])?(?:\.\w+)?\}", name)
    return inner.group(1) if inner else name.rpartition(":alarm:")[2] or name
