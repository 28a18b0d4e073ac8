"""What a plain scalar means by YAML 1.2's core schema."""

import re

Scalar = str | int | float | bool | None

_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIGITS = 300


def resolve(text: str) -> Scalar:
    """The value of a plain scalar by YAML 1.2's core schema (section 10.3.2): `no`, `on` and dates are text.

    Numbers of more than 300 digits are read as infinite: no field takes those.
    """
    if text in _NAMED:
        return _NAMED[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _DIGITS else float("inf")
    if _BASED.fullmatch(text):
        number = int(text, 0)
        return number if number < 10**_DIGITS else float("inf")
    if _FLOAT.fullmatch(text):
        return float(text.replace(".", "", 1) if text[-3:].isalpha() else text)
    return text
