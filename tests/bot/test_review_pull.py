"""A pull request's review: what it asks GitHub for, what it decides, and what it writes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import responses

from bot.demo import tour
from bot.errors import Refused, RetryLater
from bot.gather import Checkout
from bot.gather.head import AtHead
from bot.gather.metrics import UNSET, Metrics
from bot.gather.pull import Asked as Wanted
from bot.gather.pull import read_pull
from bot.github.client import Installation
from bot.review import pull
from bot.review.pull import Asked, By
from bot.store.ledger import Ledger
from bot.store.memory import Memory
from rules.catalogue import catalogue
from rules.facts import Presence, Unverifiable
from rules.policy import Policy
from tests.bot.github.hub import HEAD, Hub
from tests.stores import empty

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ASKED = Asked("acme/triage", 17)
EXAMPLE = Path(tour.__file__).parent / "example"
FAILING = (EXAMPLE.parent / "failing.pilot.yml").read_bytes()
# The example's addresses lead to the repository that it is played in.
GOOD = {
    str(file.relative_to(EXAMPLE)): file.read_bytes().replace(b"acme/invoice-triage", ASKED.repository.encode())
    for file in EXAMPLE.rglob("*")
    if file.is_file()
}
MEASURED = json.loads(GOOD[tour.RESULTS])["commit"]
SEEN = [f"GET /repos/acme/triage/git/trees/{HEAD}", "GET /repos/acme/triage/pulls/17/files", "Files"]
COMPARE = f"GET /repos/acme/triage/compare/{MEASURED}...{HEAD}"
SMALL = b"version: 1\npilot: {name: triage, stage: pilot, start: 2026-11-02}\n"
PLANNED = SMALL.replace(b"stage: pilot", b"stage: planned")


@pytest.fixture
def hub() -> Hub:
    measured = {MEASURED: {"status": "ahead", "files": []}}
    return Hub(files=dict(GOOD), base={".pilot.yml": GOOD[".pilot.yml"]}, compared=measured)


@pytest.fixture
def installation(hub: Hub) -> Iterator[Installation]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield hub.start(mock)


@pytest.fixture
def by() -> By:
    return _remembering_nothing()


def _unasked(_: str, policy: Policy | None) -> Metrics:
    return Metrics(None, policy, UNSET)


def _review(installation: Installation, now: datetime = NOW, asked: Asked = ASKED) -> int:
    return pull.review(installation, _remembering_nothing(now), asked)


def _remembering_nothing(now: datetime = NOW) -> By:
    store = empty()
    return By(catalogue(), now, _unasked, Memory(store), Ledger(store))


def _run(hub: Hub) -> dict[str, Any]:
    return hub.runs[max(hub.runs)]


def _codes(hub: Hub) -> set[str]:
    return {note["title"].split()[0] for note in _run(hub)["output"]["annotations"]}


def test_a_pull_request_fails_is_mended_and_passes_in_six_requests_at_most(
    hub: Hub, installation: Installation
) -> None:
    hub.files[".pilot.yml"] = hub.base[".pilot.yml"] = FAILING
    assert _review(installation) == 1
    assert hub.counted() == ["Pull", *SEEN, "POST /repos/acme/triage/check-runs"]
    assert _run(hub)["conclusion"] == "failure"
    assert _run(hub)["head_sha"] == HEAD
    assert {"OWN001", "CRI001", "REV002"} <= _codes(hub)
    hub.files, hub.base = dict(GOOD), {".pilot.yml": GOOD[".pilot.yml"]}
    assert _review(installation) == 1
    assert hub.counted() == ["Pull", *SEEN, COMPARE, "POST /repos/acme/triage/check-runs"]
    assert _run(hub)["conclusion"] == "success"
    assert _run(hub)["output"]["annotations"] == []
    assert _review(installation) == 0
    assert hub.counted() == ["Pull", *SEEN, COMPARE]


@pytest.mark.parametrize(
    "change",
    [{"pull": {"state": "CLOSED"}}, {"pull": {"state": "MERGED"}}, {"repository": {"isArchived": True}}],
)
def test_what_is_over_is_left_alone(change: dict[str, Any], hub: Hub, installation: Installation) -> None:
    for name, value in change.items():
        setattr(hub, name, value)
    assert _review(installation) == 0
    assert hub.counted() == ["Pull"]


def test_a_button_on_a_head_that_has_moved_does_nothing(hub: Hub, installation: Installation) -> None:
    assert _review(installation, asked=Asked("acme/triage", 17, head="c" * 40)) == 0
    assert _review(installation, asked=Asked("acme/triage", 17, head=HEAD)) == 1


def test_the_base_says_how_strictly(hub: Hub, installation: Installation) -> None:
    hub.files, hub.base = {".pilot.yml": PLANNED}, {".pilot.yml": SMALL}
    _review(installation)
    assert _run(hub)["conclusion"] == "failure"
    hub.base = {".pilot.yml": PLANNED}
    _review(installation)
    assert _run(hub)["conclusion"] == "success"
    assert {note["annotation_level"] for note in _run(hub)["output"]["annotations"]} <= {"warning", "notice"}


@pytest.mark.parametrize(("base", "conclusion"), [({}, "success"), ({".pilot.yml": b"version: ["}, "failure")])
def test_a_base_without_a_policy_is_planned_and_a_broken_one_is_not(
    base: dict[str, bytes], conclusion: str, hub: Hub, installation: Installation
) -> None:
    hub.files, hub.base = {".pilot.yml": PLANNED}, base
    _review(installation)
    assert _run(hub)["conclusion"] == conclusion


def test_today_is_the_organisations(hub: Hub, installation: Installation) -> None:
    hub.organisation = {".pilot-org.yml": b"version: 1\ntimezone: Pacific/Kiritimati\n"}
    _review(installation, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert "as of 2026-11-25" in _run(hub)["output"]["summary"]


def test_a_policy_that_is_removed_fails(hub: Hub, installation: Installation) -> None:
    del hub.files[".pilot.yml"]
    _review(installation)
    assert _run(hub)["conclusion"] == "failure"
    assert _codes(hub) == {"POL003"}
    assert ".pilot.yml is taken away" in _run(hub)["output"]["text"]
    hub.base = {".pilot.yml": b"version: ["}
    _review(installation)
    assert _run(hub)["conclusion"] == "failure"
    hub.organisation = {".pilot-org.yml": b"version: 1\nmode: advise\n"}
    _review(installation)
    assert _run(hub)["conclusion"] == "neutral"


def test_no_pilot_at_all_is_neutral(hub: Hub, installation: Installation) -> None:
    hub.files, hub.base = {"README.md": b""}, {}
    _review(installation)
    assert (_run(hub)["conclusion"], _run(hub)["output"]["title"]) == ("neutral", "No pilot here")
    assert hub.counted() == ["Pull", "POST /repos/acme/triage/check-runs"]


@pytest.mark.parametrize(
    ("wanted", "topics", "properties", "conclusion"),
    [
        ("{topics: [ai]}", ["ai"], None, "failure"),
        ("{topics: [ai]}", ["web"], None, "neutral"),
        ("{properties: {kind: [pilot]}}", ["ai"], {"kind": "pilot"}, "failure"),
        ("{properties: {kind: [pilot]}}", ["ai"], {"kind": "tool"}, "neutral"),
        ("{topics: [ai], properties: {kind: [pilot]}}", ["ai"], None, "failure"),
        # A gate must not open for want of evidence.
        ("{properties: {kind: [pilot]}}", ["ai"], None, "failure"),
    ],
)
def test_a_policy_that_is_asked_for_and_is_not_there_fails(
    wanted: str,
    topics: list[str],
    properties: dict[str, str] | None,
    conclusion: str,
    hub: Hub,
    installation: Installation,
) -> None:
    hub.files, hub.base, hub.topics, hub.properties = {"README.md": b""}, {}, topics, properties
    hub.organisation = {".pilot-org.yml": f"version: 1\nrequired_for: {wanted}\n".encode()}
    _review(installation)
    assert _run(hub)["conclusion"] == conclusion


def test_advice_is_neutral(hub: Hub, installation: Installation) -> None:
    hub.files[".pilot.yml"] = FAILING
    hub.organisation = {".pilot-org.yml": b"version: 1\nmode: advise\n"}
    _review(installation)
    assert _run(hub)["conclusion"] == "neutral"
    assert "REV002" in _codes(hub)


@pytest.mark.parametrize(
    "content", [b"mode: strict\nversion: 1\n", b"\xff\xfe", b"", b"x" * 300_000, b"version: 1\0"], ids=range(5)
)
def test_an_organisations_file_that_is_broken_closes_the_gate(
    content: bytes, hub: Hub, installation: Installation
) -> None:
    hub.organisation = {".pilot-org.yml": content}
    hub.files[".pilot-org.yml"] = content
    _review(installation)
    assert _run(hub)["conclusion"] == "action_required"
    assert "line 1" in _run(hub)["output"]["summary"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        SMALL + b"owner: {}\n",
        b"\xef\xbb\xbf" + SMALL,
        SMALL.replace(b"\n", b"\r\n"),
        SMALL + b"# gr\xfc\xdfe\n",
        b"\0" + SMALL,
        SMALL.decode().encode("utf-16"),
        SMALL + b"# " + b"x" * 256 * 1024,
        SMALL + "# \N{REPLACEMENT CHARACTER}\n".encode(),
    ],
    ids=range(9),
)
def test_any_content_is_read_as_in_a_checkout(
    content: bytes, hub: Hub, installation: Installation, tmp_path: Path
) -> None:
    hub.files = {".pilot.yml": content}
    (tmp_path / ".pilot.yml").write_bytes(content)
    here = Checkout(tmp_path).policy(catalogue())
    there = read_pull(installation, catalogue(), Wanted("acme/triage", 17)).policy
    assert (there.model, there.problems) == (here.model, here.problems)
    assert there.text.text == here.text.text


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (("other.yml",), "this is a symbolic link: commit the file itself"),
        (None, "this is a folder: a file belongs here"),
    ],
)
def test_what_is_no_file_is_not_read(
    entry: tuple[str] | None, message: str, hub: Hub, installation: Installation
) -> None:
    hub.files = {".pilot.yml": entry, "other.yml": SMALL}
    _review(installation)
    assert _run(hub)["conclusion"] == "failure"
    assert [note["message"] for note in _run(hub)["output"]["annotations"]] == [message]


_STANDING: dict[str, Presence] = {
    "docs": Presence.FOLDER,
    ".": Presence.FOLDER,
    "docs/a.md": Presence.FILE,
    "docs/no.md": Presence.NOTHING,
    "docs/a.md/b": Presence.NOTHING,
    "link.md": Presence.FILE,
    "to-docs": Presence.FOLDER,
    "to-docs/a.md": Presence.FILE,
    "to-docs/no.md": Presence.NOTHING,
    "deep/down/link": Presence.FILE,
    "deep/out": Presence.OUTSIDE,
    "absolute": Presence.OUTSIDE,
    "absolute/passwd": Presence.OUTSIDE,
    "loop": Presence.NOTHING,
    "dangling": Presence.NOTHING,
    "root": Presence.FOLDER,
    "root/docs/a.md": Presence.FILE,
    "through-file": Presence.NOTHING,
    "chain": Presence.FILE,
    "x" * 5000: Presence.NOTHING,
}


def test_links_lead_where_they_lead_in_a_checkout(hub: Hub, installation: Installation, tmp_path: Path) -> None:
    links = {
        "link.md": "docs/a.md",
        "to-docs": "./docs/",
        "deep/down/link": "../../docs/a.md",
        "deep/out": "../../etc",
        "absolute": "/etc",
        "loop": "loop",
        "dangling": "nowhere",
        "root": ".",
        "through-file": "docs/a.md/../a.md",
        "chain": "link.md",
    }
    policy = SMALL + f"runbooks: [{', '.join(f'{{file: {path!r}}}' for path in _STANDING)}]\n".encode()
    hub.files = {"docs/a.md": b"", ".pilot.yml": policy, **{path: (target,) for path, target in links.items()}}
    for path, content in {"docs/a.md": b"", ".pilot.yml": policy}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for path, target in links.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(target)
    seen = read_pull(installation, catalogue(), Wanted("acme/triage", 17))
    there = AtHead(installation, seen, UTC).tree(seen.policy.model)
    here = Checkout(tmp_path).tree(seen.policy.model)
    assert dict(getattr(there, "entries")) == _STANDING  # noqa: B009
    different = {path for path in _STANDING if here.entries[path] != _STANDING[path]}
    assert different <= {"through-file"}


def test_the_example_stands_as_in_a_checkout(hub: Hub, installation: Installation) -> None:
    seen = read_pull(installation, catalogue(), Wanted("acme/triage", 17))
    assert AtHead(installation, seen, UTC).tree(seen.policy.model) == Checkout(EXAMPLE).tree(seen.policy.model)


@pytest.mark.parametrize("paths", [[f"p{number}" for number in range(501)], ["a/" * 1900 + str(n) for n in range(3)]])
def test_a_policy_that_names_too_many_paths_is_not_looked_up(
    paths: list[str], hub: Hub, installation: Installation
) -> None:
    named = ", ".join(f"{{file: {path}}}" for path in paths)
    hub.files = {".pilot.yml": SMALL + f"runbooks: [{named}]\n".encode()}
    seen = read_pull(installation, catalogue(), Wanted("acme/triage", 17))
    assert isinstance(AtHead(installation, seen, UTC).tree(seen.policy.model), Unverifiable)
    assert hub.counted() == ["Pull"]
    assert _review(installation) > 0


def test_many_paths_are_asked_for_a_hundred_at_a_time(hub: Hub, installation: Installation) -> None:
    named = ", ".join(f"{{file: d/p{number}}}" for number in range(250))
    hub.files = {".pilot.yml": SMALL + f"runbooks: [{named}]\n".encode()}
    hub.truncated = True
    _review(installation)
    assert [one for one in hub.counted() if one == "Paths"] == ["Paths"] * 3


def test_a_head_beyond_the_list_of_commits_is_read_by_its_id(hub: Hub, installation: Installation) -> None:
    hub.pull = {"headRefOid": "c" * 40}
    _review(installation)
    there = [one.replace(HEAD, "c" * 40) for one in (*SEEN, COMPARE)]
    assert hub.counted() == ["Pull", "Head", *there, "POST /repos/acme/triage/check-runs"]
    assert _run(hub)["head_sha"] == "c" * 40


def test_a_repository_of_another_name_is_read_once_more_by_it(hub: Hub, installation: Installation) -> None:
    _review(installation, asked=Asked("old/name", 17))
    assert hub.counted() == ["Pull", "Pull", *SEEN, COMPARE, "POST /repos/acme/triage/check-runs"]


def test_what_is_not_to_be_seen_yet_is_asked_for_again(hub: Hub, installation: Installation) -> None:
    hub._pull = lambda variables: {  # type: ignore[method-assign]
        "repository": {"nameWithOwner": "acme/triage", "pullRequest": None},
        "organisation": None,
    }
    with pytest.raises(RetryLater, match="acme/triage#17"):
        _review(installation)


def test_a_repository_that_may_not_be_seen_is_final(hub: Hub, installation: Installation) -> None:
    hub._pull = lambda variables: {"repository": None, "organisation": None}  # type: ignore[method-assign]
    with pytest.raises(Refused, match="acme/triage is not there"):
        _review(installation)


def test_another_base_has_a_check_of_its_own(hub: Hub, installation: Installation) -> None:
    hub.pull = {"baseRefName": "release"}
    _review(installation)
    assert _run(hub)["name"] == "Pilot readiness (release)"


def test_an_explanation_is_written_once_for_each_head(hub: Hub, installation: Installation) -> None:
    hub.files[".pilot.yml"] = FAILING
    hub.comments = [
        {"body": f"<!-- pilotgate:explain:{HEAD} -->", "viewerDidAuthor": False, "databaseId": 1, "id": "C1"}
    ]
    for _ in range(2):
        pull.explain(installation, _remembering_nothing(), ASKED)
    assert [method for method, _ in hub.writes] == ["POST"]
    assert hub.counted() == ["Pull", *SEEN, "POST /repos/acme/triage/issues/17/comments", "Pull"]
    assert "### REV002 review-overdue" in hub.writes[0][1]["body"]


def test_nothing_is_explained_where_nothing_is_judged(hub: Hub, installation: Installation) -> None:
    hub.organisation = {".pilot-org.yml": b"mode: strict"}
    pull.explain(installation, _remembering_nothing(), ASKED)
    hub.organisation, hub.pull = None, {"state": "CLOSED"}
    pull.explain(installation, _remembering_nothing(), ASKED)
    assert hub.writes == []
