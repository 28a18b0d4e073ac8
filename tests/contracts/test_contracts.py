"""The bot's documents and the stand-in's schema are GitHub's, and the contract refuses what is not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from bot.demo.github import Exchange
from bot.demo.github import graphql as standin_graphql
from bot.github import queries
from bot.github.queries import document, repeated
from tests.contracts.contract import Contract
from tests.stand import Stand, contract

HERE = Path(__file__).parent
DOCUMENTS = sorted(path.stem for path in Path(queries.__file__).parent.glob("*.graphql"))
STANDIN = build_schema((Path(standin_graphql.__file__).parent / "schema.graphql").read_text(encoding="utf-8"))
TYPES = sorted(
    name
    for name, one in STANDIN.type_map.items()
    if not is_introspection_type(one) and not is_specified_scalar_type(one)
)


@pytest.fixture
def github() -> Contract:
    return contract()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_of_the_bot_fits_githubs_schema(github: Contract, name: str) -> None:
    github.graph.document(document(name))


def test_so_does_one_with_its_repeated_lines_repeated(github: Contract) -> None:
    github.graph.document(repeated("paths", {"path": 50}))


@pytest.mark.parametrize("name", TYPES)
def test_the_schema_of_the_stand_in_is_a_part_of_githubs(github: Contract, name: str) -> None:
    ours, theirs = STANDIN.type_map[name], github.graph.schema.type_map.get(name)
    assert theirs is not None, f"GitHub has no {name}"
    assert type(ours) is type(theirs)
    if isinstance(ours, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        assert ours.values.keys() <= theirs.values.keys()
    if isinstance(ours, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
        # Of an input, a field that is left out is one that a client can't send.
        for key, field in ours.fields.items():
            assert str(field.type) == str(theirs.fields[key].type), f"{name}.{key}"
    if isinstance(ours, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType)
        assert {one.name for one in ours.interfaces} <= {one.name for one in theirs.interfaces}
        for key, one in ours.fields.items():
            assert key in theirs.fields, f"GitHub has no {name}.{key}"
            assert str(one.type) == str(theirs.fields[key].type), f"{name}.{key}"
            _arguments(f"{name}.{key}", one.args, theirs.fields[key].args)


def _arguments(field: str, ours: dict[str, GraphQLArgument], theirs: dict[str, GraphQLArgument]) -> None:
    for name, one in ours.items():
        assert name in theirs, f"GitHub has no {field}({name}:)"
        assert str(one.type) == str(theirs[name].type), f"{field}({name}:)"
        assert one.default_value == theirs[name].default_value, f"{field}({name}:)"


def test_the_data_holds_no_prose_and_ends_with_a_newline(github: Contract) -> None:
    schema = (HERE / "schema.graphql").read_text(encoding="utf-8")
    assert '"""' not in schema
    assert "reason:" not in schema
    text = (HERE / "openapi.json").read_text(encoding="utf-8")
    assert schema.endswith("}\n")
    assert text.endswith("}\n")
    for key in ("description", "summary", "example", "externalDocs", "x-github"):
        assert f'"{key}": "' not in text
    assert "@octokit/openapi" in github.rest.description["info"]["version"]


