"""Decides: rules and facts in, a report out. See `evaluate`."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from rules.approval import Assent
from rules.document import Document
from rules.edits import put
from rules.facts import Approvals, Base, Codes, Commit, Facts, NotApplicable, People, Today, Unverifiable
from rules.policy import Level, Organisation, Policy, Waiver
from rules.report import Dated, Forecast, Located, Outcome, Readiness, Report, RuleResult, Weight
from rules.rule import Finding, Rule
from rules.values import quote, written
from rules.waivers import faults

_STRICTNESS: tuple[Level, ...] = ("off", "notice", "warning", "error")


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One rule's result, with the findings that count and those to come."""

    result: RuleResult
    findings: tuple[Finding, ...] = ()
    coming: tuple[Finding, ...] = ()


def evaluate(rules: Iterable[Rule], facts: Facts, base: Base | None = None, verified: Collection[str] = ()) -> Report:
    """The report of these rules on these facts.

    `facts` hold `Document`, `Organisation`, `Today`, `Commit` and `Codes`, and what the rules ask for. Without a
    `base`, the policy judges itself. `verified` are the codes of rules that pass on the base branch: where the evidence
    is gone by now, they fail. Never raises on any policy.
    """
    document = cast("Document[Policy]", facts.having(Document))
    organisation, today = facts.having(Organisation), facts.having(Today)
    policy = document.model
    rules = tuple(rules)
    base = Base(policy, own=True) if base is None else base
    bench = _Bench(facts.also(base), document, base, verified)
    judgements = [bench.judge(rule) for rule in rules]
    pages = {rule.code: rule for rule in rules}
    findings = tuple(
        _locate(document, finding, judgement.result, pages[judgement.result.code])
        for judgement in judgements
        for finding in judgement.findings
    )
    failed = any(finding.severity == "error" for finding in findings)
    results = tuple(judgement.result for judgement in judgements)
    return Report(
        pilot=policy.pilot.name if policy else None,
        stage=policy.pilot.stage if policy else None,
        today=today.date,
        commit=facts.having(Commit).sha,
        path=document.path,
        conclusion="neutral" if organisation.advises(today.date) else "failure" if failed else "success",
        readiness=_readiness(results),
        rules=results,
        findings=tuple(sorted(findings, key=lambda finding: _order(document.path, finding))),
        forecast=tuple(sorted(_forecast(judgements), key=lambda coming: (coming.date, coming.code, coming.key or ""))),
        dates=tuple(sorted(_dates(judgements), key=lambda one: (one.since, one.code, written(one.at)))),
    )


