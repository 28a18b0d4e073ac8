"""Comments in which somebody says that a credential is none, and why."""

import re
from functools import cache


@cache
def _here() -> re.Pattern[str]:
    return re.compile(r"(?:#|//|/\*|--|'|;|%|<!--)[ \t]*pragma: ?(?:allow|white)list[ -]secret\b(.*)")


@cache
def _above() -> re.Pattern[str]:
    return re.compile(r"[ \t]*(?:#|//|/\*|--|'|;|%|<!--)[ \t]*pragma: ?allowlist[ -]nextline[ -]secret\b(.*)")


def reason(line: str, above: str) -> str | None:
    """Why a pragma of detect-secrets allows what stands in a line; empty where it does not say, None without one."""
    if "pragma:" not in line and "pragma:" not in above:
        return None
    found = _here().search(line) or _above().match(above)
    if found is None:
        return None
    words = re.sub(r"\*/|-->", "", found[1]).strip()
    return words if len(re.findall(r"[^\W\d_]", words)) >= 5 else ""
