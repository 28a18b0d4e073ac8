"""What the app changes by GraphQL: comments are left, changed and folded away."""

from typing import Any

from bot.demo.github.acts import issues as acts
from bot.demo.github.exchange import Refusal
from bot.demo.github.graphql.fields import Info, Problem, asker, field, plain, reaches, visible
from bot.demo.github.state import Account, Comment, Issue, Known, Pull, Review

_LEVELS = ("write", "admin")


def _subject(info: Info, id: str, *kinds: type) -> Any:
    """The record of a node id; Problem where it is none of these kinds."""
    who = asker(info)
    found: Known | None = who.world.nodes.get(id)
    if found is None or not visible(who, found):
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
    if not isinstance(found, kinds):
        raise Problem("NOT_FOUND", f"Could not resolve to {kinds[0].__name__} node with the global id of '{id}'.")
    return found


def _writes(info: Info, issue: Issue) -> Account:
    """Who writes below an issue or pull request; Problem where the token may not."""
    who, place = asker(info), issue.repository
    needs = ("issues", "pull_requests") if issue.pull is not None else ("issues",)
    if not reaches(who, place) or not any(who.token.permissions.get(one) in _LEVELS for one in needs):
        raise Problem("FORBIDDEN", "Resource not accessible by integration")
    if place.archived:
        raise Problem("FORBIDDEN", "Repository was archived so is read-only.")
    return who.world.account(f"{who.world.app.slug}[bot]", "Bot")


def _body(text: str) -> str:
    if not text.strip():
        raise Problem("UNPROCESSABLE", "Body can't be blank")
    try:
        return acts.body(text, "IssueComment") or ""
    except Refusal as refusal:
        raise Problem("UNPROCESSABLE", f"Body is too long (maximum is {acts.LONGEST} characters)") from refusal


@field("Mutation", "addComment")
def add(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Leave a comment under an issue or a pull request."""
    subject = _subject(info, input["subjectId"], Issue, Pull)
    issue = subject.issue if isinstance(subject, Pull) else subject
    made = acts.comment(asker(info).world, issue, _writes(info, issue), _body(input["body"]), by_app=True)
    edge = {"cursor": made.node_id, "node": made}
    return {"clientMutationId": input.get("clientMutationId"), "commentEdge": edge, "subject": subject}


@field("Mutation", "updateIssueComment")
def update(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Give a comment other words."""
    made = _subject(info, input["id"], Comment)
    acts.edit_comment(asker(info).world, made, _writes(info, made.issue), _body(input["body"]))
    return {"clientMutationId": input.get("clientMutationId"), "issueComment": made}


@field("Mutation", "minimizeComment")
def minimize(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Fold a comment or a review away, and say why. Nobody is told."""
    made = _subject(info, input["subjectId"], Comment, Review)
    _writes(info, made.issue if isinstance(made, Comment) else made.pull.issue)
    made.minimized = input["classifier"].lower().replace("_", "-")
    return {"clientMutationId": input.get("clientMutationId"), "minimizedComment": made}


@field("Mutation", "unminimizeComment")
def unminimize(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Show it again."""
    made = _subject(info, input["subjectId"], Comment, Review)
    _writes(info, made.issue if isinstance(made, Comment) else made.pull.issue)
    made.minimized = None
    return {"clientMutationId": input.get("clientMutationId"), "unminimizedComment": made}


def can_minimize(value: Any, info: Info) -> bool:
    """Whether the app may."""
    try:
        _writes(info, value.issue if isinstance(value, Comment) else value.pull.issue)
    except Problem:
        return False
    return True


for _type in ("IssueComment", "PullRequestReview"):
    plain(_type, isMinimized=lambda one: one.minimized is not None, minimizedReason=lambda one: one.minimized)
    field(_type, "viewerCanMinimize")(can_minimize)
