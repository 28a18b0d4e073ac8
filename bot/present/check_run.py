"""A report as a check run: the verdict and the readiness above, each finding on its line, and the buttons below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.github.checks import LIMIT, Action, Annotation, CheckRun
from bot.present import Shown, markdown, verdict
from bot.present.cut import cut
from rules.approval import Approval
from rules.document import Document
from rules.places import Problem
from rules.policy import Organisation
from rules.report import Located

RECHECK = Action("Check again", "Look at the pull request once more", "recheck")
EXPLAIN = Action("Explain", "Comment why each failing rule is there", "explain")
FIX = Action("Fix", "Open a pull request with the fixes", "fix")

ANNOTATED = 1000
"""How many findings stand on their lines at most: each fifty more are one more request."""

_LEVELS = {"error": "failure", "warning": "warning", "notice": "notice"}
_TITLE = 255
# 64 KB is GitHub's limit; characters take up to four bytes.
_MESSAGE = 16_000
_WHOLE = "`pilotgate check` in a checkout shows the whole."


def render(shown: Sequence[Shown], name: str) -> CheckRun:
    """The check run of the reports on a pull request, one for each policy that judges it."""
    notes = [_annotation(one, finding) for one in shown for finding in one.report.findings]
    text = "\n\n".join(part for one in shown if (part := markdown.details(one)))
    return CheckRun(
        name=name,
        conclusion=_worst(shown),
        title=_title(_overall(shown)),
        summary=_summary("\n\n".join(map(markdown.overview, shown)), len(notes)),
        text=cut(text, LIMIT, f"_Cut here: the report is longer than GitHub shows. {_WHOLE}_"),
        annotations=tuple(notes[:ANNOTATED]),
        actions=(RECHECK, EXPLAIN, FIX) if _mendable(shown) else (RECHECK, EXPLAIN) if notes else (RECHECK,),
    )


def _worst(shown: Sequence[Shown]) -> str:
    """The conclusion of several reports together."""
    return min((one.report.conclusion for one in shown), key=("failure", "success", "neutral").index)


def _overall(shown: Sequence[Shown]) -> str:
    """The one line on several reports together."""
    if len(shown) == 1:
        return verdict(shown[0])
    failing = [one.report.path for one in shown if one.report.conclusion == "failure"]
    named = f": {', '.join(failing)}" if failing else ""
    return f"{len(failing)} of {len(shown)} pilots fail{named}" if failing else f"{len(shown)} pilots, none fails"


def _mendable(shown: Sequence[Shown]) -> bool:
    return any(finding.replacement is not None for one in shown for finding in one.report.findings)


def no_pilot(name: str) -> CheckRun:
    """The check run where there is no policy and none is asked for."""
    summary = "There is no `.pilot.yml` on this pull request or its base branch, and the organisation asks for none.\n"
    return CheckRun(name, "neutral", "No pilot here", summary, actions=(RECHECK,))


def ended(name: str) -> CheckRun:
    """The check run where the policy is taken away with the approval that this takes."""
    summary = "This pull request takes `.pilot.yml` away, and that is approved. From then on nothing is checked here.\n"
    return CheckRun(name, "neutral", "No pilot here any more", summary, actions=(RECHECK,))


def quiet(shown: Sequence[Shown], name: str) -> CheckRun:
    """The check run of a pull request that passes and changes nothing that its policies speak of: short, no remarks."""
    said = [f"- {markdown.inline(verdict(one))}, as of {one.report.today}" for one in shown]
    summary = "This pull request changes neither the policy nor what it names.\n\n" + "\n".join(said) + "\n"
    return CheckRun(name, _worst(shown), _overall(shown), cut(summary, LIMIT, _WHOLE), actions=(RECHECK,))


def let_through(run: CheckRun, approved: Approval) -> CheckRun:
    """The same check run in an emergency: it stops nothing, and says who answers for that."""
    summary = (
        f"**Let through as an emergency** with the approval of `{approved.by}`. It is kept in the ledger, and an issue"
        f" was opened to make up for it.\n\n{run.summary}"
    )
    summary = cut(summary, LIMIT, _WHOLE)
    return replace(run, conclusion="neutral", summary=summary, title=_title(f"Emergency: {run.title}"))


def not_required(name: str) -> str:
    """The sentence that says so of a check, and what to do."""
    return (
        "No ruleset of the base branch requires this check with this app as its source, so it need not stop a merge:"
        f" require {markdown.inline(f'`{name}`')} of this app in the repository's settings, under Rules."
    )


def ungated(run: CheckRun) -> CheckRun:
    """The same check run where no ruleset requires it: its last sentence says so."""
    said = not_required(run.name) + "\n"
    summary = cut(run.summary, LIMIT - len(said.encode()) - 1, f"_Cut here. {_WHOLE}_")
    return replace(run, summary=f"{summary}\n{said}")


def lost(name: str, organisation: Document[Organisation], owner: str) -> CheckRun:
    """The check run where the organisation's file was seen once and is out of sight: the defaults are no substitute."""
    where = f"`{owner}/.github`: `{organisation.path}`"
    summary = (
        f"Nothing can be checked: {where} was there once, and is deleted or can't be seen any more.\n\nBring the file"
        " back, or give the app access to the repository again. If there is to be none from now on, whoever runs"
        f" Pilotgate says so with `pilotgate organisation forget {owner}`.\n"
    )
    title = _title(f"{owner}/.github: {organisation.path} is out of sight")
    return CheckRun(name, "action_required", title, summary, actions=(RECHECK,))


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


