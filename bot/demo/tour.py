"""The tour: Pilotgate at work as an installed app, on a stand-in for GitHub, and what each step is expected to show."""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import gather, review, starter
from bot.demo import company
from bot.demo.served import Served
from bot.errors import UserError
from bot.github.checks import NAME
from bot.present import Shown, text
from bot.review import Reviewed
from rules.catalogue import Catalogue
from rules.document import read
from rules.edits import applied
from rules.facts import Change, Checks, Labels, OwnersErrors, People, Today
from rules.policy import Organisation, Policy
from rules.values import Handle, walk

if TYPE_CHECKING:
    from bot.demo.github import StandIn
    from bot.demo.github.state import Issue, Run

EXAMPLE = Path(__file__).parent / "example"
RESULTS = "eval/results.json"
FAILING = EXAMPLE.parent / "failing.pilot.yml"
TODAY = Today(date(2026, 11, 24))
_LATER = date(2026, 11, 28)
"""The example's compliance review was due the day before."""
_PATIENCE = 60.0
# What the example's first policy is made to miss: the tour would show nothing if one of these passed.
_MISSED = {
    "OWN001", "CRI001", "CRI002", "CRI003", "CRI004", "EVA001", "INT003", "REV001", "REV002", "REV003", "REV004",
    "MON001", "MON002", "MON008", "RUN001", "RUN004", "RUN005", "DEC001", "DEC002",
}  # fmt: skip
_LARGEST = 1024 * 1024
_APART = {Change, Checks, Labels, OwnersErrors, People}


@dataclass(frozen=True, slots=True)
class Stage:
    """What the tour is played with: the rules, and whether the reader's terminal shows colour."""

    catalogue: Catalogue
    colour: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """A stand-in for GitHub with one repository in it, and the Pilotgate that is installed there."""

    github: "StandIn"
    app: Served
    place: str

    def address(self, number: int) -> str:
        """The page of a pull request."""
        return f"{self.github.url}/{self.place}/pull/{number}"

    def run(self, number: int) -> "Run":
        """The check run on the head of a pull request, once Pilotgate is done with all that it was told."""
        self.app.settle()
        found = self.github.check(self.place, number, NAME)
        if found is None:
            raise RuntimeError(f"no check run stands on {self.address(number)}:\n{self.app.log[-2000:]}")
        return found

    def said(self, number: int, text: str, by: str) -> str:
        """What somebody's comment is answered, once Pilotgate is done with it."""
        comments = self.github.issue(self.place, number).comments
        # GitHub tells times by the second, and what was pushed in that of a comment may not have been seen.
        time.sleep(1)
        self.github.comment(self.place, number, text, by=by)
        before = len(comments)
        self.app.settle()
        answer = _plain(next((one.body for one in comments[before:]), ""))
        print("\n".join([f"  {by}: {text}", *(f"    {line}" for line in answer[:3])]))
        return "\n".join(answer)

    def issue(self, marker: str) -> "Issue | None":
        """The open issue that Pilotgate keeps for something, once there is one; None where none comes."""
        deadline, issues = time.monotonic() + _PATIENCE, self.github.world.repositories[self.place].issues
        while time.monotonic() < deadline:
            for one in list(issues.values()):
                if one.state == "open" and (one.body or "").startswith(f"<!-- pilotgate:{marker}"):
                    self.app.settle()
                    return one
            time.sleep(0.05)
        return None

    def codes(self, number: int) -> set[str]:
        """The codes of the rules that annotate a pull request."""
        return {str(one["title"]).split()[0] for one in self.run(number).annotations}


def play(stage: Stage, today: Today, repository: Path | None, once: bool) -> int:
    """Play every step and return 0 only if each came out as expected; unless `once`, stay up until Ctrl-C.

    The example is played on dates of its own, a repository as of `today`. Nothing is written outside a temporary
    folder, and nothing leaves this machine.
    """
    with ExitStack() as stack:
        steps = _example_steps(stage, stack) if repository is None else _own_steps(stage, stack, repository, today)
        held = [_told(number, title, expected) for number, (title, expected) in enumerate(steps, 1)]
        good = bool(held) and all(held)
        print("\nEvery step came out as expected." if good else "\nNot every step came out as expected.")
        if not once:
            print("\nAll of it stays up for a look around. Ctrl-C ends it.", flush=True)
            threading.Event().wait()
    return 0 if good else 1


def _told(number: int, title: str, expected: bool) -> bool:
    print(f"-> step {number}, {title}: {'as expected' if expected else 'NOT as expected'}", flush=True)
    return expected


