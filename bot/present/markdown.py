"""The report as Markdown, for a check run's summary, a comment or a job summary.

Text of the repository never mentions anyone, links anywhere or breaks the layout.
"""

import re

from bot.present import Shown, lines, percent, verdict
from rules.report import Located, Outcome
from rules.values import quote

_SIGNS = {"error": "❌", "warning": "⚠️", "notice": "💡"}
_STATES = {"success": "✅", "failure": "❌", "neutral": "ℹ️"}  # noqa: RUF001 - the sign that GitHub shows for neutral
_DATES = _FINDINGS = 10


def render(shown: Shown) -> str:
    """Verdict, readiness, findings by family with what to write, what could not be verified, and the next dates."""
    parts = [
        _head(shown),
        readiness(shown),
        *_findings(shown),
        _unclear(shown),
        _waived(shown),
        _dates(shown),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def overview(shown: Shown) -> str:
    """Verdict, readiness, the gravest findings in a line each, and the next dates."""
    return "\n\n".join(part for part in (_head(shown), readiness(shown), _gravest(shown), _dates(shown)) if part) + "\n"


def details(shown: Shown) -> str:
    """The rest of `render`: findings by family with what to write, what could not be verified, waivers."""
    parts = [*_findings(shown), _unclear(shown), _waived(shown)]
    return "\n\n".join(part for part in parts if part) + "\n" if any(parts) else ""


def inline(text: str) -> str:
    """Plain text with `code` as Markdown: what is outside the backticks has no effect."""
    # Runs of backticks are no code: which of them closes which is more than the reader of a report should trust.
    pieces = re.split(r"((?<!`)`[^`]+`(?!`))", " ".join(text.split()))
    return "".join(piece if number % 2 else _literal(piece) for number, piece in enumerate(pieces))


def _literal(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>#|~&$])", r"\\\1", text)
    # GitHub makes links of names, numbers and addresses even where Markdown sees none.
    return re.sub(r"(?i)(@|#|:(?=//)|www(?=\.)|(?<![^\W_])gh(?=-[0-9]))", "\\1\N{ZERO WIDTH SPACE}", escaped)


def cell(text: str) -> str:
    """The same for a cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", inline(text))


def _head(shown: Shown) -> str:
    report = shown.report
    stage = f"stage {report.stage} · " if report.stage else ""
    return f"## {_STATES[report.conclusion]} {inline(verdict(shown))}\n\n{stage}as of {report.today}{below(shown)}"


def below(shown: Shown) -> str:
    """Which policy a report is of, where that is not the root's."""
    path = shown.report.path
    return f" · {quote(path)}" if "/" in path else ""


def readiness(shown: Shown) -> str:
    """Readiness by family, as a table; nothing where no family has any."""
    rows = [
        f"| {cell(shown.title(family))} | {percent(shown.report.readiness.families[family])} |"
        for family in shown.families()
        if family in shown.report.readiness.families
    ]
    return "\n".join(["| Readiness | |", "|---|--:|", *rows]) if rows else ""


def _findings(shown: Shown) -> list[str]:
    sections = []
    for family in shown.families():
        found = shown.findings(family)
        if found:
            sections.append(f"### {inline(shown.title(family))}\n\n" + "\n".join(_item(shown, one) for one in found))
    return sections


def _gravest(shown: Shown) -> str:
    found = sorted(shown.report.findings, key=lambda one: list(_SIGNS).index(one.severity))
    rows = [_line(shown, one) for one in found[:_FINDINGS]]
    more = [f"- and {len(found) - _FINDINGS} more"] if len(found) > _FINDINGS else []
    return "\n".join([*rows, *more])


def _line(shown: Shown, finding: Located) -> str:
    rule = shown.catalogue.rules[finding.code]
    where = f"{quote(finding.path)} line {finding.line}"
    return f"- {_SIGNS[finding.severity]} **{finding.code}** {rule.name}, {where}: {inline(finding.message)}"


def _item(shown: Shown, finding: Located) -> str:
    line = _line(shown, finding)
    if finding.replacement is None:
        return line
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", finding.replacement)), default=0))
    block = "\n".join(f"  {text}" for text in [f"{fence}yaml", *lines(finding.replacement), fence])
    return f"{line}\n\n{block}\n"


def _unclear(shown: Shown) -> str:
    unclear = [rule for rule in shown.report.rules if rule.outcome is Outcome.UNVERIFIABLE]
    rows = [f"- **{rule.code}** {rule.name}: {inline(rule.reason or '')}" for rule in unclear]
    return "### Could not be verified\n\n" + "\n".join(rows) if rows else ""


def _waived(shown: Shown) -> str:
    waived = [rule for rule in shown.report.rules if rule.outcome is Outcome.WAIVED]
    rows = [f"- **{rule.code}** {rule.name}: {inline(rule.reason or '')}" for rule in waived]
    return "### Waived\n\n" + "\n".join(rows) if rows else ""


def _dates(shown: Shown) -> str:
    coming = shown.report.forecast
    rows = [f"| {one.date} | {one.code} | {cell(one.message)} |" for one in coming[:_DATES]]
    if not rows:
        return ""
    more = f"\n\nand {len(coming) - _DATES} more" if len(coming) > _DATES else ""
    return "\n".join(["### Fails next, unless mended", "", "| On | Rule | |", "|---|---|---|", *rows]) + more
