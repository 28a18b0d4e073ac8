"""What GitHub knows beside files: people, teams, checks, labels, errors in CODEOWNERS; and what to grant for it."""

from typing import Any

import pytest

from bot.gather.beside import Beside, Wanted, read, wanted
from bot.gather.names import POLICY
from rules.document import read as parsed
from rules.facts import Account, OwnersError, Ran, Unverifiable
from rules.policy import Policy
from tests.bot.gather.given import Answers
from tests.rules.given import CODES, HEADER

WHERE = Wanted("acme/triage", "feature", "b" * 40)


def policy(text: str) -> Policy:
    found = parsed((HEADER + text).encode(), POLICY, Policy, CODES).model
    assert found is not None
    return found


def asked(*handles: str, **more: Any) -> Wanted:
    return Wanted("acme/triage", "feature", "b" * 40, handles, **more)


def edge(login: str, role: str) -> dict[str, Any]:
    return {"permission": role, "node": {"login": login}}


def team(*logins: str, role: str | None = None, after: str | None = None, repository: str = "Acme/Triage") -> Any:
    given = [{"permission": role, "node": {"nameWithOwner": repository}}] if role else []
    members = {
        "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
        "nodes": [{"login": one} for one in logins],
    }
    return {"team": {"slug": "legal", "members": members, "repositories": {"edges": given}}}


def told(
    one: Wanted, data: dict[str, Any], *further: dict[str, Any], denied: set[tuple[str, ...]] | None = None
) -> Beside:
    answers = Answers(*further)
    found = read(answers.installation, one, {"repository": {}, **data}, frozenset(denied or ()))
    assert answers.left == []
    return found


def why(found: object) -> str:
    assert isinstance(found, Unverifiable)
    return found.reason


def test_each_is_asked_for_once() -> None:
    text = """
integrations: [{id: a, check: "ci / a"}, {id: b, check: "ci / a"}, {id: c}, {id: d, check: other}]
monitoring: {feedback: "label: model feedback"}
"""
    found = wanted(policy(text), ["@Lee", "@lee", "@acme/legal", "@max"], WHERE)
    assert found == Wanted(
        "acme/triage",
        "feature",
        "b" * 40,
        ("@lee", "@acme/legal", "@max"),
        ("ci / a", "other"),
        "model feedback",
    )
    assert found.times() == {"login": 2, "org": 1, "team": 1, "check": 2}
    assert found.variables() == {
        "login0": "lee",
        "login1": "max",
        "org0": "acme",
        "team0": "legal",
        "check0": "ci / a",
        "check1": "other",
    }


@pytest.mark.parametrize("text", ["", "monitoring: {feedback: docs/a.md}", "monitoring: {log_retention: 7d}"])
def test_what_a_policy_does_not_name_is_not_asked_for(text: str) -> None:
    assert wanted(policy(text), (), WHERE) == wanted(None, (), WHERE) == WHERE


def test_people_are_known_with_what_they_may_do() -> None:
    here = {
        "login0": {
            "edges": [edge("Leeroy", "ADMIN"), edge("Lee", "MAINTAIN"), None, {"permission": "READ", "node": None}]
        },
        "login1": {"edges": []},
        "login2": {"edges": [edge("eve", "SUPERVISE")]},
    }
    data = {"repository": here, "login0": {"login": "lee"}, "login1": {"login": "max"}, "login2": {"login": "eve"}}
    people = told(asked("@lee", "@max", "@eve", "@gone"), data).people
    assert people.of("@LEE") == Account(frozenset({"lee"}), "maintain")
    assert people.of("@max") == Account(frozenset({"max"}), "none")
    assert people.of("@eve") == Account(frozenset({"eve"}), "none")
    assert people.of("@gone") is None
    assert "more than 60 people or 30 teams" in why(people.of("@unasked"))


def test_what_may_not_be_seen_of_people_is_said() -> None:
    found = told(asked("@lee"), {}, denied={("login0",)}).people
    assert "whether `@lee` exists can't be read" in why(found.of("@lee"))
    account = told(asked("@lee"), {"login0": {"login": "lee"}, "repository": {"login0": None}}).people.of("@lee")
    assert isinstance(account, Account)
    assert account.logins == {"lee"}
    assert "metadata:read" in why(account.role)


def test_a_team_is_everybody_in_it_page_after_page() -> None:
    further = [{"organization": team("max", after="B")}, {"organization": team("Eve")}]
    people = told(asked("@acme/legal"), {"team0": team("Lee", role="WRITE", after="A")}, *further).people
    assert people.of("@acme/legal") == Account(frozenset({"lee", "max", "eve"}), "write")


def test_a_team_that_is_gone_while_it_is_read_is_those_who_were_seen() -> None:
    for gone in ({"organization": None}, {"organization": {"team": None}}):
        people = told(asked("@acme/legal"), {"team0": team("lee", role="READ", after="A")}, gone).people
        assert people.of("@acme/legal") == Account(frozenset({"lee"}), "read")


