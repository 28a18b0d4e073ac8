"""What the check will still say of what a change of the policy touches, so that nobody is told `Done` and no more."""

from collections.abc import Iterator

from bot.present import markdown
from bot.review.asked import Asked
from bot.review.draft import Draft
from bot.review.judge import judge
from rules.approval import Assent
from rules.report import Located
from rules.values import quote, written


def still(asked: Asked, draft: Draft) -> str:
    """The findings in the elements that a draft has written to, as a list in Markdown behind a line; nothing where
    there are none. Whether somebody has approved is left out: the change itself may be that. Raises RetryLater or
    Refused."""
    found = list(dict.fromkeys(_findings(asked, draft))) if draft.touched else []
    if not found:
        return ""
    rows = (f"- **{one.code}** {quote(one.key or one.path)}: {markdown.inline(one.message)}" for one in found)
    return "\n".join(["\n\nThe check still says of it:", "", *rows])


def _findings(asked: Asked, draft: Draft) -> Iterator[Located]:
    touched = [written(path[:2]) for path in draft.touched]
    rules = asked.by.catalogue.rules
    for held in judge(asked.installation, asked.by, asked.pull, draft.checked()).held:
        for one in held.report.findings:
            if one.severity != "notice" and Assent not in rules[one.code].needs.values() and _in(one.key, touched):
                yield one


def _in(key: str | None, touched: list[str]) -> bool:
    return key is not None and any(key == one or key.startswith((f"{one}.", f"{one}[")) for one in touched)
