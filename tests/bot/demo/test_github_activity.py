"""Who has pushed is what GitHub has seen, whoever the commits name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.demo.github import StandIn
from tests.bot.demo.stage import Client, staged

REPO = "acme/triage"


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    got = client.ask("GET", f"/repos/{REPO}/activity{query}")
    assert got.status_code == 200
    found: list[dict[str, Any]] = got.json()
    return found


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["activity_type"], one["actor"]["login"]) for one in found]


def test_who_moved_a_branch_is_known_whoever_the_commits_name(client: Client) -> None:
    stand = client.stand
    old = stand.pull_request(REPO, 1).head
    new = stand.push(REPO, "feature", {"a": "1"}, author="Ana <ana@users.noreply.github.com>", by="mallory")
    stand.reset(REPO, "feature", stand.pull_request(REPO, 1).base, by="eve")
    stand.reset(REPO, "feature", new, by="dev")
    merge = stand.merge(REPO, 1, by="zoe")
    stand.reset(REPO, "feature", None, by="zoe")
    found = listed(client, "?ref=refs/heads/feature")
    assert kinds(found) == [
        ("branch_deletion", "zoe"),
        ("push", "dev"),
        ("force_push", "eve"),
        ("push", "mallory"),
        ("branch_creation", "dev"),
    ]
    assert (found[3]["before"], found[3]["after"], found[0]["after"]) == (old, new, "0" * 40)
    main = listed(client, "?ref=main")
    assert (kinds(main), main[0]["after"]) == ([("pr_merge", "zoe"), ("branch_creation", "acme")], merge)
    assert kinds(listed(client, "?actor=EVE&activity_type=force_push")) == [("force_push", "eve")]


def test_pages_go_by_a_cursor(client: Client) -> None:
    for number in range(4):
        client.stand.commit(REPO, "more", {"a": str(number)}, by=f"p{number}")
    address = f"/repos/{REPO}/activity?ref=more&per_page=2&direction=asc"
    first = client.ask("GET", address)
    second = client.ask("GET", first.links["next"]["url"])
    assert [one["actor"]["login"] for got in (first, second) for one in got.json()] == ["p0", "p1", "p2", "p3"]
    assert (set(first.links), set(second.links)) == ({"next"}, {"prev"})
    back = client.ask("GET", second.links["prev"]["url"])
    assert back.json() == first.json()


def test_what_is_long_ago_is_left_out_if_asked() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with StandIn(clock=lambda: now) as stand:
        stand.repository(REPO, files={"a": "b"})
        client = Client(stand, stand.install("acme"))
        now += timedelta(days=3)
        with client.session:
            assert (len(listed(client, "?time_period=day")), len(listed(client, "?time_period=week"))) == (0, 1)


def test_it_takes_contents() -> None:
    with staged({"metadata": "read", "pull_requests": "write"}) as client:
        assert client.ask("GET", f"/repos/{REPO}/activity").status_code == 403
