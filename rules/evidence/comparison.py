"""How a measured value compares with its target, and how sure a share is that was measured on so many samples."""

from math import ceil, isfinite, sqrt

from rules.policy import Criterion, Operator

_Z = 1.959963984540054
"""How many standard deviations hold 95 % of a normal distribution."""

_LONG = 10**15

_SCALES = {
    **dict.fromkeys(("ratio", "share", "fraction", "proportion", "probability"), 1),
    **dict.fromkeys(("percent", "percentage", "per cent", "pct", "%"), 100),
}


def figure(number: float) -> str:
    """A number as people write it, without what reckoning with fractions leaves behind: 0.93, not 0.930000000000001."""
    return f"{number:.12g}"


def satisfies(op: Operator, value: float, target: float) -> bool:
    """Whether the value is on the right side of the target."""
    if op == ">":
        return value > target
    if op == ">=":
        return value >= target
    return value < target if op == "<" else value <= target


def shown(value: float, target: float | None = None) -> str:
    """A number as a person writes it: six digits, and more only where it would seem on another side of its target."""
    if isinstance(value, int) or not isfinite(value):
        return str(value) if abs(value) < _LONG else f"{float(value):.6g}"
    least = max(6, len(f"{abs(value):.0f}")) if abs(value) < _LONG else 6
    texts = (f"{value:.{digits}g}" for digits in (least, 9, 12, 15))
    return next(
        (text for text in texts if target is None or _side(float(text), target) == _side(value, target)), str(value)
    )


def _side(value: float, target: float) -> tuple[bool, bool]:
    return value < target, value > target


def scale(unit: str | None) -> int | None:
    """What all of something is in this unit: 1 for ratio and its like, 100 for percent; None for any other unit."""
    return _SCALES.get((unit or "").strip().lower())


def shared(criterion: Criterion, value: float) -> int | None:
    """The scale on which the value is a share of its samples, None where it is none: a ratio of costs may be 1.7."""
    whole = scale(criterion.unit)
    return whole if whole is not None and 0 <= value <= whole else None


def misfit(criterion: Criterion, value: float) -> bool:
    """Whether the value can't be a share of samples although it must be one: 95 where 0.95 was meant meets any target.

    A ratio of two costs may be greater than 1, a share of right answers may not.
    """
    must = criterion.kind in ("quality", "safety", "adoption") and scale(criterion.unit) is not None
    return must and shared(criterion, value) is None


def interval(share: float, samples: int) -> tuple[float, float]:
    """The Wilson score interval, 95 %, of a share between 0 and 1 that was measured on one sample or more."""
    spread = _Z * _Z / samples
    middle = share + spread / 2
    reach = _Z * sqrt(share * (1 - share) / samples + spread / (4 * samples))
    return (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)


def clears(op: Operator, bounds: tuple[float, float], target: float) -> bool:
    """Whether a whole interval is on the right side of the target."""
    return satisfies(op, bounds[0] if op in (">", ">=") else bounds[1], target)


def enough(op: Operator, share: float, target: float) -> int | None:
    """The least number of samples on which this share would clear the target (both between 0 and 1).

    None where no number would do, as for a share that only equals its target.
    """
    if share == target or not satisfies(op, share, target):
        return None
    # Wilson's bound meets the target where the score test does: |share - target| = z * sqrt(target * (1 - target) / n).
    least = max(1, ceil(_Z * _Z * target * (1 - target) / (share - target) ** 2 * (1 - 1e-9)))
    return next((count for count in range(least, least + 3) if clears(op, interval(share, count), target)), None)