@dataclass(frozen=True, slots=True)
class Changed:
    """A repository whose check would come out otherwise, and by which rules."""

    repository: str
    before: str
    after: str
    codes: tuple[str, ...]


def organised(name: str, changed: Sequence[Changed], known: int) -> CheckRun:
    """The check run of a pull request that changes the organisation's file into another that can be used."""
    pilots = f"{known} known pilot{'' if known == 1 else 's'}"
    rows = [
        f"| {markdown.inline(one.repository)} | {one.before} | {one.after} | {', '.join(one.codes)} |"
        for one in changed[:_LISTED]
    ]
    more = f"\n\nand {len(changed) - _LISTED} more" if len(changed) > _LISTED else ""
    table = "\n".join(["| Repository | before | after | rules |", "|---|---|---|---|", *rows]) + more if rows else ""
    said = (
        f"The organisation's file can be used. It changes what {len(changed)} of its repositories are told"
        f" ({pilots}), by the rules that look at the policy alone."
    )
    summary = cut(f"{said}\n\n{table}\n", LIMIT, "_Cut here._")
    title = _title(f"Changes what {len(changed)} repositories are told; {pilots}")
    return CheckRun(name, "success", title, summary, actions=(RECHECK,))


def unusable_here(name: str, organisation: Document[Organisation]) -> CheckRun:
    """The check run of a pull request that would leave an organisation's file which can't be used."""
    problems = organisation.problems
    notes = tuple(
        Annotation(
            organisation.path, one.place.line, None, "failure", "The organisation's file", one.message[:_MESSAGE]
        )
        for one in problems[:ANNOTATED]
    )
    summary = f"Merged like this, every check of the organisation would stop: {_counted(problems)}.\n\n"
    text = cut(summary + "\n".join(map(_problem, problems)) + "\n", LIMIT, "_Cut here._")
    title = _title(f"{organisation.path} can't be read: {_counted(problems)}")
    return CheckRun(name, "failure", title, text, "", notes, (RECHECK,))


def given_up(name: str, organisation: Document[Organisation]) -> CheckRun:
    """The check run of a pull request that takes the organisation's file away."""
    summary = (
        f"Once `{organisation.path}` is gone, every check of the organisation stops with `action_required` until it is"
        " back, or until whoever runs Pilotgate says that there is none any more.\n"
    )
    return CheckRun(name, "failure", f"{organisation.path} is taken away", summary, actions=(RECHECK,))


_LISTED = 200


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
