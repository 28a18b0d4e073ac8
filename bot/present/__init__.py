"""A report in words, one module a format: each has `render`, from what is shown to text."""

from dataclasses import dataclass

from rules.catalogue import Catalogue
from rules.places import Text
from rules.report import Located, Report


@dataclass(frozen=True, slots=True)
class Shown:
    """A report and what it takes to show it.

    `source` is the policy's text. `prefix` leads from where the reader stands to the folder that was checked, with a
    `/` at its end, or is empty. `colour` is for terminals.
    """

    report: Report
    catalogue: Catalogue
    source: Text
    prefix: str = ""
    colour: bool = False

    def families(self) -> list[str]:
        """The families that have a rule in the report, in the catalogue's order."""
        present = {result.family for result in self.report.rules}
        return [family for family in self.catalogue.families if family in present]

    def title(self, family: str) -> str:
        """What people read for a family."""
        return self.catalogue.families[family].title

    def findings(self, family: str) -> list[Located]:
        """The findings of one family, in the order of the file."""
        return [found for found in self.report.findings if self.catalogue.rules[found.code].family == family]

    def address(self, finding: Located) -> str:
        """Where a finding stands, as editors and terminals understand it."""
        return f"{self.prefix}{finding.path}:{finding.line}:{finding.column}"


def lines(text: str) -> list[str]:
    """The lines of a replacement, which end where git and editors end them and nowhere else."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def counted(report: Report) -> str:
    """How many findings of each weight, as in `2 errors, 1 warning`."""
    weights = [finding.severity for finding in report.findings]
    counts = [(weights.count(weight), weight) for weight in ("error", "warning", "notice")]
    said = [f"{count} {weight}{'s' if count > 1 else ''}" for count, weight in counts if count]
    return ", ".join(said) or "no findings"


def percent(share: float) -> str:
    """A share as a whole percentage, rounded down: 99.9 % is not ready."""
    return f"{int(round(share * 100, 2))} %"


def verdict(shown: Shown) -> str:
    """The one line that says how the pilot stands."""
    report = shown.report
    lowest = report.readiness.overall
    families = [shown.title(name) for name, share in report.readiness.families.items() if share == lowest]
    ready = f"; readiness {percent(lowest)}" if lowest is not None else ""
    more = f" and {len(families) - 3} more" if len(families) > 3 else ""
    named = f" (lowest: {', '.join(families[:3])}{more})" if lowest is not None and lowest < 1 else ""
    state = {"success": "passes", "failure": "fails", "neutral": "is advised only"}[report.conclusion]
    return f"{report.pilot or report.path} {state}: {counted(report)}{ready}{named}"
