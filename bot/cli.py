"""The command line: what can be asked, and which answer goes where. `run` returns the exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bot import __version__, wiring
from bot.errors import UserError
from bot.wiring import Tools
from rules.catalogue import Catalogue
from rules.report import Report
from rules.rule import Rule
from rules.wording import nearest

if TYPE_CHECKING:
    pass

OK, FOUND = 0, 1
FORMATS = ("text", "json", "markdown", "sarif", "github")
_WEIGHTS = {"error": ("error",), "warning": ("error", "warning"), "never": ()}

_CODES = "exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong arguments, 70 a bug"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; `{self.prog} --help` shows what can be asked")


def run(arguments: Sequence[str]) -> int:
    """Answer one command line. Raises UserError for what the person who asked can mend."""
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help()
        return OK
    answer: Callable[[argparse.Namespace, Tools], int] = options.answer
    return answer(options, wiring.build())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pilotgate", description="Keeps AI pilots from dying between the demo and production.")
    parser.add_argument("--version", action="version", version=f"pilotgate {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_check(commands.add_parser("check", help="check the policy of a folder", description=_CHECK, epilog=_CODES))
    init = commands.add_parser("init", help="write a starter .pilot.yml", description=_INIT)
    init.add_argument("path", nargs="?", default=".", metavar="PATH", help="the folder (default: here)")
    init.set_defaults(answer=_init)
    rules = commands.add_parser("rules", help="list the rules, or show one rule's page")
    rules.add_argument(
        "code", nargs="?", metavar="CODE", help="a rule, as in REV001, or a family, as in MON or monitoring"
    )
    rules.set_defaults(answer=_rules)
    schema = commands.add_parser("schema", help="print the JSON Schema of .pilot.yml")
    which = schema.add_mutually_exclusive_group()
    which.add_argument("--org", action="store_true", help="of the organisation's file instead")
    which.add_argument("--report", action="store_true", help="of the JSON report instead")
    schema.set_defaults(answer=_schema)
    demo = commands.add_parser("demo", help="see it work on an example, or on a checkout of yours")
    demo.add_argument(
        "--once", action="store_true", help="end by itself; exit 0 only if every step came out as expected"
    )
    demo.add_argument("--repo", metavar="PATH", help="play it on this checkout's own files")
    demo.set_defaults(answer=_demo)
    _add_server(commands)
    return parser


def _add_server(commands: Any) -> None:
    serve = commands.add_parser("serve", help="run the app: web server and worker")
    serve.add_argument("--no-worker", action="store_true", help="the web server alone; workers run elsewhere")
    serve.set_defaults(answer=_operated("serve"))
    worker = commands.add_parser("worker", help="run a worker alone")
    worker.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    worker.set_defaults(answer=_operated("worker"))
    scan = commands.add_parser(
        "scan", help="look for what is due, and open, remind and close issues", description=_SCAN
    )
    scan.add_argument("--today", metavar="DATE", help="as of this date, as in 2026-12-15; it writes all the same")
    scan.set_defaults(answer=_operated("scan"))
    deliveries = commands.add_parser("deliveries", help="list accepted deliveries, or `retry ID` one of them")
    deliveries.add_argument("retry", nargs="*", default=None, metavar="retry ID", help="take this one up again")
    deliveries.add_argument("--state", choices=("pending", "done", "failed"), help="only these")
    deliveries.add_argument("--format", choices=("text", "json"), default="text", help="json: one object a line")
    deliveries.set_defaults(answer=_operated("deliveries"))
    simulate = commands.add_parser(
        "simulate", help="say what would be posted on a pull request, and why", description=_SIMULATE
    )
    simulate.add_argument("pull", metavar="OWNER/REPO#N", help="the pull request, as in acme/triage#17")
    simulate.add_argument("--today", metavar="DATE", help="judge as of this date")
    simulate.set_defaults(answer=_operated("simulate"))
    organisation = commands.add_parser("organisation", help="say that an account has no .pilot-org.yml any more")
    organisation.add_argument("act", choices=("forget",), metavar="forget", help="what to do")
    organisation.add_argument("owner", metavar="OWNER", help="the account whose file is gone for good")
    organisation.set_defaults(answer=_operated("organisation"))
    ledger = commands.add_parser(
        "ledger", help="list who decided, signed off, waived or declared an emergency", description=_LEDGER
    )
    ledger.add_argument("name", metavar="OWNER[/REPO]", help="an account, or one of its repositories")
    ledger.set_defaults(answer=_operated("ledger"))
    doctor = commands.add_parser("doctor", help="look for what keeps the app from working", description=_DOCTOR)
    doctor.set_defaults(answer=_operated("doctor"))


def _operated(name: str) -> Callable[[argparse.Namespace, Tools], int]:
    """The command of `bot.operate` by that name, loaded when it is called."""

    def answer(options: argparse.Namespace, tools: Tools) -> int:
        done: int = getattr(import_module("bot.operate"), name)(options, tools)
        return done

    return answer


_CHECK = "Check the .pilot.yml of PATH by every rule that a checkout can prove."
_SERVED = "It reads the settings and the database of the server (docs/operating.md)."
_SCAN = f"""Look now for what is due in the pilots of every account, and open, remind and close issues there. It writes:
there is no trial run. {_SERVED}"""
_SIMULATE = f"Say what would be posted on a pull request, and why. It asks GitHub, and posts nothing. {_SERVED}"
_LEDGER = f"""List who decided, signed off, waived or declared an emergency, the oldest first, as JSON Lines with
`kind`, `login`, `commit`, `address` and more. {_SERVED}"""
_DOCTOR = f"""Look for what keeps the app from working: settings, key, permissions, events, webhook address, database,
clock, and branches that don't require the check; one line each, with what mends it. Exits with 1 where something is
wrong. {_SERVED}"""
_INIT = "Write a starter .pilot.yml from what PATH already shows. Never overwrites one."


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("path", nargs="?", default=".", metavar="PATH", help="the folder to check (default: here)")
    check.add_argument("--policy", metavar="FILE", help="the policy, where it is not PATH/.pilot.yml")
    check.add_argument("--org", metavar="FILE", help="the organisation's file (default: its defaults)")
    check.add_argument(
        "--base", metavar="REF", help="the commit whose policy says how strictly (default: the policy itself)"
    )
    check.add_argument(
        "--today", metavar="DATE", help="judge as of this date (default: PILOTGATE_TODAY, else today in UTC)"
    )
    check.add_argument("--format", choices=FORMATS, default="text", help="how to write the report (default: text)")
    check.add_argument("--select", metavar="CODES", help="only these rules: codes or families, as in REV001,OWN")
    check.add_argument("--ignore", metavar="CODES", help="all but these rules")
    check.add_argument(
        "--fail-on",
        choices=tuple(_WEIGHTS),
        default="error",
        help="what makes the exit code 1 (default: error)",
    )
    check.add_argument(
        "--offline", action="store_true", help="ask no server; what only a server can tell is unverifiable"
    )
    check.add_argument("--output", metavar="FILE", help="write the report to this file")
    check.set_defaults(answer=_check)


def _check(options: argparse.Namespace, tools: Tools) -> int:
    from bot import gather, review  # noqa: PLC0415 - the other commands start without them
    from bot.present import Shown  # noqa: PLC0415

    policy = Path(options.policy) if options.policy is not None else None
    if policy is not None and not os.path.lexists(policy):
        raise UserError(f"--policy {policy}: no such file")
    checkout = gather.Checkout(Path(options.path), policy)
    rules = _chosen(tools.catalogue, options.select, options.ignore)
    organisation = gather.organisation(Path(options.org) if options.org is not None else None, tools.catalogue)
    today = tools.today(options.today)
    reviewed = review.check(
        checkout,
        review.Check(
            tools.catalogue,
            rules,
            organisation,
            today,
            options.base,
            lambda policy: tools.metrics(policy, options.offline),
        ),
    )
    asked_for = reviewed.report.findings and (options.org, options.base) != (None, None)
    if reviewed.document.absent and not asked_for:
        raise UserError(_no_policy(checkout.folder))
    colour = tools.settings.colour and options.output is None and sys.stdout.isatty()
    prefix = "" if checkout.policy_outside else _prefix(checkout.folder)
    shown = Shown(reviewed.report, tools.catalogue, reviewed.document.text, prefix, colour)
    render: Callable[[Shown], str] = import_module(f"bot.present.{options.format}").render
    _deliver(render(shown), options.output)
    return _exit_code(reviewed.report, options.fail_on)


def _no_policy(folder: Path) -> str:
    misnamed = folder / ".pilot.yaml"
    if os.path.lexists(misnamed):
        return f"there is no .pilot.yml in {folder}, but a .pilot.yaml: rename it to .pilot.yml"
    return f"there is no .pilot.yml in {folder}: `pilotgate init {folder}` writes a starter"


def _prefix(folder: Path) -> str:
    """How to get from here to the folder, for addresses; a folder elsewhere is named as it was asked for."""
    relative = os.path.relpath(folder)
    if relative == ".":
        return ""
    return (folder.as_posix() if relative.startswith("..") else Path(relative).as_posix()).rstrip("/") + "/"


def _deliver(text: str, file: str | None) -> None:
    if file is None:
        sys.stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UserError(f"--output {file}: can't be written: {(error.strerror or str(error)).lower()}") from error


def _exit_code(report: Report, fail_on: str) -> int:
    weights = _WEIGHTS[fail_on]
    return FOUND if any(finding.severity in weights for finding in report.findings) else OK


def _chosen(catalogue: Catalogue, select: str | None, ignore: str | None) -> list[Rule]:
    """The rules that `--select` names, all without it, less those that `--ignore` names."""
    selected = _named(catalogue, "--select", select) if select is not None else set(catalogue.rules)
    ignored = _named(catalogue, "--ignore", ignore) if ignore is not None else set()
    rules = [rule for code, rule in catalogue.rules.items() if code in selected - ignored]
    if not rules:
        raise UserError("--select and --ignore leave no rule to check: `pilotgate rules` lists them")
    return rules


def _named(catalogue: Catalogue, option: str, text: str) -> set[str]:
    codes: set[str] = set()
    for name in (part.strip().upper() for part in text.split(",")):
        families = _families(catalogue, name)
        found = {code for code in catalogue.codes if name and (code == name or code.rstrip("0123456789") == name)}
        found |= {rule.code for rule in catalogue.rules.values() if rule.family in families}
        if not found:
            raise UserError(f"{option} {name or text!r}: no rule has this code{_hint(catalogue, name)}")
        codes |= found
    return codes


def _hint(catalogue: Catalogue, name: str) -> str:
    better = nearest(name, catalogue.rules)
    return f"; did you mean {better}?" if better else "; `pilotgate rules` lists them"


def _init(options: argparse.Namespace, tools: Tools) -> int:
    from bot import gather, starter  # noqa: PLC0415 - only this command needs them

    folder = gather.Checkout(Path(options.path)).folder
    file = folder / ".pilot.yml"
    if os.path.lexists(folder / ".pilot.yaml") and not os.path.lexists(file):
        raise UserError(f"there is a .pilot.yaml in {folder}, which nothing reads: rename it to .pilot.yml")
    text = starter.write(starter.look(folder), tools.today(None).date)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(f"{file} is there already and stays as it is; `pilotgate check {folder}` checks it") from None
    except OSError as error:
        raise UserError(f"{file} can't be written: {(error.strerror or str(error)).lower()}") from error
    print(f"Wrote {file}. Complete it, then run `pilotgate check {folder}`.")
    return OK


def _rules(options: argparse.Namespace, tools: Tools) -> int:
    from bot.present import page  # noqa: PLC0415 - only this command needs it

    asked = options.code or ""
    code = next(
        (rule.code for rule in tools.catalogue.rules.values() if asked in (rule.name, rule.code)), asked.upper()
    )
    families = _families(tools.catalogue, asked)
    if code in tools.catalogue.reserved:
        raise UserError(f"{code} is set aside for a rule that this version does not have")
    if code in tools.catalogue.rules:
        sys.stdout.write(page.page(tools.catalogue.rules[code]))
    elif families or not asked:
        sys.stdout.write(page.listing(tools.catalogue, families))
    else:
        raise UserError(f"no rule and no family is called {asked}{_guess(tools.catalogue, asked)}")
    return OK


def _families(catalogue: Catalogue, asked: str) -> set[str]:
    """The families of this name, of this title, or whose codes begin so."""
    word = asked.lower().replace("_", " ").replace("-", " ")
    return {
        rule.family
        for rule in catalogue.rules.values()
        if word in (rule.code[:3].lower(), rule.family.replace("_", " "), catalogue.families[rule.family].title.lower())
    }


def _guess(catalogue: Catalogue, asked: str) -> str:
    rules = catalogue.rules.values()
    words = [word for rule in rules for word in (rule.family.replace("_", "-"), rule.name, rule.code[:3])]
    better = nearest(asked, catalogue.rules) or nearest(asked, list(dict.fromkeys(words)))
    return f"; did you mean {better}?" if better else "; `pilotgate rules` lists them"


def _schema(options: argparse.Namespace, tools: Tools) -> int:
    from bot.present import json as report  # noqa: PLC0415 - only this command needs them
    from rules import schema  # noqa: PLC0415

    if options.report:
        made = {"$schema": schema.DIALECT, **report.schema(), "title": "Pilotgate's JSON report, version 1"}
    elif options.org:
        made = schema.organisation_schema(tools.catalogue.codes)
    else:
        made = schema.policy_schema(tools.catalogue.codes)
    print(json.dumps(made, indent=2))
    return OK


def _demo(options: argparse.Namespace, tools: Tools) -> int:
    from bot.demo import tour  # noqa: PLC0415 - only this command needs it

    stage = tour.Stage(tools.catalogue, tools.settings.colour and sys.stdout.isatty())
    repository = Path(options.repo) if options.repo is not None else None
    return tour.play(stage, tools.today(None), repository, options.once)
