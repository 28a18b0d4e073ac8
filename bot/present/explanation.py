"""The answer to the button `explain`: why each failing rule is there, and how to get past it."""

from collections.abc import Iterable, Iterator

from bot.present import Shown, markdown, verdict
from bot.present.cut import cut
from rules.report import Located, Outcome
from rules.rule import Rule

LIMIT = 65_536
"""How long a comment may be; counted in bytes here, which no way of counting characters exceeds."""


def marker(head: str) -> str:
    """What a comment carries, unseen, to say which head it explains."""
    return f"<!-- pilotgate:explain:{head} -->"


def render(shown: Iterable[Shown], head: str) -> str:
    """The comment on the reports of a pull request, in Markdown. Text of the repository mentions nobody in it."""
    parts = [marker(head), *(part for one in shown for part in _report(one, head))]
    notice = "_Cut here: GitHub takes no longer comments. `pilotgate rules CODE` explains any rule._"
    return cut("\n\n".join(parts) + "\n", LIMIT, notice)


def _report(shown: Shown, head: str) -> Iterator[str]:
    yield f"**{markdown.inline(verdict(shown))}**, at {head[:12]}, as of {shown.report.today}."
    failing = [shown.catalogue.rules[one.code] for one in shown.report.rules if one.outcome is Outcome.FAIL]
    for rule in failing:
        yield _rule(rule, [one for one in shown.report.findings if one.code == rule.code])
    if not failing:
        yield "No rule fails, so there is nothing to explain."


def _rule(rule: Rule, findings: Iterable[Located]) -> str:
    why, _, _ = rule.page.partition("\nFix:")
    title, _, rest = why.partition("\n")
    here = "\n".join(f"- `{one.path}` line {one.line}: {markdown.inline(one.message)}" for one in findings)
    parts = [f"### {rule.code} {rule.name}", f"**{title.strip()}**", rest.strip(), here, f"**Fix:** {rule.remedy}"]
    return "\n\n".join(part for part in parts if part)
