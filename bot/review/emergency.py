"""A pull request that was let through as an emergency: kept in the ledger, and an issue says what is to be made up."""

import hashlib

from bot.gather.pull import Pull
from bot.github import issues
from bot.github.client import Installation
from bot.present import markdown
from bot.review.judge import By, Judgement
from bot.store.ledger import Entry


def record(installation: Installation, by: By, pull: Pull, found: Judgement) -> int:
    """Keep the emergency and open its issue, once for each head; returns the writes that it took."""
    assert found.emergency is not None  # that is what is recorded
    assert found.emergency.by is not None
    id = f"emergency/{pull.id}/{pull.number}/{pull.head}"
    if any(one.id == id for one in by.ledger.of(pull.id, pull.number)):
        return 0
    mark = issues.marker("emergency", f"{pull.number}:{pull.head}")
    writes = 0
    if issues.find(installation, pull.repository, mark) is None:
        title = f"Make up for the emergency of #{pull.number}"
        issues.create(installation, pull.repository, title, _body(mark, pull, found))
        writes = 1
    policy = hashlib.sha256(str(pull.policy.text).encode()).hexdigest()
    entry = Entry(id, by.now, pull.id, pull.repository, "emergency", found.emergency.by, pull.head, pull.number, policy)
    by.ledger.add(entry)
    return writes


def _body(mark: str, pull: Pull, found: Judgement) -> str:
    lines = [
        f"- **{one.code}** `{one.path}` line {one.line}: {markdown.inline(one.message)}"
        for shown in found.shown
        for one in shown.report.findings
        if one.severity == "error"
    ]
    return "\n".join(
        [
            mark,
            f"#{pull.number} was let through at {pull.head[:12]} with the label `pilot-emergency`, approved by"
            f" `{found.emergency.by if found.emergency else ''}`. What its check said then is still to be mended:",
            "",
            *lines[:_MOST],
            *([f"- and {len(lines) - _MOST} more"] if len(lines) > _MOST else []),
            "",
            "Close this issue once it is.",
            "",
        ]
    )


_MOST = 50
