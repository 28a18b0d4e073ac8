"""Comments and reactions."""

from typing import Any

from bot.demo.github.acts import issues as acts
from bot.demo.github.exchange import Answer, Refusal, invalid
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import issues
from bot.demo.github.state import Comment, Reaction

_COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"
_REACTIONS = "/repos/{owner}/{repo}/issues/{issue_number}/reactions"
_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")


def _comment(call: Call) -> Comment:
    wanted = call.number("comment_id")
    for issue in call.repository.issues.values():
        for one in issue.comments:
            if one.id == wanted:
                call.permitted(issue)
                return one
    raise Refusal(404, "Not Found")


def _body(call: Call) -> str:
    text = acts.body(call.given("body", str), "IssueComment")
    if not text:
        raise invalid("IssueComment", "body", "missing_field")
    return text


@route("GET", _COMMENTS, *_READ)
def list_comments(call: Call) -> Answer:
    """The comments, the oldest first."""
    return call.page(call.issue().comments, lambda one: issues.comment(call.world, one))


@route("POST", _COMMENTS, *_WRITE)
def create_comment(call: Call) -> Answer:
    """Leave one."""
    made = acts.comment(call.world, call.issue(), call.me, _body(call), by_app=True)
    return Answer(201, issues.comment(call.world, made))


@route("GET", _COMMENT, *_READ)
def get_comment(call: Call) -> Any:
    """One comment."""
    return issues.comment(call.world, _comment(call))


@route("PATCH", _COMMENT, *_WRITE)
def update_comment(call: Call) -> Any:
    """Change one."""
    made = _comment(call)
    acts.edit_comment(call.world, made, call.me, _body(call))
    return issues.comment(call.world, made)


@route("DELETE", _COMMENT, *_WRITE)
def delete_comment(call: Call) -> Answer:
    """Take one away."""
    acts.delete_comment(call.world, _comment(call), call.me)
    return Answer(204)


def _react(call: Call, below: list[Reaction]) -> Answer:
    made, new = acts.react(call.world, below, call.me, call.given("content", str) or "")
    return Answer(201 if new else 200, issues.reaction(call.world, made))


def _listed(call: Call, below: list[Reaction]) -> Answer:
    wanted = call.query.get("content")
    found = [one for one in below if wanted in (None, one.content)]
    return call.page(found, lambda one: issues.reaction(call.world, one))


def _remove(call: Call, below: list[Reaction]) -> Answer:
    wanted = call.number("reaction_id")
    found = next((one for one in below if one.id == wanted), None)
    if found is None:
        raise Refusal(404, "Not Found")
    below.remove(found)
    return Answer(204)


@route("GET", _COMMENT + "/reactions", *_READ)
def list_comment_reactions(call: Call) -> Answer:
    """The reactions to a comment."""
    return _listed(call, _comment(call).reactions)


@route("POST", _COMMENT + "/reactions", *_WRITE)
def react_to_comment(call: Call) -> Answer:
    """React to a comment; the same reaction twice is one."""
    return _react(call, _comment(call).reactions)


@route("DELETE", _COMMENT + "/reactions/{reaction_id}", *_WRITE)
def remove_comment_reaction(call: Call) -> Answer:
    """Take a reaction to a comment back."""
    return _remove(call, _comment(call).reactions)


@route("GET", _REACTIONS, *_READ)
def list_reactions(call: Call) -> Answer:
    """The reactions to an issue."""
    return _listed(call, call.issue().reactions)


@route("POST", _REACTIONS, *_WRITE)
def react(call: Call) -> Answer:
    """React to an issue."""
    return _react(call, call.issue().reactions)


@route("DELETE", _REACTIONS + "/{reaction_id}", *_WRITE)
def remove_reaction(call: Call) -> Answer:
    """Take a reaction to an issue back."""
    return _remove(call, call.issue().reactions)
