"""Addresses in what an alert tells people."""

import re

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\{}\[\]()]{1,2000}")
_RUNBOOK = re.compile(r"runbook|run book|playbook", re.IGNORECASE)


def runbook(text: object) -> str | None:
    """The address of the runbook in a text: the first that says so or stands behind that word, else the first."""
    if not isinstance(text, str):
        return None
    found = [(match.start(), match.group().rstrip(".,;:!?*_")) for match in _ADDRESS.finditer(text)]
    for start, address in found:
        before = text[max(0, start - 60) : start].split("\n")[-1]
        if _RUNBOOK.search(address) or _RUNBOOK.search(before):
            return address
    return found[0][1] if found else None
