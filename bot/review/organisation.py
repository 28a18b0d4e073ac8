"""A pull request that changes the organisation's file: whether it can be used, and which pilots it would change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.gather.names import ORGANISATION
from bot.gather.pilots import Pilot, pilots
from bot.gather.pull import Pull
from bot.github import checks, contents
from bot.github.checks import CheckRun
from bot.github.client import Installation
from bot.present import check_run
from bot.present.check_run import Changed
from bot.review import alone
from bot.review.judge import By, Judgement
from rules.document import absent, read
from rules.facts import Codes
from rules.policy import Organisation
from rules.report import Report


def is_home(pull: Pull) -> bool:
    """Whether a pull request is into the repository of the organisation's file, where that file counts."""
    return pull.repository.lower().endswith("/.github") and pull.base == pull.default


def judged(installation: Installation, by: By, pull: Pull, found: Judgement) -> Judgement:
    """The same judgement, with what there is to say of the organisation's file where the pull request changes it.

    Raises RetryLater or Refused.
    """
    file = contents.read(installation, pull.repository, ORGANISATION, pull.head)
    before = pull.organisation
    after = (
        read(file.data, ORGANISATION, Organisation, by.catalogue.codes) if file else absent(ORGANISATION, Organisation)
    )
    if after.text.text == before.text.text and after.absent == before.absent:
        return found
    name = checks.name(pull.base, pull.default)
    if after.model is None:
        run = check_run.unusable_here(name, after) if not after.absent else check_run.given_up(name, after)
    else:
        names = by.repositories(installation.id)
        known = [one for one in pilots(installation, by.catalogue, names) if not one.archived]
        changed = list(_changed(by, known, (before.model or Organisation(), after.model)))
        count = sum(not one.policy.absent for one in known)
        run = check_run.organised(name, changed, count)
    return replace(found, run=_joined(run, found.run), again=None)


def _joined(run: CheckRun, other: CheckRun) -> CheckRun:
    """Both in one; the gate of the file itself is that of the change, not of the file as it stands."""
    if other.conclusion != "failure":
        return run
    return replace(
        other, summary=f"{run.summary}\n\n{other.summary}", annotations=(*run.annotations, *other.annotations)
    )


def _changed(by: By, known: list[Pilot], sides: tuple[Organisation, Organisation]) -> Iterator[Changed]:
    """The pilots whose rules come out otherwise under the new file."""
    rules = alone.rules(by.catalogue)
    codes = Codes(by.catalogue.codes, by.catalogue.weights)
    for one in known:
        before, after = (alone.judged(one, side, by.today(side), codes, rules) for side in sides)
        if one.policy.absent and not (before.findings or after.findings):
            # No pilot, and none asked for: nothing is told there.
            continue
        other = [code for code, said in _said(after).items() if _said(before).get(code) != said]
        if other or before.conclusion != after.conclusion:
            yield Changed(one.name, before.conclusion, after.conclusion, tuple(other))


def _said(report: Report) -> Mapping[str, tuple[str, str | None]]:
    return {rule.code: (rule.outcome.value, rule.severity) for rule in report.rules}
