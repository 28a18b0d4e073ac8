"""Under which organisation's file each account stands, and in which pilots the check can't stop a merge."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from bot.doctor.line import Line
from bot.errors import Refused, RetryLater
from bot.gather.gate import required_there
from bot.gather.names import ORGANISATION, POLICY
from bot.gather.pilots import Pilot, pilots
from bot.github.checks import NAME
from bot.github.client import App, Installation
from rules.catalogue import Catalogue
from rules.document import Document, read
from rules.policy import Organisation

INSTALLATIONS, REPOSITORIES, PILOTS = 20, 1000, 100
"""How many installations are looked at, and of each how many repositories and pilots: each takes requests."""
_PAGE = 100

Seen = Callable[[str], bool]
"""Whether an account's organisation's file was ever seen."""


def examine(
    app: App, catalogue: Catalogue, installed: Sequence[Mapping[str, Any]], seen: Seen | None
) -> Iterator[Line]:
    """The lines on these installations. Without `seen` nothing is said of files that are not there."""
    for one in installed[:INSTALLATIONS]:
        account = str(one["account"]["login"])
        try:
            yield from _organisation(app.installation(one["id"]), catalogue, account, seen)
            yield from _gates(app.installation(one["id"]), catalogue, account)
        except (RetryLater, Refused) as error:
            yield Line(False, "gate", f"{account}: {error.reason}")
    if len(installed) > INSTALLATIONS:
        left = f"only the first {INSTALLATIONS} of {len(installed)} installations were looked at"
        yield Line(True, "gate", left)


def _organisation(installation: Installation, catalogue: Catalogue, account: str, seen: Seen | None) -> Iterator[Line]:
    found = _file(installation, catalogue, account)
    where = f"{ORGANISATION} of {account}/.github"
    if found is not None and found.problems:
        first = found.problems[0]
        said = f"{where} can't be read, so every check is action_required; line {first.place.line}: {first.message}"
        yield Line(False, "organisation", said)
    elif found is not None:
        yield Line(True, "organisation", f"{account}: {ORGANISATION} is in force")
    elif seen is not None and seen(account):
        said = (
            f"{where} was there once and is out of sight, so every check is action_required: bring the file back,"
            f" give the app access to {account}/.github, or `pilotgate organisation forget {account}`"
        )
        yield Line(False, "organisation", said)
    elif seen is not None:
        yield Line(True, "organisation", f"{account}: no {ORGANISATION} was ever seen, so the defaults apply")


def _file(installation: Installation, catalogue: Catalogue, account: str) -> Document[Organisation] | None:
    try:
        found = installation.get(f"/repos/{account}/.github/contents/{ORGANISATION}")
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    content = found.get("content") if isinstance(found, dict) else None
    return read(b64decode(content or ""), ORGANISATION, Organisation, catalogue.codes)


def _gates(installation: Installation, catalogue: Catalogue, account: str) -> Iterator[Line]:
    names, count = _names(installation)
    found = (one for one in pilots(installation, catalogue, names) if not (one.archived or one.policy.absent))
    known = list(islice(found, PILOTS + 1))
    open_gates = [line for one in known[:PILOTS] for line in _gate(installation, one)]
    yield from open_gates
    if not known:
        yield Line(True, "gate", f"{account}: no repository has a {POLICY} on its default branch yet")
    elif not open_gates:
        shut = len(known[:PILOTS])
        yield Line(True, "gate", f"{account}: required of {shut} pilot{'s' if shut > 1 else ''}")
    if count > len(names):
        yield Line(True, "gate", f"{account}: only the first {len(names)} of {count} repositories were looked at")
    if len(known) > PILOTS:
        yield Line(True, "gate", f"{account}: only the first {PILOTS} pilots were looked at")


def _gate(installation: Installation, one: Pilot) -> Iterator[Line]:
    branch = one.branch or ""
    try:
        if not required_there(installation, (one.name, branch), NAME):
            said = (
                f"{one.name}: no ruleset of {branch} requires `{NAME}` with this app as its source, so it stops no"
                " merge: require it in the repository's settings, under Rules"
            )
            yield Line(False, "gate", said)
    except Refused as refused:
        yield Line(False, "gate", f"{one.name}: whether the check is required can't be told: {refused.reason}")


def _names(installation: Installation) -> tuple[list[str], int]:
    """The repositories of an installation, and how many there are."""
    names: list[str] = []
    for page in range(1, REPOSITORIES // _PAGE + 1):
        found = installation.get("/installation/repositories", {"per_page": _PAGE, "page": page})
        names += [str(one["full_name"]) for one in found["repositories"]]
        if len(found["repositories"]) < _PAGE:
            break
    return names, int(found["total_count"])
