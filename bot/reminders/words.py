"""What the app's issues say: titles, bodies, and the comments under them. Text from a policy mentions nobody; people
and teams are mentioned as the policy names them."""

from collections.abc import Iterable, Iterator, Sequence

from bot.gather.names import POLICY
from bot.github.issues import marker
from bot.present import markdown
from bot.present.cut import cut
from bot.reminders.items import Item, Whole
from bot.reminders.plan import MOST, TRACKING, Unwanted, Wanted
from bot.review.folders import folder_of, written
from rules.catalogue import Catalogue
from rules.values import Handle, quote

_LIMIT = 60_000
_TITLE = 200
_ANSWERS = {
    "reviews": ("sign-off {name} EVIDENCE", "schedule {name} DATE"),
    "decision": ("decide go|no-go|extend [until DATE] because TEXT",),
    "waivers": ("unwaive {rule}",),
}
"""What can be answered in the issue itself, by the section of the policy that it is about."""


_COMING = {
    "reviews": "the {name} review is due on {day}",
    "decision": "the decision is due on {day}",
    "waivers": "the waiver of {name} ends with {day}",
    "evaluation": "the data {name} counts as fresh until {day}",
    "runbooks": "the exercise of {name} counts until {day}",
}
"""How a date to come is told, by the section of the policy that it stands in."""


def mark(wanted: str) -> str:
    """What an issue begins with, unseen."""
    kind, _, key = wanted.partition(":")
    return marker(kind, key)


def said(tag: str) -> str:
    """What a comment ends with, unseen, so that it is posted once."""
    return f"<!-- pilotgate:said:{tag} -->"


def title(here: Whole, one: Wanted) -> str:
    """What an issue is called when it is opened."""
    if one.item is not None:
        folder = _folder(one.item.policy)
        words = one.item.message.partition(":")[0][:_TITLE]
        return words[:1].upper() + words[1:] + (f" ({folder[:_TITLE]})" if folder else "")
    standing = here.of(one.marker)
    if one.packet:
        return f"Go or no-go for {(standing and standing.report.pilot) or 'this pilot'}"
    pilots = [one.report.pilot for one in here.standings if one.report.pilot]
    return f"What {pilots[0]} is missing, and what is due" if len(pilots) == 1 else "What is missing, and what is due"


def body(here: Whole, one: Wanted, soon: Sequence[Item], catalogue: Catalogue) -> str:
    """What an issue says about one item, or the tracking issue about all that is missing."""
    lines = _tracking(here, one, soon) if one.item is None else _item(one, one.item, catalogue)
    text = "\n".join([mark(one.marker), *lines]) + "\n"
    return cut(text, _LIMIT, "_Cut here: `pilotgate check` in a checkout shows the rest._")


def packet(one: Wanted, policy: str, rendered: str) -> str:
    """The packet's issue: the packet, whom it is for, and how they answer."""
    whom = mentioned(one.people) or "nobody: name `decision.deciders`"
    answer = f"Decide by a comment here: {_command(policy, 'decide go|no-go|extend [until DATE] because TEXT')}."
    last = "Pilotgate keeps this up to date until it is decided."
    text = f"{mark(one.marker)}\nFor {whom}. {answer}\n\n{rendered}\n{last}\n"
    return cut(text, _LIMIT, "_Cut here: `pilotgate check` in a checkout shows the rest._")


def _item(one: Wanted, item: Item, catalogue: Catalogue) -> Iterator[str]:
    yield f"**Overdue since {item.since}**: {markdown.inline(item.message)}."
    yield ""
    rule = catalogue.rules[item.code]
    where = ", ".join(map(quote, dict.fromkeys((item.policy, item.section, item.name))))
    yield f"- Where: {where} (**{item.code}** {rule.name})"
    yield f"- Whose: {mentioned(one.people) or 'nobody: name an `accountable` owner'}"
    yield f"- What to do: {markdown.inline(rule.remedy)}"
    yield f"- By a comment here: {', '.join(_commands(item))}"
    yield ""
    yield "It closes by itself once the default branch says so."


def _commands(item: Item) -> Iterator[str]:
    for answer in _ANSWERS.get(item.section, ()):
        yield _command(item.policy, answer.format(name=item.name, rule=item.name.partition(" ")[0]))
    yield quote("/pilot snooze until DATE")


def _command(policy: str, words: str) -> str:
    folder = _folder(policy)
    return quote(f"/pilot in {written(folder)} {words}" if folder else f"/pilot {words}")


def _folder(policy: str) -> str:
    """The folder of a policy, empty for the root."""
    return "" if policy == POLICY else folder_of(policy)


def _tracking(here: Whole, one: Wanted, soon: Sequence[Item]) -> Iterator[str]:
    yield f"Whose: {mentioned(one.people) or 'nobody: name an `accountable` owner'}"
    if here.missing:
        yield ""
        yield "### Missing on the default branch"
        yield ""
        for found in here.missing:
            where = f" {quote(found.path)} line {found.line}" if found.path != POLICY else ""
            key = f" {quote(found.key)}" if found.key else ""
            yield f"- [ ] **{found.code}**{where}{key}: {markdown.inline(found.message)}"
    if one.others:
        yield ""
        yield f"### Overdue, beside the {MOST} that have an issue of their own"
        yield ""
        yield from (f"- [ ] {_called(item)}: {markdown.inline(item.message)}" for item in one.others)
    if soon:
        yield ""
        yield "### Due soon"
        yield ""
        for item in soon:
            yield f"- [ ] {_coming(item)} {mentioned(item.people)}".rstrip()
    yield ""
    yield "Pilotgate keeps this list, and closes the issue when it is empty."


def _coming(item: Item) -> str:
    """What is due, until when, and by which rule."""
    told = _COMING.get(item.section, "{name} is due on {day}").format(name=quote(item.name), day=item.due)
    return f"{_called(item)}{':' if _folder(item.policy) else ''} {told}"


def _called(item: Item) -> str:
    """An item's rule, and the folder that its policy is in."""
    folder = _folder(item.policy)
    return f"**{item.code}**{f' {quote(folder)}' if folder else ''}"


def reminder(one: Wanted) -> str:
    """The comment that is due in an issue today."""
    if one.item is None:
        assert one.marker == TRACKING  # no others have words
        rows = [f"- {_coming(item)} {mentioned(item.people)}".rstrip() for item in one.words]
        return "\n".join(["Due soon:", "", *rows])
    lines = [f"{mentioned(one.people)} this is still overdue, since {one.item.since}.".lstrip()]
    if one.escalated:
        lines.append(f"{mentioned(one.escalated)} you answer for this pilot, and nobody has acted on the reminders.")
    lines.append("Mend it as said above, or write `/pilot snooze until DATE`.")
    return "\n\n".join(lines)


def closed(one: Unwanted) -> str:
    """Why an issue is closed."""
    return f"Closed: {one.why}."


DOUBLED = "Closed: another issue says the same, which was opened at the same moment."


def again(one: Wanted) -> str:
    """Why an issue is open again."""
    if one.item is not None:
        return f"{mentioned(one.people)} open again: overdue since {one.item.since}.".lstrip()
    return f"{mentioned(one.people)} open again: see above.".lstrip()


def mentioned(people: Iterable[Handle]) -> str:
    """People and teams, as GitHub notifies them."""
    return " ".join(dict.fromkeys(map(str, people)))


def logins(people: Iterable[Handle]) -> list[str]:
    """Those of them who can be assigned: teams can't."""
    return [one.removeprefix("@") for one in people if not one.team]