class _Bench:
    """What every rule is judged by."""

    def __init__(
        self,
        facts: Facts,
        document: "Document[Policy]",
        base: Base,
        verified: Collection[str],
    ) -> None:
        policy, organisation = document.model, facts.having(Organisation)
        self.document, self.policy, self.base, self.verified = document, policy, base, verified
        self.organisation, self.today = organisation, facts.having(Today)
        self.facts = facts.also(organisation.limits)
        self.facts = self.facts.also(policy) if policy else self.facts
        if facts.knows(Approvals):
            given, people = facts.having(Approvals), facts.having(People)
            self.facts = self.facts.also(Assent(base, organisation, given, people))
        in_force = list(self._in_force())
        approved = in_force if self._approved() else (base.policy.waivers if base.policy else None) or ()
        self.waivers = _Waivers(waiver for waiver in in_force if waiver in approved)
        self.unapproved = frozenset(waiver.rule for waiver in in_force if waiver not in approved)

    def _approved(self) -> bool:
        """Whether what the change weakens has been approved, and with it every waiver that it adds."""
        return self.facts.knows(Assent) and self.facts.having(Assent).approval().by is not None

    def judge(self, rule: Rule) -> _Judgement:
        severity, note = self._severity(rule)
        if severity is None:
            return _Judgement(self._result(rule, Outcome.NOT_APPLICABLE, None, "the pilot is retired"))
        if severity == "off":
            return _Judgement(self._result(rule, Outcome.OFF, None, note))
        missing = self._missing(rule)
        if missing is not None:
            return _Judgement(self._result(rule, Outcome.NOT_APPLICABLE, severity, missing))
        arguments: dict[str, object] = {name: self.facts.get(need) for name, need in rule.needs.items()}
        blind = next((fact for fact in arguments.values() if isinstance(fact, Unverifiable)), None)
        said = [blind] if blind else list(rule.check(**arguments))
        return self._weigh(rule, severity, note, said)

    def _missing(self, rule: Rule) -> str | None:
        """Why there is no policy for this rule to judge; None where there is, or where the rule asks for none."""
        if Policy not in rule.needs.values() or self.policy is not None:
            return None
        return f"there is no {self.document.path}" if self.document.absent else "POL002 fails"

    def _weigh(self, rule: Rule, severity: Weight, note: str | None, said: list[Any]) -> _Judgement:
        unclears = [one for one in said if isinstance(one, Unverifiable)]
        unclear = min(unclears, key=lambda one: one.elsewhere, default=None)
        lost = [_lost(unclear)] if unclear and rule.code in self.verified else []
        present, coming = self._by_date(one for one in (*said, *lost) if isinstance(one, Finding))
        waived = dict.fromkeys(waiver for one in present if (waiver := self.waivers.of(rule, one)))
        left = tuple(one for one in present if self.waivers.of(rule, one) is None)
        idle_waiver = self.waivers.misfit(rule, (*present, *coming))
        if left:
            notes = _joined(note or self._base_note(rule, severity), self._unapproved(rule), idle_waiver)
            return _Judgement(self._result(rule, Outcome.FAIL, severity, notes), left, coming)
        if unclear and not lost:
            result = self._result(rule, Outcome.UNVERIFIABLE, severity, unclear.reason)
            beyond, elsewhere = unclear.beyond_checkout, unclear.elsewhere
            return _Judgement(replace(result, beyond_checkout=beyond, elsewhere=elsewhere), (), coming)
        if waived:
            reasons = _joined(*dict.fromkeys(map(_excuse, waived)), idle_waiver)
            return _Judgement(self._result(rule, Outcome.WAIVED, severity, reasons), (), coming)
        idle = next((one for one in said if isinstance(one, NotApplicable)), None)
        if idle and not coming:
            return _Judgement(self._result(rule, Outcome.NOT_APPLICABLE, severity, idle.reason))
        return _Judgement(self._result(rule, Outcome.PASS, severity, _joined(note, idle_waiver)), (), coming)

    def _by_date(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings that count today, and those that are still to come."""
        present: list[Finding] = []
        coming: list[Finding] = []
        for one in findings:
            (present if one.since is None or one.since <= self.today.date else coming).append(one)
        return tuple(present), tuple(coming)

    def _result(self, rule: Rule, outcome: Outcome, severity: Weight | None, reason: str | None) -> RuleResult:
        return RuleResult(rule.code, rule.name, rule.family, outcome, severity, reason)

    def _severity(self, rule: Rule) -> tuple[Level | None, str | None]:
        """The stricter of what the base and the head say, None where neither runs the rule; and a word on locks."""
        if rule.guards_policy:
            return "error", None
        policies = (*self.base.above, self.base.policy, self.policy)
        sides = [_side(rule, policy, self.organisation) for policy in policies if policy]
        if self.base.policy is None:
            stage = "pilot" if self.base.broken else "planned"
            sides.append(_level(rule, stage, self.organisation.rules.get(rule.code)))
        known = [side for side in sides if side is not None]
        strictest = max(known, key=_STRICTNESS.index) if known else None
        return strictest, self._lock_note(rule) or (self._off_note(rule) if strictest == "off" else None)

    def _off_note(self, rule: Rule) -> str:
        own = self.policy is not None and rule.code in (self.policy.rules or {})
        return "`rules` turns it off" if own else "the organisation turns it off"

    def _lock_note(self, rule: Rule) -> str | None:
        own = (self.policy.rules or {}).get(rule.code) if self.policy else None
        if own is None or rule.code not in self.organisation.locked:
            return None
        return f"locked by the organisation: `{rule.code}: {own}` can only make it stricter"

    def _base_note(self, rule: Rule, severity: Weight) -> str | None:
        """What is said where the base branch makes a rule stricter than the policy does."""
        if rule.guards_policy or self.policy is None or self.base.own:
            return None
        own = _side(rule, self.policy, self.organisation)
        if _STRICTNESS.index(own or "off") >= _STRICTNESS.index(severity):
            return None
        broken = "a policy that can't be read" if self.base.broken else "no policy"
        whose = "the base branch's policy" if self.base.policy else f"a base branch with {broken}"
        here = f"would make it `{own}`" if own else "would not run it"
        return f"{whose} makes it `{severity}`; what is written here {here} once that is merged"

    def _in_force(self) -> Iterator[Waiver]:
        """The policy's waivers with which nothing is wrong today, whoever approved them."""
        for number, waiver in enumerate((self.policy.waivers if self.policy else None) or ()):
            at, codes = ("waivers", number), self.facts.having(Codes)
            wrong = faults(waiver, at, codes, self.organisation, self.today, lambda *_: None)
            if not self._by_date(wrong)[0]:
                yield waiver

    def _unapproved(self, rule: Rule) -> str | None:
        if rule.code not in self.unapproved:
            return None
        return "its waiver is not on the base branch, and not approved on this commit"


class _Waivers:
    """Waivers, found by rule and key without looking at each."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._by_place = {(waiver.rule, waiver.key): waiver for waiver in reversed(list(waivers))}
        self._rules = frozenset(rule for rule, _ in self._by_place)

    def misfit(self, rule: Rule, findings: Iterable[Finding]) -> str | None:
        """What is said of waivers of a rule whose key is that of none of its findings, present or to come."""
        keys = [key for code, key in self._by_place if code == rule.code and key] if rule.code in self._rules else []
        found = {written(one.at[:depth]) for one in findings for depth in range(1, len(one.at) + 1)} if keys else set()
        idle = [key for key in keys if key not in found]
        if not idle:
            return None
        more = f" and {len(idle) - 1} more" if idle[1:] else ""
        return f"its waiver for {quote(idle[-1])}{more} fits none of its findings: mend its `key`, or take it off"

    def of(self, rule: Rule, finding: Finding) -> Waiver | None:
        """The waiver that covers a finding of a rule: one without a key, or for the finding's key or one above it."""
        if rule.code not in self._rules:
            return None
        keys = [None, *(written(finding.at[:depth]) for depth in range(1, len(finding.at) + 1))]
        return next((found for key in keys if (found := self._by_place.get((rule.code, key)))), None)


def _lost(unclear: Unverifiable) -> Finding:
    """What is said where the base branch shows more than the head."""
    message = f"{unclear.reason}; on the base branch this was verified: keep what shows it"
    return Finding((), message)


def _side(rule: Rule, policy: Policy, organisation: Organisation) -> Level | None:
    """How one side's policy and the organisation weigh a rule."""
    demanded = organisation.rules.get(rule.code)
    own = (policy.rules or {}).get(rule.code)
    if own is None:
        return _level(rule, policy.pilot.stage, demanded)
    chosen = _level(rule, policy.pilot.stage, own)
    if rule.code not in organisation.locked:
        return chosen
    locked = _level(rule, policy.pilot.stage, demanded)
    return max((chosen, locked), key=lambda level: _STRICTNESS.index(level or "off")) if chosen else None


def _level(rule: Rule, stage: str, chosen: Level | None) -> Level | None:
    """The weight of a rule at a stage, None where the stage does not run it; a planned pilot has no errors."""
    if stage == "retired":
        return None
    level: Level = chosen or rule.severity.levels[stage in ("decision", "production")]
    return "warning" if level == "error" and stage == "planned" else level


def _joined(*notes: str | None) -> str | None:
    return "; ".join(note for note in notes if note) or None


def _excuse(waiver: Waiver) -> str:
    return f"until {waiver.expires}, approved by {waiver.approved_by}: {' '.join(str(waiver.reason).split())}"


def _locate(document: "Document[Policy]", finding: Finding, result: RuleResult, rule: Rule) -> Located:
    place = finding.place or document.place(finding.at)
    edit = put(document, finding.at, finding.fix.value) if finding.fix else finding.edit
    return Located(
        code=rule.code,
        severity=cast("Weight", result.severity),
        message=finding.message,
        path=finding.file or document.path,
        line=place.line,
        column=place.column,
        end_line=edit.end_line if edit else place.end_line,
        end_column=place.end_column,
        key=written(finding.at) or None,
        replacement=edit.replacement if edit else None,
        help=rule.remedy,
    )


def _order(policy: str, finding: Located) -> tuple[bool, str, int, int, str]:
    """The policy's own findings first, then those of other files, by place."""
    return (finding.path != policy, finding.path, finding.line, finding.column, finding.code)


def _readiness(results: Iterable[RuleResult]) -> Readiness:
    counts: dict[str, list[int]] = {}
    for result in results:
        applies = result.outcome not in (Outcome.NOT_APPLICABLE, Outcome.OFF) and not result.beyond_checkout
        if applies:
            passed = counts.setdefault(result.family, [0, 0])
            passed[0] += result.outcome is Outcome.PASS
            passed[1] += 1
    families = {family: round(passed / count, 4) for family, (passed, count) in counts.items()}
    return Readiness(min(families.values(), default=None), families)


def _forecast(judgements: Iterable[_Judgement]) -> Iterator[Forecast]:
    for judgement in judgements:
        if judgement.result.outcome is Outcome.PASS:
            for finding in judgement.coming:
                assert finding.since is not None  # that is what makes it one to come
                yield Forecast(finding.since, judgement.result.code, written(finding.at) or None, finding.message)


def _dates(judgements: Iterable[_Judgement]) -> Iterator[Dated]:
    for judgement in judgements:
        for finding in (*judgement.findings, *judgement.coming):
            if finding.since is not None:
                yield Dated(finding.since, judgement.result.code, finding.at, finding.message)
