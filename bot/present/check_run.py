"""A report as a check run: the verdict and the readiness above, each finding on its line, and the buttons below."""

from collections.abc import Sequence

from bot.github.checks import LIMIT, NAME, Action, Annotation, CheckRun
from bot.present import Shown, markdown, verdict
from bot.present.cut import cut
from rules.document import Document
from rules.places import Problem
from rules.policy import Organisation, Policy
from rules.report import Located

RECHECK = Action("Check again", "Look at the pull request once more", "recheck")
EXPLAIN = Action("Explain", "Comment why each failing rule is there", "explain")

ANNOTATED = 1000
"""How many findings stand on their lines at most: each fifty more are one more request."""

_LEVELS = {"error": "failure", "warning": "warning", "notice": "notice"}
_TITLE = 255
# 64 KB is GitHub's limit; characters take up to four bytes.
_MESSAGE = 16_000
_WHOLE = "`pilotgate check` in a checkout shows the whole."


def name(base: str, default: str | None) -> str:
    """The check run's name: it carries the base branch where that is not the default one."""
    return NAME if base == default else f"{NAME} ({base})"


def render(shown: Shown, name: str) -> CheckRun:
    """The check run of a report."""
    findings = shown.report.findings
    return CheckRun(
        name=name,
        conclusion=shown.report.conclusion,
        title=_title(verdict(shown)),
        summary=_summary(markdown.overview(shown), len(findings)),
        text=cut(markdown.details(shown), LIMIT, f"_Cut here: the report is longer than GitHub shows. {_WHOLE}_"),
        annotations=tuple(_annotation(shown, finding) for finding in findings[:ANNOTATED]),
        actions=(RECHECK, EXPLAIN) if findings else (RECHECK,),
    )


def no_pilot(name: str) -> CheckRun:
    """The check run where there is no policy and none is asked for."""
    summary = "There is no `.pilot.yml` on this pull request or its base branch, and the organisation asks for none.\n"
    return CheckRun(name, "neutral", "No pilot here", summary, actions=(RECHECK,))


def removed(name: str, base: Document[Policy], advised: bool) -> CheckRun:
    """The check run of a pull request that takes away the policy which its base branch has."""
    title = f"This pull request removes {base.path}"
    summary = (
        f"The base branch keeps a contract in `{base.path}`, and this pull request has none: nobody would answer for"
        f" the pilot any more.\n\nKeep the file. A pilot that has ended stays in it with `stage: retired`.\n"
    )
    note = Annotation(base.path, 1, None, _LEVELS["error"], title, "keep the file; a pilot that has ended is `retired`")
    return CheckRun(name, "neutral" if advised else "failure", title, summary, "", (note,), (RECHECK,))


def unusable(name: str, organisation: Document[Organisation], owner: str) -> CheckRun:
    """The check run where the organisation's file is there and can't be used: its defaults are no substitute."""
    where = f"`{owner}/.github`: `{organisation.path}`"
    lines = [_problem(problem) for problem in organisation.problems]
    head = (
        f"Nothing can be checked until {where} is mended, since it says how strict to be."
        f"\n\n{_counted(organisation.problems)} there:\n\n"
    )
    text = head + "\n".join(lines) + "\n"
    title = _title(f"{owner}/.github: {organisation.path} can't be read")
    summary = cut(text, LIMIT, "_Cut here: more problems follow. `pilotgate check --org FILE` names the first left._")
    return CheckRun(name, "action_required", title, summary, actions=(RECHECK,))


def _counted(problems: Sequence[Problem]) -> str:
    return f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"


def _problem(problem: Problem) -> str:
    return f"- line {problem.place.line}, column {problem.place.column}: {markdown.inline(problem.message)}"


def _summary(text: str, findings: int) -> str:
    if findings > ANNOTATED:
        text += f"\n_Only the first {ANNOTATED} of {findings} findings stand on their lines. {_WHOLE}_\n"
    return cut(text, LIMIT, f"_Cut here. {_WHOLE}_")


def _title(text: str) -> str:
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def _annotation(shown: Shown, finding: Located) -> Annotation:
    rule = shown.catalogue.rules[finding.code]
    # On one line alone, where the key stands: GitHub shows a remark below the last line that it is on.
    columns = (finding.column, max(finding.end_column, finding.column))
    write = "" if finding.replacement is None else f"\n\nWrite:\n{finding.replacement}"
    return Annotation(
        path=finding.path,
        line=finding.line,
        columns=columns,
        level=_LEVELS[finding.severity],
        title=_title(f"{finding.code} {rule.name}"),
        message=finding.message[:_MESSAGE],
        details=(finding.help + write)[:_MESSAGE],
    )
