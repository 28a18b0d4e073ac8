"""Every change of a policy either adds or tightens, or is told as a weakening, with what it was and what it is."""

import copy
import io

import pytest
from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.facts import Codes
from rules.policy import Policy
from rules.values import written
from rules.weakening import weakenings
from tests.rules.given import CODES, HEADER, example, organisation, policy, reading

FULL = example()
KNOWN = Codes(CODES, catalogue().weights)


def model(text: str) -> Policy:
    found = reading(text).model if text.startswith(FULL[:20]) else policy(text)
    assert found is not None
    return found


def told(old: str | None, new: str, org: str = "version: 1") -> list[tuple[str, str]]:
    base = None if old is None else model(old)
    found = list(weakenings(base, model(new), organisation(org), KNOWN))
    return [(written(one.at), one.what) for one in found]


def test_what_stays_or_only_moves_is_no_weakening() -> None:
    assert told(FULL, FULL) == []
    assert told(FULL, FULL + "\n# a comment\n") == []
    assert told("criteria: [{id: a}, {id: b}]", "criteria: [{id: b}, {id: a}]") == []
    assert told("monitoring: {configs: [a.yml, b.yml]}", "monitoring: {configs: [b.yml, a.yml]}") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("criteria: [{id: a, op: '>=', target: 0.93}]", "criteria: [{id: a, op: '>=', target: 0.94}]"),
        ("criteria: [{id: a, op: '>=', target: 0.93}]", "criteria: [{id: a, op: '>', target: 0.93}]"),
        ("criteria: [{id: a, op: '<=', target: 2}]", "criteria: [{id: a, op: '<', target: 1.5}]"),
        ("criteria: [{id: a, min_samples: 1500}]", "criteria: [{id: a, min_samples: 2000, window: 7d}]"),
        ("criteria: [{id: a}]", "criteria: [{id: a, op: '>', target: 1, unit: s}, {id: b}]"),
        ("owners: {fix: '@lee'}", "owners: {fix: '@lee', monitor: '@ana-r'}"),
        ("evaluation: [{id: e, environment: staging}]", "evaluation: [{id: e, environment: production}]"),
        ("evaluation: [{id: e, max_age: 90d}]", "evaluation: [{id: e, max_age: 12w}]"),
        (
            "evaluation: [{id: e, collected: 2026-09-01/2026-09-30}]",
            "evaluation: [{id: e, collected: 2026-10-01/2026-10-31}]",
        ),
        ("evaluation: [{id: e, slices: [a]}]", "evaluation: [{id: e, slices: [b, a], unhappy: [b]}]"),
        ("integrations: [{id: i, timeout: 5s}]", "integrations: [{id: i, timeout: 900ms}]"),
        ("reviews: {legal: {due: 2026-11-27}}", "reviews: {legal: {due: 2026-11-26}, privacy: {}}"),
        ("reviews: {legal: {outcome: pending}}", "reviews: {legal: {outcome: passed}}"),
        ("reviews: {legal: {outcome: passed}}", "reviews: {legal: {outcome: failed}}"),
        ("monitoring: {log_retention: 180d}", "monitoring: {log_retention: 52w}"),
        ("runbooks: [{file: r.md, exercised: 2026-11-18}]", "runbooks: [{file: r.md, exercised: 2026-11-19}]"),
        ("decision: {go: [a], otherwise: extend}", "decision: {go: [a, b], otherwise: no-go}"),
        ("decision: {outcome: pending}", "decision: {outcome: no-go}"),
        ("decision: {outcome: pending}", "decision: {outcome: go}"),
        ("rules: {MON007: off}", "owners: {}"),
        ("owners: {}", "rules: {CRI002: error}"),
        ("owners: {}", "rules: {INT001: error}"),
        ("rules: {EVA005: warning}", "owners: {}"),
        (
            "waivers: [{rule: INT002, reason: x, approved_by: '@lee', expires: 2026-12-15}]",
            "waivers: [{rule: INT002, reason: x, approved_by: '@lee', expires: 2026-12-14}]",
        ),
        ("waivers: [{rule: INT002, reason: x, approved_by: '@lee', expires: 2026-12-15}]", "owners: {}"),
        (HEADER.replace("stage: pilot", "stage: planned"), HEADER),
        (HEADER.replace("stage: pilot", "stage: retired"), HEADER),
        (HEADER.replace("2026-11-02", "2026-11-03"), HEADER),
        (HEADER.replace("start:", "risk: limited, start:"), HEADER.replace("start:", "risk: high, start:")),
        ("evaluation: [{id: e}]\ncriteria: [{id: a}]", "evaluation: [{id: e}]\ncriteria: [{id: a, evaluation: e}]"),
        ("evaluation: [{}, {}]\ncriteria: [{id: a}]", "evaluation: [{}, {}]\ncriteria: [{id: a, evaluation: e}]"),
        ("owners: {}", "criteria: []"),
    ],
)
def test_what_adds_or_tightens_is_no_weakening(old: str, new: str) -> None:
    assert told(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        (
            "criteria: [{id: a, op: '>=', target: 0.93}]",
            "criteria: [{id: a, op: '>=', target: 0.92}]",
            "criteria[0].target",
            "`criteria[0].target` is eased, from `>= 0.93` to `>= 0.92`",
        ),
        (
            "criteria: [{id: a, op: '>', target: 0.93}]",
            "criteria: [{id: a, op: '>=', target: 0.93}]",
            "criteria[0].op",
            "`criteria[0].op` is eased, from `> 0.93` to `>= 0.93`",
        ),
        (
            "criteria: [{id: a, op: '>=', target: 0.93}]",
            "criteria: [{id: a, op: '<=', target: 0.93}]",
            "criteria[0].op",
            "`criteria[0].op` is eased, from `>= 0.93` to `<= 0.93`",
        ),
        (
            "criteria: [{id: a, op: '>=', target: 0.93}]",
            "criteria: [{id: a, op: '>='}]",
            "criteria[0].target",
            "`criteria[0].target` is dropped, which was `0.93`",
        ),
        (
            "criteria: [{id: a, op: '<', target: 2, unit: s}]",
            "criteria: [{id: a, op: '<', target: 2, unit: h}]",
            "criteria[0].unit",
            "`criteria[0].unit` changes, from `s` to `h`",
        ),
        (
            "criteria: [{id: a}, {id: b}]",
            "criteria: [{id: b}]",
            "criteria",
            "`criteria` no longer has `a`",
        ),
        ("criteria: [{id: a}]", "owners: {}", "criteria", "`criteria` is dropped, with 1 in it"),
        ("criteria: [{kind: cost}]", "criteria: [{}]", "criteria", "`criteria` no longer has an item without a name"),
        (
            "criteria: [{id: a, target: 2}]",
            "criteria: [{id: a, target: 2}, {id: a, target: 1}]",
            "criteria[1]",
            "`criteria[1]` is a second one called `a`",
        ),
        (
            "criteria: [{id: a, min_samples: 1500}]",
            "criteria: [{id: a, min_samples: 10}]",
            "criteria[0].min_samples",
            "`criteria[0].min_samples` is eased, from `1500` to `10`",
        ),
        (
            "criteria: [{id: a, source: {format: json, file: a.json}}]",
            "criteria: [{id: a, source: {format: json, file: b.json}}]",
            "criteria[0].source.file",
            "`criteria[0].source.file` changes, from `a.json` to `b.json`",
        ),
        (
            "evaluation: [{id: e}]\ncriteria: [{id: a}]",
            "evaluation: [{id: e}, {id: f}]\ncriteria: [{id: a, evaluation: f}]",
            "criteria[0].evaluation",
            "`criteria[0].evaluation` changes, from `e` to `f`",
        ),
        (
            "evaluation: [{id: e}]",
            "evaluation: [{id: e, paths: [docs/*]}]",
            "evaluation[0].paths",
            "`evaluation[0].paths` is added and asks for less: `docs/*`",
        ),
        (
            "evaluation: [{id: e, environment: production}]",
            "evaluation: [{id: e, environment: staging}]",
            "evaluation[0].environment",
            "`evaluation[0].environment` changes, from `production` to `staging`",
        ),
        (
            "evaluation: [{id: e, collected: 2026-09-01/2026-09-30}]",
            "evaluation: [{id: e, collected: 2026-09-20/2026-09-30}]",
            "evaluation[0].collected",
            "`evaluation[0].collected` changes, from `2026-09-01/2026-09-30` to `2026-09-20/2026-09-30`",
        ),
        (
            "evaluation: [{id: e, slices: [a, b]}]",
            "evaluation: [{id: e, slices: [a]}]",
            "evaluation[0].slices",
            "`evaluation[0].slices` no longer names `b`",
        ),
        (
            "integrations: [{id: i, auth: {type: none}}]",
            "integrations: [{id: i, auth: {type: none, reason: internal}}]",
            "integrations[0].auth.reason",
            "`integrations[0].auth.reason` is added and asks for less: `internal`",
        ),
        (
            "integrations: [{id: i, auth: {type: oauth2, secret: S}}]",
            "integrations: [{id: i}]",
            "integrations[0].auth",
            "`integrations[0].auth` is dropped, with all that stood in it",
        ),
        (
            "reviews: {legal: {due: 2026-11-27}}",
            "reviews: {legal: {due: 2026-11-28}}",
            "reviews.legal.due",
            "`reviews.legal.due` slips, from `2026-11-27` to `2026-11-28`",
        ),
        ("reviews: {legal: {}, it: {}}", "reviews: {it: {}}", "reviews.legal", "`reviews.legal` is dropped"),
        (
            "reviews: {legal: {outcome: failed}}",
            "reviews: {legal: {outcome: pending}}",
            "reviews.legal.outcome",
            "`reviews.legal.outcome` is taken back, from `failed` to `pending`",
        ),
        (
            "runbooks: [{file: r.md, exercised: 2026-11-18}]",
            "runbooks: [{file: r.md, exercised: 2026-11-17}]",
            "runbooks[0].exercised",
            "`runbooks[0].exercised` goes back, from `2026-11-18` to `2026-11-17`",
        ),
        (
            "decision: {deciders: ['@lee']}",
            "decision: {deciders: ['@lee', '@dev']}",
            "decision.deciders",
            "`decision.deciders` names `@dev` too",
        ),
        (
            "decision: {outcome: no-go}",
            "decision: {outcome: go}",
            "decision.outcome",
            "`decision.outcome` is taken back, from `no-go` to `go`",
        ),
        (
            "decision: {date: 2027-01-25}",
            "decision: {date: 2027-01-25, extensions: [{from: 2027-01-25, to: 2027-02-22}]}",
            "decision.extensions[0]",
            "`decision.extensions[0]` is added: `2027-01-25` `2027-02-22`",
        ),
        (
            "decision: {extensions: [{from: 2027-01-25, to: 2027-02-22}]}",
            "decision: {outcome: pending}",
            "decision.extensions",
            "`decision.extensions` is dropped, with 1 in it",
        ),
        (
            "owners: {}",
            "waivers: [{rule: INT002, key: a.b}]",
            "waivers[0]",
            "`waivers[0]` is added: `INT002` `a.b`",
        ),
        (
            "waivers: [{rule: INT002, reason: x, expires: 2026-12-15}]",
            "waivers: [{rule: INT002, reason: x, expires: 2026-12-16}]",
            "waivers[0].expires",
            "`waivers[0].expires` changes, from `2026-12-15` to `2026-12-16`",
        ),
        (
            "waivers: [{rule: INT002, reason: x}]",
            "waivers: [{rule: INT002}]",
            "waivers[0].reason",
            "`waivers[0].reason` changes, from `x` to `nothing`",
        ),
        ("owners: {}", "rules: {INT001: off}", "rules.INT001", "`rules.INT001` is lowered, from `error` to `off`"),
        (
            "rules: {CRI002: error}",
            "owners: {}",
            "rules.CRI002",
            "`rules.CRI002` is lowered, from `error` to `warning`",
        ),
        (
            "owners: {}",
            "rules: {EVA005: warning}",
            "rules.EVA005",
            "`rules.EVA005` is lowered, from its own weight to `warning`",
        ),
        (
            HEADER,
            HEADER.replace("stage: pilot", "stage: planned"),
            "pilot.stage",
            "`pilot.stage` is lowered, from `pilot` to `planned`",
        ),
        (HEADER, HEADER.replace("triage", "sorting"), "pilot.name", "`pilot.name` changes, from `triage` to `sorting`"),
        (
            "monitoring: {feedback: 'label:wrong'}",
            "monitoring: {feedback: docs/a.md}",
            "monitoring.feedback",
            "`monitoring.feedback` changes, from `label:wrong` to `docs/a.md`",
        ),
        ("owners: {fix: '@lee'}", "owners: {}", "owners", "`owners` is dropped, with all that stood in it"),
    ],
)
def test_a_weakening_is_told_with_the_old_and_the_new_value(old: str, new: str, at: str, what: str) -> None:
    assert told(old, new) == [(at, what)]


