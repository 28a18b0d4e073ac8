"""A pull request that was let through as an emergency: kept in the ledger, and an issue says what is to be made up."""

import hashlib

import structlog

from bot.errors import Refused
from bot.gather.pull import Pull
from bot.github import issues
from bot.github.client import Installation
from bot.present import markdown
from bot.review.judge import By, Judgement
from bot.store.ledger import Entry

log = structlog.get_logger()


def record(installation: Installation, by: By, pull: Pull, found: Judgement) -> int:
    """Keep the emergency and open its issue, once for each head; returns the writes that it took."""
    assert found.emergency is not None  # that is what is recorded
    assert found.emergency.by is not None
    id = f"emergency/{pull.id}/{pull.number}/{pull.head}"
    if any(one.id == id for one in by.ledger.of(pull.id, pull.number)):
        return 0
    mark = issues.marker("emergency", f"{pull.number}:{pull.head}")
    writes = _open(installation, pull, mark, _body(mark, pull, found))
    text = pull.policy.text.text.encode(errors="surrogatepass")
    policy = None if pull.policy.absent else hashlib.sha256(text).hexdigest()
    entry = Entry(id, by.now, pull.id, pull.repository, "emergency", found.emergency.by, pull.head, pull.number, policy)
    by.ledger.add(entry)
    return writes


def _open(installation: Installation, pull: Pull, mark: str, body: str) -> int:
    """Open the issue if it is not there; returns the writes that it took. In a repository without issues, the ledger
    alone keeps the emergency."""
    title = f"Make up for the emergency of #{pull.number}"
    try:
        if issues.find(installation, pull.repository, mark) is not None:
            return 0
        issues.create(installation, pull.repository, title, body)
    except Refused as refused:
        log.warning("no issue for the emergency", pull=pull.number, reason=refused.reason)
        return 0
    return 1


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