@contextmanager
def scene(place: str, today: Today, **repository: Any) -> Iterator[Scene]:
    """A stand-in for GitHub and a Pilotgate that is installed there, on SQLite in a temporary folder."""
    from bot.demo.github import StandIn  # noqa: PLC0415 - the other commands need no stand-in

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pilotgate-demo-")))
        github = stack.enter_context(StandIn())
        github.install(place.partition("/")[0])
        github.repository(place, **repository)
        settings = {
            "PILOTGATE_APP_ID": str(github.app.id),
            "PILOTGATE_PRIVATE_KEY": github.private_key,
            "PILOTGATE_WEBHOOK_SECRET": github.hooks.secret,
            "PILOTGATE_GITHUB_API_URL": github.url,
            "PILOTGATE_TODAY": str(today.date),
        }
        app = stack.enter_context(Served(folder, settings))
        github.hooks.url = f"{app.address}/webhook"
        yield Scene(github, app, place)


def measured(commit: str) -> dict[str, bytes]:
    """The example's results, as of a measurement of this commit."""
    results = json.loads((EXAMPLE / RESULTS).read_text(encoding="utf-8"))
    return {RESULTS: json.dumps(results | {"commit": commit}, indent=2).encode() + b"\n"}


def _example_steps(stage: Stage, stack: ExitStack) -> Iterator[tuple[str, bool]]:
    _say("A GitHub stands in on this machine, and Pilotgate is installed there as an app.")
    on = stack.enter_context(scene("acme/invoice-triage", TODAY, files=_files(EXAMPLE, without=(".pilot.yml",))))
    print(f"GitHub     {on.github.url} (its API alone: what would be on a page is printed here)")
    print(f"Pilotgate  {on.app.address}/readyz")
    company.employ(on.github, on.place)
    number = yield from _opened(on)
    yield from _explained(on, number)
    yield from _mended(stage, on, number)
    yield from _lowered(on)
    yield from _approved(on)
    yield from _commanded(on)
    yield from _killed(on)
    yield from _overdue(on)


def _opened(on: Scene) -> Generator[tuple[str, bool], None, int]:
    _say("A team writes down its pilot the week of the demo, and opens a pull request.")
    policy = FAILING.read_bytes()
    on.github.push(on.place, "pilot", {".pilot.yml": policy}, "Write the pilot down")
    number = on.github.pull(on.place, "pilot", title="Invoice triage: the pilot")
    run = on.run(number)
    print(f"{on.address(number)}\n  {run.name}: {run.conclusion}\n  {run.title}")
    lines = policy.decode().splitlines()
    for one in run.annotations[:4]:
        print(f"  {one['path']}:{one['start_line']}  {lines[one['start_line'] - 1].strip()}\n    {one['message']}")
    print(f"  … and {len(run.annotations) - 4} more, each on its line")
    yield "the pull request fails, each cause on its line", (run.conclusion, on.codes(number)) == ("failure", _MISSED)
    return number


def _explained(on: Scene, number: int) -> Iterator[tuple[str, bool]]:
    _say("Why all that? The author presses the button `Explain` under the check.")
    on.github.press(on.run(number), "explain", by="dev")
    on.app.settle()
    comments = on.github.issue(on.place, number).comments
    said = _plain(comments[0].body if comments else "")
    print("\n".join([on.address(number), *(f"  {line}" for line in said[:5]), "  …"]))
    yield "one comment explains every failing rule", len(comments) == 1 and "OWN001" in comments[0].body


def _mended(stage: Stage, on: Scene, number: int) -> Iterator[tuple[str, bool]]:
    _say("Some of it is mechanical: replacements that parse. Put in, they leave less to do:")
    before = len(on.run(number).annotations)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
        shutil.copy(FAILING, folder / ".pilot.yml")
        applied = _apply(folder / ".pilot.yml", _check(stage, folder, TODAY))
        on.github.push(on.place, "pilot", {".pilot.yml": (folder / ".pilot.yml").read_bytes()}, "Take the fixes")
    left = len(on.run(number).annotations)
    print(f"{on.address(number)}\n  {before} findings, then {left}")
    yield f"{applied} replacements put in, {before - left} findings gone", 0 < applied == before - left

    _say("The rest takes people: owners, a real interface, a signal of quality, somebody who answers for the review.")
    base = on.github.pull_request(on.place, number).base
    kept = {".pilot.yml": (EXAMPLE / ".pilot.yml").read_bytes(), **measured(base)}
    head = on.github.push(on.place, "pilot", kept, "Keep promises")
    for commit in (base, head):
        company.prove(on.github, on.place, commit)
    on.github.review(on.place, number, by="ana")
    run = on.run(number)
    print(f"{on.address(number)}\n  {run.name}: {run.conclusion}\n  {run.title}")
    yield "the pull request turns green", run.conclusion == "success" and not run.annotations
    company.prove(on.github, on.place, on.github.merge(on.place, number, by="ana"))