def test_a_code_whose_weight_is_not_known_is_lowered_by_anything_but_error() -> None:
    plain = Codes(CODES)
    found = list(weakenings(policy("owners: {}"), policy("rules: {INT001: notice}"), organisation(), plain))
    assert [one.what for one in found] == ["`rules.INT001` is lowered, from its own weight to `notice`"]
    assert not list(weakenings(policy("owners: {}"), policy("rules: {INT001: error}"), organisation(), plain))


def test_the_organisations_weight_counts_where_the_policy_has_none() -> None:
    org = "{version: 1, rules: {CRI002: error}}"
    assert told(None, "rules: {CRI002: warning}", org) == [
        ("rules.CRI002", "`rules.CRI002` is lowered, from `error` to `warning`")
    ]
    assert told(None, "rules: {CRI002: warning}") == []


def test_the_first_policy_is_held_against_the_defaults() -> None:
    assert told(None, FULL) == []
    assert told(None, "rules: {MON007: off}\nwaivers: [{rule: INT002}]") == [
        ("waivers[0]", "`waivers[0]` is added: `INT002`"),
        ("rules.MON007", "`rules.MON007` is lowered, from `warning` to `off`"),
    ]
    assert told(None, HEADER.replace("stage: pilot", "stage: retired")) == [
        ("pilot.stage", "a policy that begins as `retired` promises nothing")
    ]


def leaves(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in [(*path, key), *leaves(value, (*path, key))]]
    if isinstance(node, list):
        return [found for key, value in enumerate(node) for found in [(*path, key), *leaves(value, (*path, key))]]
    return []


YAML_ = YAML(typ="safe", pure=True)
WHOLE = YAML_.load(FULL)


def without(path: tuple[str | int, ...]) -> object:
    whole = copy.deepcopy(WHOLE)
    node = whole
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return whole


@pytest.mark.parametrize("path", leaves(WHOLE), ids=written)
def test_whatever_is_taken_out_is_told_and_putting_it_back_is_not(path: tuple[str | int, ...]) -> None:
    stream = io.StringIO()
    YAML_.dump(without(path), stream)
    before, after = reading(FULL), reading(stream.getvalue())
    if after.model is None:
        return
    assert before.model is not None
    found = list(weakenings(before.model, after.model, organisation(), KNOWN))
    free = path[0] == "waivers" or path == ("rules", "MON007")
    assert free or found, "something is promised less"
    back = list(weakenings(after.model, before.model, organisation(), KNOWN))
    # An item without a name is no other item's earlier self; what is put back of these lists asks for less.
    assert not back or {"paths", "deciders", "id", "file", "waivers", "rules"} & set(path)
