"""The report for a person at a terminal: by family, the line quoted with a caret, and what to write."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.present import Shown, lines, percent, verdict
from rules.evidence.credentials import search
from rules.facts import Written
from rules.report import Located, Outcome, RuleResult

_WIDTH = 100
_DATES = 5
_CODES = 5
_COLOURS = {"error": "31;1", "warning": "33;1", "notice": "36;1", "good": "32;1", "dim": "2", "strong": "1"}
_STATES = {"success": ("good", "✓"), "failure": ("error", "✗"), "neutral": ("notice", "•")}


def render(shown: Shown) -> str:
    """Findings by family, what could not be verified, waivers, settings, readiness, dates, and one closing line."""
    blocks = [
        *(block for family in shown.families() for block in _family(shown, family)),
        _reasons(shown, "Could not be verified", Outcome.UNVERIFIABLE),
        _reasons(shown, "Waived", Outcome.WAIVED),
        _settings(shown),
        _readiness(shown),
        _dates(shown),
        _closing(shown),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _paint(shown: Shown, colour: str, text: str) -> str:
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if shown.colour else text


def _family(shown: Shown, family: str) -> Iterator[str]:
    found = shown.findings(family)
    if found:
        yield _paint(shown, "strong", shown.title(family))
        yield from (_finding(shown, one) for one in found)


def _finding(shown: Shown, finding: Located) -> str:
    rule = shown.catalogue.rules[finding.code]
    label = _paint(shown, finding.severity, f"{finding.severity} {finding.code}")
    head = f"  {label} {rule.name}  {_paint(shown, 'dim', visible(shown.address(finding)))}"
    rows = [head, *_quoted(shown, finding), f"    {visible(finding.message)}"]
    if finding.replacement is not None and finding.line not in _secret(shown):
        rows += [_paint(shown, "good", f"    + {visible(text)}") for text in lines(finding.replacement)]
    return "\n".join(rows)


def _quoted(shown: Shown, finding: Located) -> list[str]:
    """The finding's line with a caret below it; nothing where there is no such line to show.

    Lines of other files are not shown: what stands there may be a secret. Nor are the policy's lines that hold one.
    """
    if len(shown.source.text) == 0 or finding.path != shown.report.path or finding.line in _secret(shown):
        return []
    line = shown.source.lines(finding.line, finding.line)
    start = max(0, min(finding.column - 1, len(line)))
    ends_here = finding.end_column if finding.end_column > finding.column else finding.column + 1
    end = max(start + 1, min(ends_here - 1, len(line)))
    cut = max(0, min(start - _WIDTH // 2, len(line) - _WIDTH))
    text = _window(line, cut)
    lead, marked = text[: start - cut], text[start - cut : end - cut]
    number = f"{finding.line:>6} | "
    carets = "^" * max(1, _columns(marked))
    return [
        _paint(shown, "dim", number) + visible(text),
        _paint(shown, "dim", "       | ") + " " * _columns(lead) + _paint(shown, finding.severity, carets),
    ]


def _window(line: str, cut: int) -> str:
    """The part of a line that is shown, with a sign at each end where it goes on."""
    text = line[cut : cut + _WIDTH]
    text = "…" + text[1:] if cut else text
    return text[:-1] + "…" if len(line) > cut + _WIDTH else text


def _secret(shown: Shown) -> frozenset[int]:
    """The lines of the policy, from 1, on which a credential stands, whichever rules were asked."""
    return _leaks(shown.source.text)


@lru_cache(maxsize=1)
def _leaks(text: str) -> frozenset[int]:
    # Under its usual name: where the file stands must not hide what is in it, as the name of a test would.
    leaks = search(Written(".pilot.yml", text)).leaks
    return frozenset(line for leak in leaks for line in range(leak.line, leak.end_line + 1))


def visible(text: str) -> str:
    """The text with nothing in it that could move a terminal's cursor, colour it or turn it around."""
    return "".join(one if one.isprintable() else " " if one == "\t" else "�" for one in text)


def _columns(text: str) -> int:
    return sum(_width(one) for one in visible(text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0  # drawn over the character before it
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _reasons(shown: Shown, title: str, outcome: Outcome) -> str:
    results = [result for result in shown.report.rules if result.outcome is outcome]
    here = [result for result in results if not result.beyond_checkout]
    beyond = [result for result in results if result.beyond_checkout]
    rows = [f"  {result.code} {result.name}: {visible(result.reason or '')}" for result in here]
    if beyond:
        codes = ", ".join(result.code for result in beyond)
        rows.append(f"  Only GitHub knows, so the app checks it: {codes}")
    return "\n".join([_paint(shown, "strong", title), *rows]) if rows else ""


def _settings(shown: Shown) -> str:
    """What is said of rules beside their findings: locks, a stricter base, waivers that waive nothing, rules off."""
    codes: dict[str, list[str]] = {}
    for result in shown.report.rules:
        if result.reason and result.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.OFF):
            codes.setdefault(result.reason, []).append(result.code)
    rows = []
    for reason, named in codes.items():
        more = f" and {len(named) - _CODES} more" if len(named) > _CODES else ""
        rows.append(f"  {', '.join(named[:_CODES])}{more}: {visible(reason)}")
    return "\n".join([_paint(shown, "strong", "Rules and waivers"), *rows]) if rows else ""


def _readiness(shown: Shown) -> str:
    shares = shown.report.readiness.families
    rows = []
    for family in shown.families():
        if family in shares:
            share = shares[family]
            filled = int(share * 20)
            bar = _paint(shown, "good" if share == 1 else "warning" if share else "error", "█" * filled or "·")
            counted = _counted([result for result in shown.report.rules if result.family == family])
            rows.append(f"  {shown.title(family):<18} {percent(share):>6}  {counted:<16} {bar}")
    return "\n".join([_paint(shown, "strong", "Readiness"), *rows]) if rows else ""


def _counted(results: list[RuleResult]) -> str:
    idle = (Outcome.NOT_APPLICABLE, Outcome.OFF)
    applicable = [result for result in results if result.outcome not in idle and not result.beyond_checkout]
    passed = sum(result.outcome is Outcome.PASS for result in applicable)
    return f"{passed} of {len(applicable)} rule{'' if len(applicable) == 1 else 's'}"


def _dates(shown: Shown) -> str:
    coming = shown.report.forecast
    rows = [f"  {one.date}  {one.code}  {visible(one.message)}" for one in coming[:_DATES]]
    if len(coming) > _DATES:
        rows.append(f"  and {len(coming) - _DATES} more")
    return "\n".join([_paint(shown, "strong", "Fails next, unless mended"), *rows]) if rows else ""


def _closing(shown: Shown) -> str:
    colour, sign = _STATES[shown.report.conclusion]
    strict = any(finding.severity == "error" for finding in shown.report.findings)
    softened = "; at stage planned, errors are warnings" if shown.report.stage == "planned" and not strict else ""
    gravest = min(shown.report.findings, key=lambda one: list(_COLOURS).index(one.severity), default=None)
    more = f"; `pilotgate rules {gravest.code}` explains a rule" if gravest else ""
    return _paint(shown, colour, f"{sign} {visible(verdict(shown))}") + softened + more
