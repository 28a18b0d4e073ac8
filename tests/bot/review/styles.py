"""Policies as people write them: some by hand, and any number made of the same values in other styles."""

from typing import Any

from hypothesis import strategies as st

_HEAD = "version: 1\npilot: {name: a, stage: pilot, start: 2026-11-02}\n"

WRITTEN = {
    "comments everywhere": """\
# c1 the contract
---
# c2 agreed in the kick-off

version: 1   # c3 of the format
pilot:       # c4
  # c5 what it is called
  name: a    # c6
  stage: pilot
  start: 2026-11-02

owners:      # c7 who
  # c8 in person
  accountable: "@ana-r"   # c9 until May
  monitor: "@acme/ml-oncall"   # c10 by day
  # c11 the platform
  fix: "@lee"
# c12 reviews
reviews:
  # c13
  security: {team: "@acme/appsec", due: 2026-11-20, outcome: passed}  # c14
  # c15
  legal:   # c16
    # c17
    due: 2026-11-30   # c18 moved once
    # c19
    outcome: pending  # c20
  # c21 that is all
decision:  # c22
  # c23
  date: 2027-01-25  # c24
  outcome: pending  # c25
  # c26
waivers:   # c27
  # c28 the vendor
  - rule: INT003   # c29
    # c30
    reason: late   # c31
    approved_by: "@lee"
    expires: 2026-12-01
  # c32 end
# c33 the end
""",
    "flow": """\
{version: 1, pilot: {name: a, stage: pilot, start: 2026-11-02},
 owners: {accountable: "@ana-r", monitor: "@acme/ml-oncall"},
 reviews: {legal: {due: 2026-11-30, outcome: pending}},
 decision: {date: 2027-01-25, outcome: pending},
 waivers: [{rule: INT003, reason: late, approved_by: "@lee", expires: 2026-12-01}]}
""",
    "flow over lines": _HEAD
    + """\
owners: {
  accountable: "@ana-r",   # c1
  monitor: "@acme/ml-oncall",
  fix: "@lee",
}
reviews: {
  legal: {
    due: 2026-11-30,   # c2
    outcome: pending
  },
}
decision: { date: 2027-01-25, outcome: pending }   # c3
waivers: [
  {rule: INT003, reason: late, approved_by: "@lee", expires: 2026-12-01},
]
""",
    "four spaces": _HEAD
    + """\
owners:
    accountable: '@ana-r'
    monitor:     '@acme/ml-oncall'
    fix:         '@lee'
reviews:
    legal:
        due: 2026-11-30
        outcome: pending
decision:
    date: 2027-01-25
    outcome: pending
waivers:
    -   rule: INT003
        reason: late
        approved_by: "@lee"
        expires: 2026-12-01
""",
    "lists at the margin": _HEAD
    + """\
waivers:
- rule: INT003
  reason: >-
    late, as the vendor
    says
  approved_by: '@lee'
  expires: 2026-12-01
decision:
  extensions:
  - from: 2027-01-11
    to: 2027-01-25
    because: |
      it was late
  outcome: "pending"
  date: 2027-01-25
reviews:
  legal:
    outcome: "pending"
    due: 2026-11-30
owners:
  monitor: "@acme/ml-oncall"
""",
    "a text that ends the list": _HEAD
    + """\
decision: {date: 2027-01-25}
waivers:
  - rule: INT003
    approved_by: "@lee"
    expires: 2026-12-01
    reason: |
      late, as the vendor

      says
runbooks: []
""",
    "a text that ends the file": _HEAD
    + """\
owners: {monitor: "@acme/ml-oncall"}
waivers:
  - rule: INT003
    approved_by: "@lee"
    expires: 2026-12-01
    reason: >-
      late, as the vendor
      says
""",
    "anchors elsewhere": _HEAD
    + """\
owners: {accountable: &ana "@ana-r", monitor: "@acme/ml-oncall"}
reviews:
  security: &review {due: 2026-11-20, outcome: passed}
  compliance: *review
  legal: {due: 2026-11-30, outcome: pending}
decision: {deciders: [*ana], date: 2027-01-25}
waivers:
  - {rule: INT003, reason: late, approved_by: *ana, expires: 2026-12-01}
  - {rule: INT004, reason: &late later, approved_by: "@lee", expires: 2026-12-01}
  - {rule: EVA003, reason: *late, approved_by: "@lee", expires: 2026-12-01}
""",
    "hardly anything": _HEAD + "waivers: [{rule: INT003, reason: late, approved_by: '@lee', expires: 2026-12-01}]\n",
    "empty sections": _HEAD
    + """\
owners:
reviews:   # c1 to come

decision:
  # c2 nobody yet

waivers:
  -
    rule: INT003
    reason: late
    approved_by: "@lee"
    expires: 2026-12-01
  - rule: INT003
    key: integrations
    reason: late
    approved_by: "@lee"
    expires: 2026-12-01
""",
    "question marks and quotes": _HEAD
    + """\
"owners":
  "accountable": "@ana-r"
  'monitor': '@acme/ml-oncall'
"reviews":
  "legal":
    'due': '2026-11-30'
decision: {"outcome": "pending"}
waivers: [{"rule": "INT003", "reason": "late # no comment", "approved_by": "@lee", "expires": "2026-12-01"}]
""",
}

