"""The commands of those who run the server."""

import argparse
import json
import re
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

from bot import wiring
from bot.errors import UserError
from bot.settings import server
from bot.store.deliveries import PENDING, Deliveries, Standing
from bot.wiring import Tools

OK, FOUND = 0, 1
_OWNER = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PLACE = re.compile(rf"{_OWNER.pattern}(/[A-Za-z0-9_.-]{{1,100}})?")
_STATES = {"pending": PENDING, "done": ("done",), "failed": ("failed",)}


def serve(options: argparse.Namespace, tools: Tools) -> int:  # noqa: ARG001 - every command is called alike
    """The web server and, unless `--no-worker`, a worker beside it."""
    from bot.web.serve import serve as listen  # noqa: PLC0415 - the other commands need no web server

    settings = wiring.logging(server.read(server.APP))
    with closing(wiring.store(settings)) as store:
        store.migrate()
    listen(settings, with_worker=not options.no_worker)
    return OK


def scan(options: argparse.Namespace, tools: Tools) -> int:
    """Look at what is due now, or on another day."""
    tools.today(options.today)  # or nothing is opened
    settings = wiring.logging(server.read(server.APP))
    plant = wiring.plant(settings, tools, options.today)
    with closing(plant.store):
        plant.store.migrate()
        found, left = plant.scan()
    print(f"{found} repositor{'y has' if found == 1 else 'ies have'} something due")
    if left:
        print(f"{left} {'is' if left == 1 else 'are'} still to be looked at: by a worker, or by the next scan")
    return OK


def worker(options: argparse.Namespace, tools: Tools) -> int:
    """A worker alone."""
    from bot.jobs.worker import run  # noqa: PLC0415 - the other commands run no jobs

    settings = wiring.logging(server.read(server.APP))
    plant = wiring.plant(settings, tools)
    with closing(plant.store):
        plant.store.migrate()
        run(plant.jobs, plant.worker, plant.deliveries, options.with_parent, plant.tasks)
    return OK


def deliveries(options: argparse.Namespace, tools: Tools) -> int:  # noqa: ARG001
    """What became of each delivery, or one of them once more."""
    with wiring.deliveries(server.read()) as rows:
        if options.retry:
            print(_retry(rows, options.retry))
        else:
            shown = rows.standings(_STATES[options.state] if options.state else None)
            sys.stdout.writelines(_json(shown) if options.format == "json" else _text(shown))
    return OK


def _retry(rows: Deliveries, words: list[str]) -> str:
    if words[0] != "retry" or len(words) != 2:
        raise UserError("write `pilotgate deliveries retry ID`, or `pilotgate deliveries` alone")
    if not rows.retry(words[1], wiring.now()):
        raise UserError(f"no delivery has the id {words[1]}: `pilotgate deliveries` lists them")
    return f"{words[1]} is taken up again by the worker"


def doctor(options: argparse.Namespace, tools: Tools) -> int:  # noqa: ARG001
    """What stands between this server and its first check run."""
    from bot.doctor import examine  # noqa: PLC0415 - the other commands examine nothing

    failed = False
    for line in examine(server.read(), wiring.now, tools.catalogue):
        print(f"{'ok  ' if line.good else 'FAIL'}  {line.subject:<13} {line.said}")
        failed = failed or not line.good
    return FOUND if failed else OK


def organisation(options: argparse.Namespace, tools: Tools) -> int:  # noqa: ARG001
    """Forget that an account had an organisation's file."""
    from bot.store.memory import Memory  # noqa: PLC0415 - each command loads what it needs

    owner = _named(options.owner, _OWNER, "OWNER, as in acme")
    with wiring.current(server.read()) as store:
        if not Memory(store).forget_organisation(owner):
            raise UserError(f"no organisation's file of {owner} is known: there is nothing to forget")
    print(
        f"The organisation's file of {owner} is forgotten: without one, the defaults apply. Pull requests say so once"
        " they are checked again; where the file is in sight, it counts as before."
    )
    return OK


def ledger(options: argparse.Namespace, tools: Tools) -> int:  # noqa: ARG001
    """The entries of an account or a repository, one JSON object a line, in the order in which they came."""
    from bot.store.ledger import Ledger  # noqa: PLC0415

    name = _named(options.name, _PLACE, "OWNER or OWNER/REPO, as in acme/triage")
    with wiring.current(server.read()) as store:
        sys.stdout.writelines(json.dumps(one.plain()) + "\n" for one in Ledger(store).named(name))
    return OK


def _named(text: str, pattern: re.Pattern[str], how: str) -> str:
    if pattern.fullmatch(text) is None:
        raise UserError(f"{text}: write {how}")
    return text


def simulate(options: argparse.Namespace, tools: Tools) -> int:
    """What would be posted on a pull request, and why; posts nothing."""
    from bot.present import simulation  # noqa: PLC0415 - the other commands judge no pull request
    from bot.review import simulate as simulated  # noqa: PLC0415

    asked, settings = simulated.parse(options.pull), server.read(server.APP)
    with wiring.current(settings) as store:
        app = simulated.Reader(settings.app_id, settings.private_key.get_secret_value(), settings.github_api_url)
        line = wiring.line(settings, tools, app, store, options.today)
        found = simulated.simulate(app, line.judging(), asked)
    beside = ["the summary as a comment"] if found.comment else []
    beside += ["an issue to make up for the emergency"] if found.found.emergency else []
    where = f"{found.pull.repository}#{found.pull.number}"
    said = simulation.Said(where, found.pull.head, found.run, found.found.shown, beside, found.pull.required, app.asked)
    sys.stdout.write(simulation.render(said, tools.settings.colour and sys.stdout.isatty()))
    return OK


def _json(standings: Iterable[Standing]) -> Iterable[str]:
    """One object a line, so that a long list can be read as it comes."""
    for one in standings:
        plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(one).items()}
        yield json.dumps(plain | {"state": _state(one)}) + "\n"


def _text(standings: Iterable[Standing]) -> Iterable[str]:
    yield f"{'ID':<36}  {'EVENT':<28} {'REPOSITORY':<30} {'STATE':<8} TRIES  RECEIVED             FINISHED\n"
    for one in standings:
        event = f"{one.event}.{one.action}" if one.action else one.event
        yield (
            f"{one.id:<36}  {event:<28} {one.repository or '-':<30} {_state(one):<8} {one.attempts:>5}"
            f"  {_time(one.received)}  {_time(one.finished)}\n"
        )
        if one.error:
            yield f"{'':<38}{one.error}\n"


def _state(one: Standing) -> str:
    return "pending" if one.state in PENDING else one.state


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%SZ") if moment else "-"
