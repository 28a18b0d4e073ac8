"""The server is away for days, and comes back: what it was not told of is made good, by deliveries that are asked for
again as long as GitHub has them, and by reading anew what is there."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.demo.company import employ
from bot.demo.github.state import Issue
from bot.demo.served import SERVE, Served
from bot.doctor import EVENTS
from bot.store import open_store
from bot.store.dates import Dates
from bot.store.installations import Installations
from bot.store.tables import deliveries
from tests.bot.reminders.year import ORGANISATION, START, Oracle, Pilot, founded, marker
from tests.e2e.given import FILES, NAME, at_home
from tests.e2e.plant import wait
from tests.e2e.storm import settings
from tests.stand import Stand

AWAY = 6
END = START + timedelta(AWAY)
LATER = (START + timedelta(200), "pending")
OVERDUE = Pilot({"security": (START - timedelta(2), "pending")}, LATER)
COMING = Pilot({"security": (START + timedelta(2), "pending")}, LATER)
MENDED = Pilot({"security": (START - timedelta(2), "passed")}, LATER)
SECURITY = "REV002:security"


class Company:
    """Organisations with pilots, whose GitHub is as many days before now as it is told."""

    def __init__(self, stand: Stand, now: datetime) -> None:
        self.stand, self.now, self.ago = stand, now, AWAY
        stand.world.clock = lambda: now - timedelta(self.ago)
        organised = f"{ORGANISATION}required_reviews: [security]\n"
        for owner in ("acme", "umbrella", "hooli", "globex"):
            stand.repository(f"{owner}/.github", files={".pilot-org.yml": organised})

    def found(self, name: str, pilot: Pilot) -> None:
        """A repository with a pilot."""
        founded(self.stand, name, at_home(pilot.text(), name).encode())
        self.engage(name)

    def engage(self, name: str) -> None:
        """Those whom a pilot names work on it."""
        employ(self.stand, name)
        self.stand.team(name.partition("/")[0], "security", ("kim", "pat"), {name: "read"})

    def change(self, name: str, pilot: Pilot) -> None:
        """Its policy is another."""
        self.stand.push(name, "main", {".pilot.yml": pilot.text()})

    def issues(self, name: str) -> list[Issue]:
        """The app's issues in a repository."""
        return [one for one in self.stand.world.repositories[name].issues.values() if one.by_app]

    def issue(self, name: str) -> Issue:
        """The one of the review."""
        (found,) = (one for one in self.issues(name) if marker(one) == SECURITY)
        return found

    def open(self, name: str) -> Counter[str]:
        """The markers of the issues that are open."""
        return Counter(marker(one) for one in self.issues(name) if one.state == "open")


def lived(*days: Pilot | None) -> set[str]:
    """What the oracle says is open in the end, of a pilot that was seen like this first and is like that now."""
    oracle = Oracle()
    for day, pilot in zip((START, END), days, strict=True):
        if pilot is not None:
            oracle.dawn(pilot, day)
    return oracle.seen


BEFORE = {
    "late": COMING,
    "mended-long-ago": OVERDUE,
    "mended-lately": OVERDUE,
    "old-name": COMING,
    "archived": COMING,
    "deleted": OVERDUE,
    "sold": COMING,
    "snoozed": OVERDUE,
    "closed": OVERDUE,
}


def meddle(company: Company) -> None:
    """What happens while nobody listens, day by day."""
    stand = company.stand
    company.ago = 5
    company.change("acme/mended-long-ago", MENDED)
    stand.rename("acme/old-name", "new-name")
    stand.delete("acme/deleted")
    stand.transfer("globex/bought", "acme")
    owners = at_home(FILES[".github/CODEOWNERS"].decode(), "acme/bought")
    stand.push("acme/bought", "main", {".pilot.yml": OVERDUE.text(), ".github/CODEOWNERS": owners})
    company.engage("acme/bought")
    stand.install("umbrella")
    stand.uninstall(next(id for id, one in stand.world.installations.items() if one.account.login == "hooli"))
    company.ago = 4
    stand.archive("acme/archived")
    stand.transfer("acme/sold", "globex")
    company.found("acme/added", OVERDUE)
    company.ago = 2
    snoozed = company.issue("acme/snoozed").number
    stand.comment("acme/snoozed", snoozed, f"/pilot snooze until {END + timedelta(30)}", by="ana")
    stand.close("acme/closed", company.issue("acme/closed").number, by="ana")
    company.ago = 1
    company.change("acme/mended-lately", MENDED)
    stand.push("acme/late", "change", {"docs/page.md": "# Page\n"})
    stand.pull("acme/late", "change")
    company.ago = 0


