"""What a review of a pull request would post, and why: everything is read and judged, and nothing written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused, RetryLater, UserError
from bot.gather.pull import Pull, Unseen
from bot.github.checks import CheckRun
from bot.github.client import App
from bot.github.faults import Answer
from bot.review import sticky
from bot.review.judge import By, Judgement
from bot.review.pull import Asked, decide, read

_NAME = re.compile(r"([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+)#([1-9][0-9]{0,8})")
_DOCUMENT = re.compile(r"^(query|mutation) (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What would be posted, what it was judged by, and whether a comment beside the check run belongs to it."""

    pull: Pull
    run: CheckRun
    found: Judgement
    comment: bool


class Reader(App):
    """An app that reads, lets nothing be written, and keeps what was `asked`."""

    def __init__(self, app_id: int, private_key: str, api_url: str) -> None:
        """UserError for a key that signs nothing."""
        super().__init__(app_id, private_key, api_url)
        self.asked: list[str] = []

    def ask(
        self,
        token: str,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: Any = None,
        tag: str | None = None,
    ) -> Answer | Exception:
        """Send one request that reads."""
        document = _DOCUMENT.search(body["query"]) if path == "graphql" else None
        reads = verb == "GET" or path.endswith("/access_tokens") or (document is not None and document[1] == "query")
        assert reads, f"{verb} {path} would write"
        self.asked.append(f"graphql {document[2]}" if document else f"{verb} {path}")
        return super().ask(token, verb, path, parameters, body, tag)


def parse(text: str) -> Asked:
    """The pull request that `OWNER/REPO#NUMBER` names; UserError for anything else."""
    found = _NAME.fullmatch(text)
    if found is None:
        raise UserError(f"{text}: write OWNER/REPO#NUMBER, as in acme/triage#17")
    return Asked(found[1], int(found[2]))


def simulate(app: Reader, by: By, asked: Asked) -> Simulated:
    """What would be posted on a pull request; UserError where nothing would."""
    where = f"{asked.repository}#{asked.number}"
    try:
        installation = app.installation(_installed(app, asked.repository))
        pull = read(installation, by, asked, comments=True)
        if not pull.open:
            raise UserError(f"{where} is closed, or its repository archived: nothing is posted there")
        found, run = decide(installation, by, pull)
    except Unseen as error:
        raise UserError(f"there is no pull request {where}: look at its number") from error
    except (Refused, RetryLater) as error:
        raise UserError(f"{where} can't be judged: {error.reason}") from error
    return Simulated(pull, run, found, sticky.wanted(found, run))


def _installed(app: App, repository: str) -> int:
    try:
        return int(app.get(f"/repos/{repository}/installation")["id"])
    except Refused as refused:
        if refused.status != 404:
            raise
        owner = repository.partition("/")[0]
        said = f"{repository} is not there, or the app is not installed on it: install it for {owner} from its page"
        raise UserError(said) from refused
