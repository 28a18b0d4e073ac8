"""Prometheus's alerting rules, and Alertmanager's routes for them.

Read are rule files, the operator's PrometheusRule and AlertmanagerConfig (and others that hold groups of rules in
`spec.groups`), Alertmanager's configuration, and ConfigMaps and Secrets with one of these inside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rules.evidence.loading import Fault, mapping
from rules.evidence.monitoring import Alert, Comparison, Doc, Reach, Reached, Untold
from rules.evidence.monitoring.alertmanager import Budget, Labels, Tree
from rules.evidence.monitoring.alertmanager_config import tree
from rules.evidence.monitoring.prometheus_files import Rules, parts, recognised
from rules.evidence.monitoring.prometheus_rules import Rule, rules
from rules.evidence.monitoring.promql import described, no_vector
from rules.evidence.monitoring.promql_reading import Fires, Reading, shortcoming
from rules.evidence.monitoring.promql_text import Parser
from rules.evidence.monitoring.recorded import Recordings

SYSTEM = "Prometheus"
_LATER = (
    "it stands in a later document of its file, where Prometheus reads the first alone: put its group into that one"
)
_UNNAMED = Untold("no Alertmanager configuration is named: add it to `monitoring.configs`")


def recognises(data: Any) -> bool:
    """Whether a document is of Prometheus, its operator or Alertmanager. Never raises."""
    return recognised(data)


def alerts(docs: Sequence[Doc]) -> Iterator[Alert | Fault]:
    """Every alert of the documents, and what Prometheus or Alertmanager refuses in them. Never raises."""
    parser, trees = Parser(), list[Tree]()
    written: list[Rule] = []
    begun = set[str]()
    for doc in docs:
        for part in parts(doc.data):
            if isinstance(part, Rules):
                for one in rules(doc.path, _placed(part, doc, begun), parser):
                    if isinstance(one, Fault):
                        yield one
                    else:
                        written.append(one)
            else:
                trees.append(tree(part.config, tenant=part.tenant, path=doc.path, line=part.line))
                for message, line in trees[-1].faults:
                    yield Fault(doc.path, message, part.line or line)
    recordings = _recordings(written, parser)
    budget = Budget()
    for rule in written:
        if rule.alert is not None:
            yield _alert(rule, recordings, trees, budget)


def _placed(part: Rules, doc: Doc, begun: set[str]) -> Rules:
    """The groups of a document; those of a rule file's second are read by vmalert, but not by Prometheus."""
    if "kind" in mapping(doc.data):
        return part
    later = doc.path in begun
    begun.add(doc.path)
    return replace(part, unclear=_LATER) if later else part


def _recordings(written: list[Rule], parser: Parser) -> Recordings:
    expressions: dict[str, list[str]] = {}
    for rule in written:
        if rule.record is not None:
            expressions.setdefault(rule.record, []).append(rule.text)
    return Recordings(expressions, parser)


def _alert(rule: Rule, recordings: Recordings, trees: list[Tree], budget: Budget) -> Alert:
    found = recordings.follow(rule.expression) if rule.expression is not None else Reading()
    if found.fires == Fires.DATA and described(rule.expression):
        there = Comparison("==", 1, found.metrics)
        found = replace(found, fires=Fires.SOME, comparisons=(there,), ways=((there,),))
    name = rule.alert or ""
    faults = tuple(fault for fault in (_fault(rule, found),) if fault is not None)
    return Alert(
        name,
        SYSTEM,
        rule.path,
        rule.line,
        metrics=found.metrics,
        comparisons=found.comparisons,
        absent=found.absent,
        faults=faults,
        asked=rule.asked,
        ways=found.ways,
        unread=faults[0] if rule.broken is not None else None,
        unclear=rule.unclear or found.unclear,
        labels={**rule.labels, "alertname": name},
        runbook_url=rule.annotations.get("runbook_url") or rule.annotations.get("runbook"),
        reach=_reach(rule, trees, budget),
    )


def _fault(rule: Rule, found: Reading) -> str | None:
    if rule.broken is not None:
        return f"can never fire: {rule.broken}"
    if rule.expression is None:
        return None
    odd = no_vector(rule.expression)
    if odd is not None:
        return f"can never fire: its expression yields {odd}: write one that yields a number for each series"
    return shortcoming(found)


def _reach(rule: Rule, trees: list[Tree], budget: Budget) -> Reach:
    untold = frozenset(key for key, value in rule.labels.items() if "{{" in value or "$" in value)
    known = {key: value for key, value in rule.labels.items() if key not in untold}
    name = rule.alert or ""
    if "{{" in name:
        untold |= {"alertname"}
    labels = Labels({**known, "alertname": name}, untold, rule.namespace)
    ends = [one.reach(labels, budget) for one in trees]
    for kind in (Reached, Untold):
        for end in ends:
            if isinstance(end, kind):
                return end
    return ends[0] if ends else _UNNAMED