def test_a_team_without_end_is_not_followed() -> None:
    pages = [{"organization": team(f"m{number}", after="A")} for number in range(20)]
    account = told(asked("@acme/legal"), {"team0": team("lee", role="READ", after="A")}, *pages).people.of(
        "@acme/legal"
    )
    assert isinstance(account, Account)
    assert len(account.logins) == 20


def test_a_team_that_is_not_there_is_told_from_one_that_may_not_be_seen() -> None:
    both = asked("@acme/gone", "@acme/hidden")
    people = told(both, {"team0": {"team": None}, "team1": {"team": None}}, denied={("team1", "team")}).people
    assert people.of("@acme/gone") is None
    assert "members:read" in why(people.of("@acme/hidden"))
    assert told(both, {"team0": None, "team1": None}).people.of("@acme/hidden") is None


@pytest.mark.parametrize(
    ("given", "everyone", "count", "role"),
    [
        ("WRITE", [], 0, "write"),
        (None, [edge("lee", "READ")], 1, "read"),
        (None, [edge("LEE", "ADMIN")], 9, "admin"),
        ("READ", [edge("lee", "TRIAGE")], 9, "triage"),
        (None, [edge("eve", "ADMIN")], 1, "none"),
        (None, [edge("lee", "TRIAGE")], 9, None),
        (None, None, 0, None),
    ],
)
def test_a_team_may_do_what_it_was_given_or_its_people_were(
    given: str | None, everyone: Any, count: int, role: str | None
) -> None:
    listed = None if everyone is None else {"totalCount": count, "edges": everyone}
    data = {"repository": {"everyone": listed}, "team0": team("lee", role=given)}
    account = told(asked("@acme/legal"), data).people.of("@acme/legal")
    assert isinstance(account, Account)
    if role is None:
        assert "what `@acme/legal` may do here can't be read" in why(account.role)
    else:
        assert account.role == role


def test_a_role_in_another_repository_is_none_here() -> None:
    data = {
        "repository": {"everyone": {"totalCount": 0, "edges": []}},
        "team0": team("lee", role="ADMIN", repository="acme/triage2"),
    }
    assert told(asked("@acme/legal"), data).people.of("@acme/legal") == Account(frozenset({"lee"}), "none")


def suite(app: str | None, *runs: tuple[str, str, str | None]) -> dict[str, Any]:
    nodes = [{"name": name, "status": status, "conclusion": conclusion} for name, status, conclusion in runs]
    return {"app": {"slug": app} if app else None, "checkRuns": {"nodes": nodes}}


def test_checks_are_runs_and_statuses_of_the_names_that_were_asked_for() -> None:
    here = {
        "object": {
            "check0": {"nodes": [suite("github-actions", ("ci", "COMPLETED", "SUCCESS"), ("ci", "IN_PROGRESS", None))]},
            "check1": {"nodes": [suite(None, ("other", "COMPLETED", None))]},
            "status": {
                "contexts": [
                    {"context": "ci", "state": "FAILURE", "creator": {"login": "jenkins"}},
                    {"context": "other", "state": "PENDING", "creator": None},
                    {"context": "other", "state": "EXPECTED"},
                    {"context": "unasked", "state": "SUCCESS"},
                ]
            },
        },
        "base": {"status": None},
    }
    checks = told(asked(checks=("ci", "other")), {"repository": here}).checks
    assert checks.here == (
        Ran("ci", "success", "github-actions"),
        Ran("ci", None, "github-actions"),
        Ran("other", None, "unknown"),
        Ran("ci", "failure", "jenkins"),
        Ran("other", None, "unknown"),
        Ran("other", None, "unknown"),
    )
    assert checks.base == ()


def test_a_commit_that_is_not_there_has_no_checks() -> None:
    checks = told(asked(checks=("ci",)), {"repository": {"object": None, "base": None}}).checks
    assert (checks.here, checks.base) == ((), ())


def test_a_label_is_there_in_any_case_or_not_there_or_not_to_be_seen() -> None:
    one = asked(label="Model-Feedback")
    assert told(one, {"repository": {"label": {"name": "model-feedback"}}}).labels.has("MODEL-feedback") is True
    assert told(one, {"repository": {"label": None}}).labels.has("model-feedback") is False
    assert "issues:read" in why(told(one, {}, denied={("repository", "label")}).labels.has("model-feedback"))
    assert "issues:read" in why(told(asked(), {}).labels.has("other"))


def test_errors_of_codeowners_are_told_with_their_place() -> None:
    errors = [
        {"path": "CODEOWNERS", "line": 3, "column": None, "kind": "Unknown owner"},
        {"path": "CODEOWNERS", "line": 4, "column": 7, "kind": "Invalid pattern", "suggestion": "escape it"},
    ]
    assert told(asked(), {"repository": {"codeowners": {"errors": errors}}}).owners.errors == (
        OwnersError("CODEOWNERS", 3, 1, "Unknown owner"),
        OwnersError("CODEOWNERS", 4, 7, "Invalid pattern", "escape it"),
    )
    none = told(asked(), {"repository": {"codeowners": None}}).owners
    assert (none.errors, none.unread) == ((), None)
    hidden = told(asked(), {}, denied={("repository", "codeowners", "errors")}).owners
    assert "contents:read" in why(hidden.unread)