def settled(served: Served, stand: Stand, recent: Callable[[], set[str]]) -> bool:
    """Whether all that GitHub still has has arrived, and nothing is left to do."""
    arrived = {one.guid for one in stand.deliveries if one.arrived}
    return recent() <= arrived and all(one["state"] != "pending" for one in served.deliveries())


def check_store(folder: Path, stand: Stand) -> None:
    """It knows what is there, and what people have said lately."""
    with closing(open_store(f"sqlite:///{folder / 'pilotgate.db'}")) as store:
        known, world = Installations(store), stand.world
        assert known.ids() == sorted(world.installations)
        for id, installed in world.installations.items():
            assert known.names(id) == sorted(one.full_name for one in world.listed(installed) if not one.archived)
        issues = Dates(store).issues(world.repositories["acme/snoozed"].id)
        assert issues[SECURITY].snoozed == END + timedelta(30)


def test_after_days_of_missed_deliveries_the_store_and_the_issues_are_those_of_the_truth(tmp_path: Path) -> None:
    with Stand(events=EVENTS) as stand:
        company = Company(stand, datetime.now(UTC))
        for name, pilot in BEFORE.items():
            company.found(f"acme/{name}", pilot)
        company.found("globex/bought", OVERDUE)
        company.found("umbrella/pilot", OVERDUE)
        company.found("hooli/pilot", COMING)
        with Served(tmp_path, settings(stand, PILOTGATE_TODAY=str(START))) as served:
            stand.hooks.url = f"{served.address}/webhook"
            stand.install("acme")
            stand.install("hooli")
            wait(lambda: company.open("acme/snoozed") == Counter(lived(OVERDUE, None)), "the first look is over")
            stand.settle()
            served.settle()
        told = len(stand.deliveries)
        stored = open_store(f"sqlite:///{tmp_path / 'pilotgate.db'}")
        with closing(stored), stored.write() as connection:
            # That was in another hour, days ago; processes know only one time.
            connection.execute(update(deliveries).values(id=deliveries.c.id + "/before"))
        meddle(company)
        lost = stand.deliveries[told:]
        assert not any(one.arrived for one in lost)
        lately = {one.guid for one in lost if company.now - one.at < timedelta(3)}
        assert 0 < len(lately) < len({one.guid for one in lost})

        with Served(tmp_path, settings(stand, PILOTGATE_TODAY=str(END)), SERVE) as served:
            stand.hooks.url = f"{served.address}/webhook"
            wait(lambda: settled(served, stand, lambda: lately), "all is made good")
            assert [one for one in served.deliveries() if one["state"] == "failed"] == []
        again = Counter(one.guid for one in stand.deliveries if one.redelivery)
        assert again == Counter(lately)

        check_store(tmp_path, stand)
        assert {
            name: company.open(name) for name, one in stand.world.repositories.items() if not name.endswith(".github")
        } == {
            "acme/late": Counter(lived(COMING, COMING)),
            "acme/mended-long-ago": Counter(lived(OVERDUE, MENDED)),
            "acme/mended-lately": Counter(lived(OVERDUE, MENDED)),
            "acme/new-name": Counter(lived(COMING, COMING)),
            "acme/archived": Counter(lived(COMING, None)),
            "globex/sold": Counter(lived(COMING, None)),
            "acme/snoozed": Counter(lived(OVERDUE, OVERDUE)),
            "acme/closed": Counter(lived(OVERDUE, OVERDUE) - {SECURITY}),
            "acme/bought": Counter(lived(None, OVERDUE)),
            "acme/added": Counter(lived(None, OVERDUE)),
            "umbrella/pilot": Counter(lived(None, OVERDUE)),
            "hooli/pilot": Counter(lived(COMING, None)),
        }
        (run,) = stand.checks("acme/late", "change", every=True)
        assert (run.name, run.status) == (NAME, "completed")