SHA = "a" * 40
RUNS = "/repos/acme/triage/check-runs"
RUN = {"name": "Pilot readiness", "head_sha": SHA, "status": "completed", "conclusion": "success"}
PULL = {"owner": "acme", "name": "triage", "base": "main"}
NO_PULLS = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}
OPEN_PULLS = Exchange(
    method="POST",
    path="/graphql",
    route="/graphql",
    query="",
    request={"query": document("open_pulls"), "variables": PULL},
    status=200,
    headers={},
    response={"data": {"repository": {"nameWithOwner": "acme/triage", "pullRequests": NO_PULLS}}},
)
HOOK = {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": "https://pilots.example/webhook"}
CONFIG = Exchange("GET", "/app/hook/config", "/app/hook/config", "", None, 200, {}, HOOK)


def posted(body: Any, **more: Any) -> Exchange:
    """A request for a check run, with an answer that is not looked at."""
    return replace(CONFIG, method="POST", path=RUNS, route="/repos/{owner}/{repo}/check-runs", request=body, **more)


def test_the_contract_takes_what_is_right(github: Contract) -> None:
    github.check(CONFIG)
    github.check(OPEN_PULLS)
    github.request(posted(RUN))
    github.request(replace(CONFIG, path="/app/installations", route="/app/installations", query="per_page=100&page=2"))


WRONG_REQUESTS = {
    "name: 1 is not of type": posted({**RUN, "name": 1}),
    '"head_sha" is a required property': posted({"name": "Pilot readiness"}),
    "is not one of": posted({**RUN, "conclusion": "fine"}),
    "has more than 50 items": posted(
        {
            **RUN,
            "output": {
                "title": "t",
                "summary": "s",
                "annotations": [
                    {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
                ]
                * 51,
            },
        }
    ),
    "GitHub knows no body.extrenal_id": posted({**RUN, "extrenal_id": "pull/1"}),
    "GitHub knows no body.output.sumary": posted({**RUN, "output": {"title": "t", "summary": "s", "sumary": ""}}),
    "the body is missing": posted(None),
    "GitHub knows no query parameter perpage": posted(RUN, query="perpage=1"),
    "query per_page": replace(CONFIG, path="/app/installations", route="/app/installations", query="per_page=all"),
    "GitHub describes no GET /app/hooks/config": replace(CONFIG, path="/app/hooks/config"),
    "GitHub describes no DELETE": replace(CONFIG, method="DELETE"),
    "answered as /app": replace(CONFIG, route="/app"),
}


@pytest.mark.parametrize("says", WRONG_REQUESTS)
def test_the_contract_refuses_a_request_that_is_wrong(github: Contract, says: str) -> None:
    with pytest.raises(AssertionError) as refused:
        github.request(WRONG_REQUESTS[says])
    assert says in str(refused.value)


WRONG_ANSWERS = {
    "url: 7 is not of type": replace(CONFIG, response={**HOOK, "url": 7}),
    "GitHub knows no body.uri": replace(CONFIG, response={**HOOK, "uri": "https://pilots.example"}),
    '"assignee" is a required property': replace(
        CONFIG, path="/repos/acme/triage/issues/1", route="/repos/{owner}/{repo}/issues/{issue_number}", response={}
    ),
    "GitHub answers no such status": replace(CONFIG, status=206),
    "is not worded as an error": replace(CONFIG, status=404, response={"error": "Not Found"}),
    "the body should be empty": replace(CONFIG, status=304, response={}),
    "is null, where GitHub promises a String!": replace(
        OPEN_PULLS, response={"data": {"repository": {"nameWithOwner": None, "pullRequests": NO_PULLS}}}
    ),
    "{nameWithOwner} is none of Repository": replace(
        OPEN_PULLS, response={"data": {"repository": {"nameWithOwner": "acme/triage"}}}
    ),
    "7 is no String": replace(
        OPEN_PULLS, response={"data": {"repository": {"nameWithOwner": 7, "pullRequests": NO_PULLS}}}
    ),
    "neither data nor errors": replace(OPEN_PULLS, response={}),
}


@pytest.mark.parametrize("says", WRONG_ANSWERS)
def test_the_contract_refuses_an_answer_that_is_wrong(github: Contract, says: str) -> None:
    with pytest.raises(AssertionError) as refused:
        github.answer(WRONG_ANSWERS[says])
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"query": "{ repository(owner: 1) { id } }"}, "is required"),
        ({"query": "{ viewer { pronoun } }"}, "Cannot query field 'pronoun'"),
        ({"query": "{ viewer {"}, "Syntax Error"),
        ({"query": document("open_pulls"), "variables": {**PULL, "base": None}}, "$base"),
        ({"query": document("open_pulls"), "variables": {"owner": "acme"}}, "$name is missing"),
        ({"query": document("open_pulls"), "variables": {**PULL, "page": 1}}, "has no $page"),
        ({"query": document("open_pulls"), "variables": PULL, "operation": "x"}, "GitHub knows no operation"),
    ],
)
def test_the_contract_refuses_graphql_that_is_wrong(github: Contract, body: Any, says: str) -> None:
    with pytest.raises(AssertionError) as refused:
        github.request(replace(OPEN_PULLS, request=body))
    assert says in str(refused.value)


@pytest.mark.parametrize("lacks", ["user-agent", "accept", "x-github-api-version"])
def test_the_contract_refuses_a_request_without_its_headers(github: Contract, lacks: str) -> None:
    headers = {
        "user-agent": "Pilotgate/1",
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    }
    github.headers(headers)
    with pytest.raises(AssertionError):
        github.headers({name: value for name, value in headers.items() if name != lacks})


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("check_run", {"action": "pressed"}),
        ("fork", {}),
        ("installation", {"action": "created", "installation": {"id": 3}, "sender": {"login": "ana"}}),
    ],
)
def test_the_contract_refuses_an_event_that_is_wrong(github: Contract, event: str, payload: Any) -> None:
    with pytest.raises(AssertionError):
        github.event(event, payload)


def test_a_watched_stand_in_fails_its_test(github: Contract) -> None:
    with Stand() as stand:
        for observer in stand.observe:
            stand.site.handle("GET", "/", {"user-agent": "Mozilla/5.0"}, b"")
            observer(replace(CONFIG, response={}, status=206))
        with pytest.raises(AssertionError, match="no such status"):
            stand.verify()
        stand.violations.clear()
        stand.site.handle("GET", "/unheard-of", {}, b"")
        with pytest.raises(AssertionError, match="unheard-of"):
            stand.verify()
        stand.unknown.clear()
