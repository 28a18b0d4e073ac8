"""What a policy promises less than the one before it: every change that can't be shown to add or to tighten.

The default is strict: a key that nothing here knows to be safer in one direction is weakened by any change.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from rules.facts import Codes
from rules.policy import (
    Auth,
    Criterion,
    Decision,
    Evaluation,
    Extension,
    Integration,
    Level,
    Monitoring,
    Organisation,
    Pilot,
    Policy,
    Review,
    Runbook,
    Signal,
    Waiver,
)
from rules.shape import fields
from rules.values import Duration, Interval, Path, quote, written


@dataclass(frozen=True, slots=True)
class Weakening:
    """A change that promises less: where in the new policy, and what, with the old and the new value."""

    at: Path
    what: str


_LEVELS: tuple[Level, ...] = ("off", "notice", "warning", "error")
_STAGES = ("planned", "pilot", "decision", "production")
_RISKS = ("minimal", "limited", "high")

_Judge = Callable[[Any, Any], str | None]
"""From the old and the new value of a key: how the change is called where it weakens, None where it does not."""


def _changed(old: object, new: object) -> str | None:  # noqa: ARG001 - one of the judges
    return "changes"


def _rising(scale: tuple[str, ...]) -> _Judge:
    def judge(old: Any, new: Any) -> str | None:
        # What is not on the scale, as `retired`, may be left but not entered.
        fine = new in scale and (old not in scale or scale.index(new) > scale.index(old))
        return None if fine else "is lowered"

    return judge


def _at_best(best: str) -> _Judge:
    return lambda _, new: None if new == best else "changes"


def _later(old: date, new: date) -> str | None:
    return None if new < old else "slips"


def _earlier(old: date, new: date) -> str | None:
    return None if new > old else "goes back"


def _longer(old: Duration, new: Duration) -> str | None:
    return None if new.milliseconds <= old.milliseconds else "is eased"


def _shorter(old: Duration, new: Duration) -> str | None:
    return None if new.milliseconds >= old.milliseconds else "is eased"


def _fewer(old: float, new: float) -> str | None:
    return None if new > old else "is eased"


def _older(old: Interval, new: Interval) -> str | None:
    fresher = new.end >= old.end and new.end - new.start >= old.end - old.start
    return None if fresher else "changes"


def _outcome(old: str, new: str) -> str | None:
    # What is signed off or decided, other rules hold against who did (REV004, DEC005); here, what is taken back.
    taken_back = old == "no-go" or (old, new) == ("failed", "pending")
    return "is taken back" if taken_back else None


_JUDGES: Mapping[tuple[type[BaseModel], str], _Judge] = {
    (Pilot, "stage"): _rising(_STAGES),
    (Pilot, "risk"): _rising(_RISKS),
    (Pilot, "start"): _later,
    (Criterion, "min_samples"): _fewer,
    (Evaluation, "environment"): _at_best("production"),
    (Evaluation, "collected"): _older,
    (Evaluation, "max_age"): _longer,
    (Integration, "environment"): _at_best("production"),
    (Integration, "timeout"): _longer,
    (Review, "due"): _later,
    (Review, "outcome"): _outcome,
    (Monitoring, "log_retention"): _shorter,
    (Runbook, "exercised"): _earlier,
    (Decision, "date"): _later,
    (Decision, "outcome"): _outcome,
    (Decision, "otherwise"): _at_best("no-go"),
}
_KEYS: Mapping[type[BaseModel], tuple[str, ...]] = {
    Criterion: ("id",),
    Evaluation: ("id",),
    Integration: ("id",),
    Signal: ("id",),
    Runbook: ("file",),
    Waiver: ("rule", "key"),
    Extension: ("was", "to"),
}
"""By what the items of a list are told apart."""
_GRANTS = frozenset({Waiver, Extension})
"""What weakens by being added."""
_WIDENING = frozenset({(Decision, "deciders")})
"""Lists of which each name more lets somebody else through."""
_NARROWING = frozenset({(Evaluation, "paths"), (Auth, "reason")})
"""Keys that, added where none stood, ask for less than none does."""


def weakenings(base: Policy | None, head: Policy, organisation: Organisation, codes: Codes) -> Iterator[Weakening]:
    """Each change from `base` to `head` that is not shown to add or to tighten, in the order of the file's sections.

    Without a base, what `head` takes away from the defaults: severities, waivers, the whole of it if it is retired.
    """
    if base is None:
        if head.pilot.stage == "retired":
            yield Weakening(("pilot", "stage"), "a policy that begins as `retired` promises nothing")
        yield from _items(("waivers",), (), head.waivers or ())
    else:
        for name in type(base).model_fields:
            if name != "rules":
                yield from _compare((name,), (Policy, name), getattr(base, name), getattr(head, name))
        yield from _chosen(base, head)
    yield from _severities(base, head, organisation, codes)


def _compare(at: Path, field: tuple[type[BaseModel], str], old: Any, new: Any) -> Iterator[Weakening]:
    """What of a key's value is weakened."""
    if old == new:
        return
    if _empty(new):
        yield from (
            ()
            if _empty(old) or field == (Policy, "waivers")
            else [Weakening(at, f"{_name(at)} is dropped, {_was(old)}")]
        )
    elif isinstance(new, BaseModel):
        yield from _section(at, old, new)
    elif isinstance(new, dict):
        yield from _named(at, old or {}, new)
    elif isinstance(new, tuple) and isinstance((*new, *(old or ()))[0], BaseModel):
        yield from _items(at, old or (), new)
    elif _empty(old):
        if field in _NARROWING:
            yield Weakening(at, f"{_name(at)} is added and asks for less: {quote(_text(new))}")
    elif isinstance(new, tuple):
        yield from _names(at, field, old, new)
    else:
        how = _JUDGES.get(field, _changed)(old, new)
        if how:
            yield Weakening(at, f"{_name(at)} {how}, from {quote(old)} to {quote(new)}")