def _lowered(on: Scene) -> Iterator[tuple[str, bool]]:
    _say("Somebody finds a short cut: a pull request that calls the pilot merely planned and drops its owners.")
    policy = (EXAMPLE / ".pilot.yml").read_text(encoding="utf-8").replace("stage: pilot", "stage: planned")
    policy = "\n".join(line for line in policy.splitlines() if "monitor:" not in line) + "\n"
    on.github.push(on.place, "short-cut", {".pilot.yml": policy.encode()}, "Tidy up")
    number = on.github.pull(on.place, "short-cut", title="Tidy up")
    run = on.run(number)
    print(f"{on.address(number)}\n  {run.name}: {run.conclusion}\n  {run.title}")
    failures = {str(one["title"]).split()[0] for one in run.annotations if one["annotation_level"] == "failure"}
    expected = ("failure", {"OWN001", "POL003"})
    yield "the base branch says how strictly, so it fails", (run.conclusion, failures) == expected


def _approved(on: Scene) -> Iterator[tuple[str, bool]]:
    _say("Another one puts the decision off by two weeks, for a reason. That is not for its author to say.")
    policy = (EXAMPLE / ".pilot.yml").read_text(encoding="utf-8").replace("date: 2027-01-25", "date: 2027-02-08")
    head = on.github.push(on.place, "later", {".pilot.yml": policy.encode()}, "Decide in February")
    company.prove(on.github, on.place, head)
    number = on.github.pull(on.place, "later", title="Decide in February")
    before, failing = on.run(number), on.codes(number)
    print(f"{on.address(number)}\n  {before.name}: {before.conclusion}\n  {before.annotations[0]['message']}")
    on.github.review(on.place, number, by="ana-r")
    after = on.run(number)
    print(f"  ana-r, who decides, approves of this commit.\n  {after.name}: {after.conclusion}")
    expected = ("failure", {"POL003"}, "success")
    yield "it is red until who decides has approved", (before.conclusion, failing, after.conclusion) == expected


def _commanded(on: Scene) -> Iterator[tuple[str, bool]]:
    _say("A vendor's API is late. Who decides waives a rule in a comment: first with a slip, then without.")
    on.github.push(on.place, "vendor", {"docs/vendor.md": b"# Their API lands in December\n"}, "Say when it comes")
    number = on.github.pull(on.place, "vendor", title="Wait for the vendor")
    print(on.address(number))
    because = "INT002 until +2w because the vendor's API lands in December"
    slip = on.said(number, f"/pilot wave {because}", by="ana-r")
    done = on.said(number, f"/pilot waive {because}", by="ana-r")
    pull = on.github.pull_request(on.place, number)
    company.prove(on.github, on.place, pull.head)
    run = on.run(number)
    git = pull.repository.git
    entry = git.entry(pull.head, ".pilot.yml")
    policy = git.blob(entry.sha).decode() if entry else ""
    print("\n".join(f"  + {line}" for line in policy.splitlines() if "rule: INT002" in line))
    print(f"  {run.name}: {run.conclusion}")
    expected = "did you mean `waive`?" in slip and "which you approve by this" in done and "rule: INT002" in policy
    yield "a command is a commit, and its sender's approval", expected and run.conclusion == "success"


def _overdue(on: Scene) -> Iterator[tuple[str, bool]]:
    _say(f"Some days pass. It is {_LATER}, and the compliance review that was due yesterday was not held.")
    on.app.restart(PILOTGATE_TODAY=str(_LATER))
    found = on.issue("REV002:compliance")
    if found is None:
        yield "the review's issue opens by itself", False
        return
    address = f"{on.github.url}/{on.place}/issues/{found.number}"
    print("\n".join([address, f"  {found.title}", *(f"    {line}" for line in _plain(found.body or "")[:3])]))
    yield "the review's issue opens by itself", "`compliance`" in found.title

    _say("The review is held. Who has reviewed signs it off where its record comes in.")
    record = {"docs/reviews/compliance.md": b"# Compliance review\n\nHeld on 2026-11-28. No objections.\n"}
    on.github.push(on.place, "compliance", record, "Keep the review's record")
    number = on.github.pull(on.place, "compliance", title="The compliance review")
    print(on.address(number))
    on.said(number, "/pilot sign-off compliance docs/reviews/compliance.md", by="pat")
    on.github.merge(on.place, number, by="ana")
    on.app.settle()
    why = _plain(found.comments[-1].body)[0] if found.comments else ""
    print(f"  It is merged.\n{address}\n  {found.state}, {found.reason}: {why}")
    closed = (found.state, found.reason, "mended on the default branch" in why)
    yield "it is closed by itself, with the reason", closed == ("closed", "completed", True)