_VALUES: dict[str, Any] = {
    "version": 1,
    "pilot": {"name": "a", "stage": "pilot", "start": "2026-11-02"},
    "owners": {"accountable": "@ana-r", "monitor": "@acme/ml-oncall", "fix": "@lee"},
    "criteria": [{"id": "speed", "target": 2, "unit": "s"}, {"id": "cost", "target": 3}],
    "reviews": {
        "security": {"team": "@acme/appsec", "due": "2026-11-20", "outcome": "passed"},
        "legal": {"team": "@acme/legal", "due": "2026-11-30", "outcome": "pending"},
    },
    "decision": {
        "date": "2027-01-25",
        "deciders": ["@ana-r"],
        "go": ["speed"],
        "outcome": "pending",
        "extensions": [{"from": "2027-01-11", "to": "2027-01-25", "because": "it was late"}],
    },
    "waivers": [
        {"rule": "INT004", "reason": "one", "approved_by": "@lee", "expires": "2026-12-02"},
        {"rule": "INT003", "reason": "it's late", "approved_by": "@lee", "expires": "2026-12-01"},
        {"rule": "EVA003", "reason": "a: b # c", "approved_by": "@lee", "expires": "2026-12-03"},
    ],
}
_OPTIONAL = {"owners", "monitor", "criteria", "reviews", "legal", "decision", "extensions", "outcome", "date", "due"}


def plain(value: Any) -> Any:
    """Values without what is empty, which is the same as what is not there."""
    if isinstance(value, dict):
        found = {key: plain(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one not in ({}, [], None)}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


class _Writer:
    """Writes values as YAML, each in a style that is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.count = draw, 0
        self.step = draw(st.sampled_from([2, 4, 3]))
        self.chatty = draw(st.booleans())
        self.flat = draw(st.booleans())

    def chance(self, among: int) -> bool:
        return self.draw(st.integers(1, among)) == 1

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count}"

    def behind(self) -> str:
        return f"  {self.comment()}" if self.chatty and self.chance(3) else ""

    def above(self, pad: str) -> list[str]:
        made = [f"{pad}{self.comment()}"] if self.chatty and self.chance(3) else []
        return [*([""] if self.chance(6) else []), *made]

    def scalar(self, value: object) -> str:
        if not isinstance(value, str):
            return str(value)
        quoted = ['"' + value.replace('"', '\\"') + '"', "'" + value.replace("'", "''") + "'"]
        bare = not any(sign in value for sign in "@#:'")
        return self.draw(st.sampled_from([*quoted, *([value] * 3 if bare else [])]))

    def flow(self, value: Any) -> str:
        gap = self.draw(st.sampled_from(["", " "]))
        end = self.draw(st.sampled_from(["", "", ","]))
        if isinstance(value, dict):
            inner = ", ".join(f"{key}: {self.flow(one)}" for key, one in value.items())
            return "{" + gap + inner + (end if value else "") + gap + "}"
        if isinstance(value, list):
            return "[" + gap + ", ".join(map(self.flow, value)) + (end if value else "") + gap + "]"
        return self.scalar(value)

    def mapping(self, values: dict[str, Any], pad: str) -> list[str]:
        rows: list[str] = []
        for key, value in values.items():
            rows += [*self.above(pad), *self.entry(key, value, pad)]
        return rows

    def entry(self, key: str, value: Any, pad: str) -> list[str]:
        if not isinstance(value, dict | list):
            long = isinstance(value, str) and key in ("reason", "because") and self.chance(3)
            if long:
                sign = self.draw(st.sampled_from([">-", "|-"]))
                return [f"{pad}{key}: {sign}", f"{pad}{' ' * self.step}{value}"]
            return [f"{pad}{key}: {' ' if self.chance(5) else ''}{self.scalar(value)}{self.behind()}"]
        if not value or self.chance(3):
            return [f"{pad}{key}: {self.flow(value)}{self.behind()}"]
        inner = pad + " " * self.step
        if isinstance(value, dict):
            return [f"{pad}{key}:{self.behind()}", *self.mapping(value, inner)]
        return [f"{pad}{key}:{self.behind()}", *self.items(value, pad if self.flat else inner)]

    def items(self, values: list[Any], pad: str) -> list[str]:
        rows: list[str] = []
        for value in values:
            rows += self.above(pad)
            if not isinstance(value, dict) or self.chance(3):
                rows.append(f"{pad}- {self.flow(value)}{self.behind()}")
                continue
            dash = self.draw(st.sampled_from(["- ", "-   "]))
            (key, first), *others = value.items()
            inner = pad + " " * len(dash)
            head = self.entry(key, first, "")
            rows += [f"{pad}{dash}{head[0]}", *(f"{inner}{row}" for row in head[1:])]
            rows += self.mapping(dict(others), inner)
        return rows


def _thinned(draw: st.DrawFn, value: Any) -> Any:
    """The values with some of those left out that need not be there, the keys of a section in any order."""
    if not isinstance(value, dict):
        return value
    kept = [key for key in value if key not in _OPTIONAL or draw(st.integers(1, 5)) > 1]
    return {key: _thinned(draw, value[key]) for key in draw(st.permutations(kept))}


@st.composite
def policies(draw: st.DrawFn) -> bytes:
    """A policy in any mixture of styles."""
    writer = _Writer(draw)
    rows = writer.mapping(_thinned(draw, _VALUES), "")
    rows = [*(["---"] if writer.chance(4) else []), *rows]
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    mark = b"\xef\xbb\xbf" if writer.chance(5) else b""
    return mark + (ending.join(rows) + ("" if writer.chance(3) else ending)).encode()