def _empty(value: object) -> bool:
    if isinstance(value, BaseModel):
        return all(map(_empty, vars(value).values()))
    return value is None or value in ((), {})


def _section(at: Path, old: BaseModel | None, new: BaseModel) -> Iterator[Weakening]:
    kind = type(new)
    apart = ("op", "target", "unit") if kind is Criterion and old is not None else ()
    if isinstance(old, Criterion) and isinstance(new, Criterion):
        yield from _target(at, old, new)
    for key, info in fields(kind).items():
        name = next(name for name, one in kind.model_fields.items() if one is info)
        if name not in apart:
            yield from _compare((*at, key), (kind, name), getattr(old, name, None), getattr(new, name))


def _target(at: Path, old: Criterion, new: Criterion) -> Iterator[Weakening]:
    """What a criterion asks for: every value that meets the new one must have met the old one."""
    for name in ("op", "target", "unit"):
        was, now = getattr(old, name), getattr(new, name)
        if was is not None and now is None:
            yield Weakening((*at, name), f"{_name((*at, name))} is dropped, {_was(was)}")
        elif name == "unit" and was is not None and was != now:
            yield Weakening((*at, name), f"{_name((*at, name))} changes, from {quote(was)} to {quote(now)}")
    if None in (old.op, old.target, new.op, new.target) or (old.op, old.target) == (new.op, new.target):
        return
    if not _within(old, new):
        key = "target" if old.target != new.target else "op"
        before, after = (quote(f"{one.op} {one.target}") for one in (old, new))
        yield Weakening((*at, key), f"{_name((*at, key))} is eased, from {before} to {after}")


def _within(old: Criterion, new: Criterion) -> bool:
    """Whether every value that meets `new` meets `old`."""
    assert old.op and new.op and old.target is not None and new.target is not None  # noqa: PT018 - one thought
    if old.op[0] != new.op[0]:
        return False
    stricter = new.target > old.target if old.op[0] == ">" else new.target < old.target
    return stricter or (new.target == old.target and (old.op == new.op or "=" in old.op))


def _named(at: Path, old: Mapping[str, BaseModel], new: Mapping[str, BaseModel]) -> Iterator[Weakening]:
    for name in old:
        if name in new:
            yield from _section((*at, name), old[name], new[name])
        else:
            yield Weakening((*at, name), f"{_name((*at, name))} is dropped")


