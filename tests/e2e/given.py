"""What the end-to-end tests begin with: a policy that keeps every promise, one that does not, and a repository."""

from bot.demo import company, tour
from bot.demo.github import StandIn
from tests.bot.given import EXAMPLE, FAILING, SMALL

POLICY = ".pilot.yml"
CHECK = "    check: integration / invoices\n"
_EXAMPLE = {
    path.relative_to(EXAMPLE).as_posix(): path.read_bytes() for path in sorted(EXAMPLE.rglob("*")) if path.is_file()
}
FILES = {**_EXAMPLE, POLICY: _EXAMPLE[POLICY].replace(CHECK.encode(), b"")}
"""The shipped example, which keeps every promise on the day of the tests; it names no check that others have to run."""

HERE = "acme/triage"
GOOD = FILES[POLICY].decode()
BAD = FAILING.read_text(encoding="utf-8")
"""The same pilot as the demo begins with."""
BARE = SMALL
"""It promises nothing, and so names no path that would have to be looked up."""
UNOWNED = GOOD.replace('  monitor: "@acme/ml-oncall"\n', "")
"""Nobody watches it, and nothing else is wrong."""
SAID = {("OWN001", "owners:"), ("POL003", "owners:")}
"""What is said of that against the base branch's, and on which lines: it is missing, and was there before."""
WITHOUT = {path: data for path, data in FILES.items() if path != POLICY}
"""The example before its pilot was written down."""
NAME = "Pilot readiness"


def at_home(text: str, place: str) -> str:
    """The same with the teams of the organisation that this repository belongs to."""
    return text.replace("@acme/", f"@{place.partition('/')[0]}/")


def planted(stand: StandIn, place: str) -> None:
    """A repository with the shipped example, whose results name a commit that is there."""
    files = {path: at_home(data.decode(), place).encode() for path, data in FILES.items()}
    first = stand.repository(place, files=files).git.branch("main")
    assert first is not None
    company.employ(stand, place)
    stand.push(place, "main", tour.measured(first))
