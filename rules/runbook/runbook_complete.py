"""Every runbook says how to find out, to ease, to go back, to retrain and whom to call.

A runbook that stops at "look at the dashboard" leaves the rest to the builders, who have moved on. The five questions
come up in this order every time a model misbehaves.

Fix: add a heading for each of diagnosis, mitigation, rollback, retraining and escalation, and below it what to do.
"""

import re
from collections.abc import Iterator
from functools import cache

from rules.evidence.markdown import Heading, Page
from rules.evidence.runbooks import Runbooks
from rules.places import Place
from rules.policy import Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import Path

CODE = "RUN002"
SEVERITY = Severity.WARNING

_MOST = 5
"""How many empty sections on one topic are told."""

_WORDS = {
    "diagnosis": r"diagnos\w*|triaging|^[\W\d]*triage\W*$|investigat\w*|troubleshoot\w*|debug\w*|root[ -]causes?"
    r"|find(?:ing)? out",
    "mitigation": r"mitigat\w*|work[ -]?arounds?|remed(?:y|ies|iat\w*)|contain(?:ment|ing)?|fix(?:es|ing)?"
    r"|resol(?:ve|ving|ution)|immediate actions?|first aid",
    "rollback": r"roll(?:ing|s)?[ -]?back|rollbacks?|revert\w*|back ?out|go(?:ing)? back",
    "retraining": r"re[ -]?train\w*|re-?fit\w*|fine[ -]?tun\w*|re-?learn\w*",
    "escalation": r"escalat\w*|contacts?|on[ -]?call|who(?:m)? to call|call list|get(?:ting)? help",
}


@cache
def _topic(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_WORDS[name]})(?!\w)", re.IGNORECASE)


def check(policy: Policy, runbooks: Runbooks) -> Iterator[Finding | NotApplicable | Unverifiable]:
    if not policy.runbooks:
        yield NotApplicable("there are no runbooks (RUN004)")
    seen = set()
    for number, runbook in enumerate(policy.runbooks or ()):
        at = ("runbooks", number, "file")
        file = str(runbook.file)
        if file in runbooks.opaque:
            yield Unverifiable(f"the runbook {runbooks.opaque[file]}")
        elif file not in runbooks.pages:
            yield NotApplicable(f"runbook {number + 1} can't be read (RUN001)")
        elif file not in seen:
            seen.add(file)
            yield from _judge(at, file, _sections(runbooks.pages[file]))


def _judge(at: Path, file: str, sections: tuple[Heading, ...]) -> Iterator[Finding]:
    missing = []
    for topic in _WORDS:
        found = [heading for heading in sections if _topic(topic).search(heading.title)]
        if not found:
            missing.append(topic)
        for heading in [heading for heading in found if heading.empty][:_MOST]:
            place = Place(heading.line, 1, heading.line, 1)
            message = f"{quote(file)} has nothing under {quote(heading.title)}: write what to do"
            yield Finding(at, message, place=place, file=file)
    if missing:
        listed = ", ".join(missing[:-1]) + " and " * (len(missing) > 1) + missing[-1]
        each = "each" if missing[1:] else "it"
        yield Finding(at, f"{quote(file)} says nothing of {listed}: add a heading for {each}, and below it what to do")


def _sections(page: Page) -> tuple[Heading, ...]:
    """The headings but the page's title, under which everything stands."""
    first = [heading for heading in page.headings if heading.level == 1]
    titled = len(first) == 1 and first[0] is page.headings[0] and len(page.headings) > 1
    return page.headings[1:] if titled else page.headings


_POLICY = "runbooks: [{file: docs/runbook.md}]"
_WHOLE = """
    # Runbook: invoice triage

    ## Diagnosis

    Compare by language and supplier tier.

    ## Mitigation

    - Raise `TRIAGE_THRESHOLD`.

    ## Rolling back

    Run the workflow "Disable triage".

    ## Retraining

    ### Data

    The last 90 days.

    ## Escalation

    After four hours: the accountable owner.
"""

EXAMPLES = [
    good(_POLICY, files={"docs/runbook.md": _WHOLE}),
    good(
        "runbooks: [{file: docs/runbook.md}, {file: docs/runbook.md}]",
        files={
            "docs/runbook.md": "# 1. Triage\na\n# Workaround\na\n# Revert\nb\n# Re-train\nc\n# On-call contacts\nd\n"
        },
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="says nothing of mitigation, rollback, retraining and escalation: add a heading for each",
        files={"docs/runbook.md": "# Runbook\n\n## Diagnosis\n\nLook at the dashboard.\n"},
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="says nothing of retraining: add a heading for it",
        files={"docs/runbook.md": _WHOLE.replace("## Retraining", "## Data")},
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="`docs/runbook.md` has nothing under `Mitigation`: write what to do",
        files={"docs/runbook.md": _WHOLE.replace("- Raise `TRIAGE_THRESHOLD`.", "TODO: ask Ana")},
    ),
    unclear(
        _POLICY.replace(".md", ".adoc"),
        says="the runbook `docs/runbook.adoc` is not Markdown, and no other runbook is read: write it in Markdown",
        files={"docs/runbook.adoc": "= Runbook\n"},
    ),
    idle(_POLICY, says="runbook 1 can't be read (RUN001)"),
    idle("owners: {}", says="there are no runbooks (RUN004)"),
]
