"""Who belongs where changes, and the app is told if it has subscribed and may know."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.demo.github import EVENTS
from bot.demo.github.webhooks import NEEDS
from tests.bot.demo.stage import Client, Inbox, staged

REPO = "acme/triage"


@pytest.fixture
def told(box: Inbox) -> Iterator[tuple[Client, Inbox]]:
    with staged(events=sorted(NEEDS)) as client:
        client.stand.hooks.url = box.url
        yield client, box


def payloads(box: Inbox) -> list[dict[str, Any]]:
    return [json.loads(data) for _, data in box.got]


def test_a_team_comes_changes_and_goes(told: tuple[Client, Inbox]) -> None:
    stand, box = told[0].stand, told[1]
    stand.team("acme", "ML", ["zoe"], {REPO: "read"})
    stand.team("acme", "ml", ["zoe"], {REPO: "write"}, by="bob")
    stand.team("acme", "below", ["max"], parent="ml")
    stand.part("acme", "ml", "zoe")
    stand.withdraw("acme", "ml", REPO)
    stand.delete_team("acme", "ml")
    assert box.events == [
        ("team", "created"),
        ("organization", "member_added"),
        ("membership", "added"),
        ("team", "added_to_repository"),
        ("team", "edited"),
        ("team", "created"),
        ("organization", "member_added"),
        ("membership", "added"),
        ("membership", "removed"),
        ("team", "removed_from_repository"),
        ("team", "deleted"),
        ("team", "deleted"),
    ]
    found = payloads(box)
    assert (found[2]["team"]["slug"], found[2]["member"]["login"], "repository" in found[2]) == ("ml", "zoe", False)
    assert (found[3]["repository"]["full_name"], found[4]["sender"]["login"]) == (REPO, "bob")
    assert found[4]["changes"]["repository"]["permissions"]["from"] == {"pull": True, "push": False, "admin": False}
    assert found[5]["team"]["parent"]["slug"] == "ml"
    assert stand.world.teams == {}


def test_who_leaves_has_no_role_any_longer(told: tuple[Client, Inbox]) -> None:
    client, box = told
    stand = client.stand
    stand.team("acme", "ml", ["zoe"], {REPO: "admin"})
    stand.permit(REPO, "zoe", "maintain")
    stand.permit(REPO, "zoe", "maintain")
    box.got.clear()
    stand.leave("acme", "zoe", by="ana")
    assert box.events == [("membership", "removed"), ("organization", "member_removed")]
    found = payloads(box)[1]
    assert (found["membership"]["user"]["login"], found["organization"]["login"]) == ("zoe", "acme")
    got = client.ask("GET", f"/repos/{REPO}/collaborators/zoe/permission").json()
    assert got["role_name"] == "none"
    with pytest.raises(KeyError):
        stand.leave("acme", "zoe")


def test_a_collaborator_is_told_with_the_role_of_before(told: tuple[Client, Inbox]) -> None:
    stand, box = told[0].stand, told[1]
    for role in ("triage", "maintain", "none"):
        stand.permit(REPO, "sam", role)
    found = payloads(box)
    assert [one["action"] for one in found] == ["added", "edited", "removed"]
    assert found[0]["changes"] == {"permission": {"to": "read"}, "role_name": {"to": "triage"}}
    assert found[1]["changes"] == {"permission": {"from": "read", "to": "write"}}
    with pytest.raises(ValueError, match="owner is none of"):
        stand.permit(REPO, "sam", "owner")


def test_custom_properties_are_told_as_they_were_and_are(told: tuple[Client, Inbox]) -> None:
    client, box = told
    client.stand.properties(REPO, tier="one", risk=["a"])
    client.stand.properties(REPO, tier=None, risk=["a"])
    found = payloads(box)[-1]
    assert found["new_property_values"] == [{"property_name": "tier", "value": None}]
    assert found["old_property_values"] == [{"property_name": "tier", "value": "one"}]
    listed = client.ask("GET", f"/repos/{REPO}/properties/values").json()
    assert listed == [{"property_name": "risk", "value": ["a"]}]
    client.stand.properties(REPO, risk=["a"])
    assert len(box.got) == 2


def test_nobody_is_told_without_the_permission_or_the_subscription(box: Inbox) -> None:
    for permissions, events in (({"metadata": "read"}, sorted(NEEDS)), (None, EVENTS)):
        with staged(permissions, events) as client:
            client.stand.hooks.url = box.url
            client.stand.team("acme", "ml", ["zoe"], {REPO: "write"})
            client.stand.permit(REPO, "sam", "read")
            client.stand.properties(REPO, tier="one")
    assert box.got == []