def _names(
    at: Path, field: tuple[type[BaseModel], str], old: tuple[Any, ...], new: tuple[Any, ...]
) -> Iterator[Weakening]:
    gone = [one for one in old if one not in new]
    if gone:
        yield Weakening(at, f"{_name(at)} no longer names {', '.join(map(quote, gone))}")
    more = [one for one in new if one not in old]
    if more and field in _WIDENING:
        yield Weakening(at, f"{_name(at)} names {', '.join(map(quote, more))} too")


def _items(at: Path, old: tuple[BaseModel, ...], new: tuple[BaseModel, ...]) -> Iterator[Weakening]:
    """What of a list of sections is weakened: they are told apart by their names, never by their order."""
    kind = type((*new, *old)[0]) if (*new, *old) else None
    keys = _KEYS.get(kind, ()) if kind else ()
    left = list(old)
    for number, item in enumerate(new):
        if item in left:
            left.remove(item)
            continue
        here = (*at, number)
        same = next((one for one in left if _key(one, keys) == _key(item, keys) and any(_key(item, keys))), None)
        twin = any(_key(one, keys) == _key(item, keys) for one in new[:number]) and any(_key(item, keys))
        if same is not None:
            left.remove(same)
            if kind is Waiver:
                yield from _waiver(here, same, item)
            else:
                yield from _section(here, same, item)
        elif kind in _GRANTS:
            yield Weakening(here, f"{_name(here)} is added: {_label(item)}")
        elif twin:
            yield Weakening(here, f"{_name(here)} is a second one called {_label(item)}")
    for one in left if kind is not Waiver else ():
        yield Weakening(at, f"{_name(at)} no longer has {_label(one)}")


def _waiver(at: Path, old: BaseModel, new: BaseModel) -> Iterator[Weakening]:
    """A waiver is another exception as soon as anything but an earlier end is written."""
    for name in Waiver.model_fields:
        was, now = getattr(old, name), getattr(new, name)
        ends_sooner = name == "expires" and now is not None and (was is None or now < was)
        if was != now and not ends_sooner:
            where = (*at, name)
            yield Weakening(where, f"{_name(where)} changes, from {quote(_text(was))} to {quote(_text(now))}")


def _key(item: BaseModel, keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(item, key) for key in keys)


def _label(item: BaseModel) -> str:
    known = _key(item, _KEYS.get(type(item), ()))
    return " ".join(quote(_text(one)) for one in known if one is not None) or "an item without a name"


def _chosen(base: Policy, head: Policy) -> Iterator[Weakening]:
    """Criteria that were measured on the only evaluation there was, and now name another."""
    only = [one.id for one in base.evaluation or ()]
    if len(only) != 1:
        return
    before = {one.id: one for one in base.criteria or () if one.id}
    for number, one in enumerate(head.criteria or ()):
        was = before.get(one.id) if one.id else None
        if was is not None and was.evaluation is None and one.evaluation not in (None, only[0]):
            at = ("criteria", number, "evaluation")
            yield Weakening(at, f"{_name(at)} changes, from {quote(_text(only[0]))} to {quote(one.evaluation)}")


def _severities(base: Policy | None, head: Policy, organisation: Organisation, codes: Codes) -> Iterator[Weakening]:
    """Rules that weigh less than before, at the stages to come."""
    old, new = (base.rules if base else None) or {}, head.rules or {}
    for code in sorted({*old, *new}):
        natural = (organisation.rules[code],) * 2 if code in organisation.rules else codes.weights.get(code)
        before = (old[code],) * 2 if code in old else natural
        after = (new[code],) * 2 if code in new else natural
        if after in (before, ("error", "error")) or before == ("off", "off"):
            continue
        if before is None or after is None or any(_lower(*pair) for pair in zip(before, after, strict=True)):
            at = ("rules", code)
            words = [quote(one[0]) if one and one[0] == one[1] else "its own weight" for one in (before, after)]
            yield Weakening(at, f"{_name(at)} is lowered, from {words[0]} to {words[1]}")


def _lower(old: Level, new: Level) -> bool:
    return _LEVELS.index(new) < _LEVELS.index(old)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)


def _was(value: object) -> str:
    if isinstance(value, BaseModel | dict):
        return "with all that stood in it"
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return f"with {len(value)} in it"
    return f"which was {quote(_text(value))}"


def _name(at: Path) -> str:
    return quote(written(at))
