"""The report as GitHub's workflow commands, which annotate the lines of a pull request from within a workflow.

Source of the syntax: GitHub's documentation, "Workflow commands for GitHub Actions".
"""

from bot.present import Shown, verdict
from rules.report import Located


def render(shown: Shown) -> str:
    """A command for each finding, then the verdict as a plain line of the log."""
    commands = [_command(shown, finding) for finding in shown.report.findings]
    # A plain line is shown as it stands: nobody would unescape it.
    return "\n".join([*commands, " ".join(verdict(shown).splitlines())]) + "\n"


def _command(shown: Shown, finding: Located) -> str:
    rule = shown.catalogue.rules[finding.code]
    properties = {
        "file": shown.prefix + finding.path,
        "line": str(finding.line),
        "endLine": str(finding.end_line),
        "title": f"{finding.code} {rule.name}",
    }
    if finding.end_line == finding.line:
        # GitHub drops an annotation's columns, and says so, where it spans lines.
        properties |= {"col": str(finding.column), "endColumn": str(max(finding.end_column, finding.column))}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.severity} {written}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
