"""Who reviewed and who wrote what a pull request brings: what approvals and labels are worth is read from these."""

import json
from typing import Any

import pytest

from tests.bot.demo.stage import Client, Inbox

REPO = "acme/triage"
REVIEWS = """{ repository(owner: "acme", name: "triage") { pullRequest(number: 1) {
  latestOpinionatedReviews(first: 9) { nodes { author { login } state commit { oid } authorCanPushToRepository } }
  writers: latestOpinionatedReviews(first: 9, writersOnly: true) { nodes { author { login } } }
  reviews(first: 9, states: [APPROVED]) { nodes { author { login } submittedAt authorAssociation } } } } }"""


def read(client: Client, text: str) -> Any:
    found = client.query(text)
    assert "errors" not in found
    return found["data"]["repository"]["pullRequest"]


def test_the_last_opinion_of_each_person_counts_and_a_comment_is_none(client: Client) -> None:
    stand = client.stand
    stand.member("acme", "zoe")
    old = stand.pull_request(REPO, 1).head
    stand.review(REPO, 1, by="ana", state="CHANGES_REQUESTED")
    stand.review(REPO, 1, by="ana", commit=old)
    stand.review(REPO, 1, by="ana", state="COMMENTED", body="By the way")
    stand.dismiss(stand.review(REPO, 1, by="zoe"), by="ana")
    stand.commit(REPO, "feature", {"b": "b"})
    found = read(client, REVIEWS)
    ana, zoe = found["latestOpinionatedReviews"]["nodes"]
    assert (ana["author"]["login"], ana["state"], ana["commit"]["oid"]) == ("ana", "APPROVED", old)
    assert (zoe["state"], zoe["authorCanPushToRepository"]) == ("DISMISSED", False)
    assert found["writers"]["nodes"] == [{"author": {"login": "ana"}}]
    assert [one["authorAssociation"] for one in found["reviews"]["nodes"]] == ["MEMBER"]


def test_what_github_refuses_of_reviews(client: Client) -> None:
    stand = client.stand
    with pytest.raises(ValueError, match="your own pull request"):
        stand.review(REPO, 1, by="dev")
    with pytest.raises(ValueError, match="submits a review as PENDING"):
        stand.review(REPO, 1, state="PENDING")
    with pytest.raises(ValueError, match="can't be dismissed"):
        stand.dismiss(stand.review(REPO, 1, by="dev", state="COMMENTED"))


def test_reviews_and_labels_are_told_with_whoever_changed_them(client: Client, box: Inbox) -> None:
    stand = client.stand
    stand.hooks.url = box.url
    review = stand.review(REPO, 1, by="zoe", body="Good")
    stand.edit_review(review, "Very good")
    stand.dismiss(review, by="ana")
    stand.relabel(REPO, 1, add=["a", "b"], by="zoe")
    stand.relabel(REPO, 1, add=["c"], remove=["a"], by="ana")
    told = [json.loads(data) for _, data in box.got]
    assert [(one["action"], one["sender"]["login"]) for one in told] == [
        ("submitted", "zoe"),
        ("edited", "zoe"),
        ("dismissed", "ana"),
        ("labeled", "zoe"),
        ("labeled", "zoe"),
        ("labeled", "ana"),
        ("unlabeled", "ana"),
    ]
    assert (told[1]["changes"], told[2]["review"]["state"]) == ({"body": {"from": "Good"}}, "dismissed")
    inner = "pullRequest(number: 1) { labels(first: 9) { nodes { name } } }"
    found = read(client, f'{{ repository(owner: "acme", name: "triage") {{ {inner} }} }}')
    assert [one["name"] for one in found["labels"]["nodes"]] == ["b", "c"]


AUTHORS = """{ repository(owner: "acme", name: "triage") { pullRequest(number: 1) { author { login __typename }
  commits(last: 1) { nodes { commit { authors(first: 9) { totalCount nodes { email name user { login } } }
    author { user { login } } committer { name user { login } } parents(first: 1) { totalCount } } } } } } }"""


def of_head(client: Client) -> Any:
    return read(client, AUTHORS)["commits"]["nodes"][0]["commit"]


def test_a_commit_has_the_accounts_of_its_addresses_and_no_others(client: Client) -> None:
    stand = client.stand
    stand.user("zoe", addresses=["Zoe@example.test"])
    message = "Change\n\nCo-authored-by: Zoe <zoe@example.test>\nco-authored-by: Ana <1+ana@users.noreply.github.com>"
    message += "\nCo-authored-by: Dev again <dev@users.noreply.github.test>"
    stand.push(REPO, "feature", {"a": "1"}, message, author="dev", committer="Eve <eve@example.test>", by="ana")
    found = of_head(client)
    assert [one["user"] and one["user"]["login"] for one in found["authors"]["nodes"]] == ["dev", "zoe", "ana"]
    assert found["committer"] == {"name": "Eve", "user": None}
    stand.commit(REPO, "feature", {"a": "2"}, author="ana <nobody@example.test>", by="dev")
    assert of_head(client)["author"] == {"user": None}
    listed = client.ask("GET", "/repos/acme/triage/commits?sha=feature&per_page=2").json()
    assert [one["author"] and one["author"]["login"] for one in listed] == [None, "dev"]
    with pytest.raises(TypeError, match="nobody is auhtor"):
        stand.commit(REPO, "feature", {}, auhtor="ana")


def test_what_github_commits_itself_is_committed_by_it(client: Client) -> None:
    body = {"message": "Add", "content": "eA==", "branch": "feature"}
    assert client.ask("PUT", "/repos/acme/triage/contents/x", body).status_code == 201
    found = of_head(client)
    assert (found["author"]["user"]["login"], found["committer"]["user"]["login"]) == ("pilotgate[bot]", "web-flow")
    client.ask(
        "POST",
        "/repos/acme/triage/git/refs",
        {"ref": "refs/heads/own", "sha": client.stand.commit(REPO, "o", {"o": ""})},
    )
    number = client.ask("POST", "/repos/acme/triage/pulls", {"title": "x", "head": "own", "base": "main"}).json()[
        "number"
    ]
    text = AUTHORS.replace("number: 1", f"number: {number}")
    assert read(client, text)["author"] == {"login": "pilotgate", "__typename": "Bot"}