def _killed(on: Scene) -> Iterator[tuple[str, bool]]:
    _say("The machine loses power right after GitHub was told `202 Accepted`.")
    on.github.push(on.place, "late", {"docs/late.md": b"# Late\n"}, "Write a page")
    number = on.github.pull(on.place, "late", title="A page")
    on.app.kill()
    print(
        f"  GitHub was answered {on.github.deliveries[-1].code}; every process of Pilotgate is killed, and starts again"
    )
    on.app.start()
    run = on.run(number)
    print(f"{on.address(number)}\n  {run.name}: {run.conclusion}")
    runs = on.github.checks(on.place, number, every=True)
    yield "nothing was lost and nothing done twice", run.conclusion == "success" and len(runs) == 1


def _own_steps(stage: Stage, stack: ExitStack, repository: Path, today: Today) -> Iterator[tuple[str, bool]]:
    checkout, shows = gather.Checkout(repository), starter.look(repository)
    if checkout.policy(stage.catalogue).absent:
        policy = starter.write(shows, today.date).encode()
        _say(f"{repository} has no .pilot.yml. This is the starter that `pilotgate init` would write:")
        print(policy.decode())
        _say("A pull request brings it in.")
    else:
        policy = _content(repository / gather.POLICY)
        _say(f"{repository} keeps a contract. A pull request touches it.")
    committed = (repository / ".git").exists() and checkout.commit().sha is not None
    content: dict[str, Any] = {"git": repository} if committed else {"files": _files(repository) or {"README.md": b""}}
    document = read(policy, gather.POLICY, Policy, stage.catalogue.codes)
    handles = [one for _, one in walk(document.model) if isinstance(one, Handle)]
    owner = next((one[1:].partition("/")[0] for one in handles if one.team), "you")
    on = stack.enter_context(scene(f"{owner}/{shows.name}", today, **content))
    company.engage(on.github, on.place, handles)
    yield from _proposed(stage, on, policy, today)


def _proposed(stage: Stage, on: Scene, policy: bytes, today: Today) -> Iterator[tuple[str, bool]]:
    branch = "pilotgate-demo"
    on.github.push(on.place, branch, {gather.POLICY: policy + b"\n# A change.\n"}, "A change")
    number = on.github.pull(on.place, branch, title="What Pilotgate says of this repository")
    run = on.run(number)
    print(f"{on.address(number)}\n  {run.name}: {run.conclusion}\n  {run.title}\n")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "checkout"
        pull = on.github.pull_request(on.place, number)
        cloned = ["git", "clone", "--quiet", "--branch", branch, str(pull.repository.git.folder), str(folder)]
        subprocess.run(cloned, check=True, capture_output=True)
        rules = list(stage.catalogue.rules.values())
        checkout = gather.Checkout(folder)
        reviewed = review.check(
            checkout, review.Check(stage.catalogue, rules, Organisation(), today, f"origin/{pull.base_ref}")
        )
    print("$ pilotgate check\n")
    sys.stdout.write(text.render(Shown(reviewed.report, stage.catalogue, reviewed.document.text, colour=stage.colour)))
    # A pull request is held to the lines that it adds, a checkout to all of them, and people are GitHub's to know.
    apart = {rule.code for rule in rules if _APART & {*rule.needs.values()}}
    said = {one.code for one in reviewed.report.findings}
    yield "the check run says what `pilotgate check` says", on.codes(number) - apart == said - apart


def _files(folder: Path, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files of a folder, large and vendored ones apart."""
    paths = [path for path in gather.Checkout(folder).listed if path not in without]
    found = {path: folder / path for path in paths if (folder / path).is_file() and not (folder / path).is_symlink()}
    return {path: file.read_bytes() for path, file in found.items() if file.stat().st_size <= _LARGEST}


def _content(file: Path) -> bytes:
    try:
        return gather.read_bounded(file)
    except UserError:
        return b""


def _check(stage: Stage, folder: Path, today: Today) -> Reviewed:
    rules = list(stage.catalogue.rules.values())
    return review.check(gather.Checkout(folder), review.Check(stage.catalogue, rules, Organisation(), today))


def _apply(file: Path, reviewed: Reviewed) -> int:
    """Put in every replacement, from the last line up so that the lines above keep their numbers; how many."""
    fixes = [one for one in reviewed.report.findings if one.replacement is not None]
    mended = applied(file.read_text(encoding="utf-8"), fixes)
    assert mended is not None  # the example's fixes do not meet
    file.write_text(mended, encoding="utf-8")
    return len(fixes)


def _plain(body: str) -> list[str]:
    """The lines of a comment that people see."""
    return [line for line in body.splitlines() if line and not line.startswith("<!--")]


def _say(line: str) -> None:
    print(f"\n== {line}\n", flush=True)
