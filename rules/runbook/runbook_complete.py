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
from rules.wording import nearest

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

_NEAR = {
    "diagnosis": r"symptoms?|causes?|analys\w*|checks?|checking|meaning|detect\w*|what happened|what it means|why",
    "mitigation": r"respon(?:se|d|ding)|actions?|steps?|what to do|recover\w*|eas(?:e|ing)|stop(?:ping)?|solutions?",
    "rollback": r"recover\w*|restor\w*|undo\w*|redeploy\w*|re-deploy\w*|downgrad\w*|previous version|versions?",
    "retraining": r"training|trained|train|(?:model|data) (?:refresh|update)s?|refresh\w*|new model|new data|learning",
    "escalation": r"people|owners?|ownership|support|who|team|teams|help|responsib\w*|paging|pager|call",
}
"""Titles that may mean a topic, and as often mean something else."""

_WRITE = {
    "diagnosis": "how to find out what is wrong",
    "mitigation": "how to ease the harm at once",
    "rollback": "how to go back to what ran before",
    "retraining": "when, how and on which data to retrain",
    "escalation": "whom to call, and when",
}


@cache
def _topic(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)


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
    for topic, words in _WORDS.items():
        found = [heading for heading in sections if _topic(words).search(heading.title)]
        if not found:
            missing.append(topic)
        for heading in [heading for heading in found if heading.empty][:_MOST]:
            place = Place(heading.line, 1, heading.line, 1)
            message = f"{quote(file)} has nothing under {quote(heading.title)}: write what to do"
            yield Finding(at, message, place=place, file=file)
    if missing:
        others = [one for one in sections if not any(_topic(words).search(one.title) for words in _WORDS.values())]
        write = _listed([_section(topic, [one.title for one in others]) for topic in missing])
        yield Finding(at, f"{quote(file)} says nothing of {_listed(missing)}: add {write}")


def _section(topic: str, titles: list[str]) -> str:
    """The section to be written on a topic, and a heading that is there and may be on it."""
    near = next((title for title in titles if _topic(_NEAR[topic]).search(title)), None) or nearest(topic, titles)
    or_else = f"; if {quote(near)} says that, call it so" if near else ""
    return f"{quote(f'## {topic.capitalize()}')} ({_WRITE[topic]}{or_else})"


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " * (len(words) > 1) + words[-1]


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
        says="says nothing of mitigation, rollback, retraining and escalation: add `## Mitigation` (how to ease the"
        " harm at once), `## Rollback` (how to go back to what ran before), `## Retraining` (when, how and on which"
        " data to retrain) and `## Escalation` (whom to call, and when)",
        files={"docs/runbook.md": "# Runbook\n\n## Diagnosis\n\nLook at the dashboard.\n"},
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="says nothing of retraining: add `## Retraining` (when, how and on which data to retrain)",
        files={"docs/runbook.md": _WHOLE.replace("## Retraining", "## Data")},
    ),
    bad(
        _POLICY,
        at="runbooks[0].file",
        says="says nothing of rollback: add `## Rollback` (how to go back to what ran before; if `Restoring the model`"
        " says that, call it so)",
        files={"docs/runbook.md": _WHOLE.replace("## Rolling back", "## Restoring the model")},
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
