"""Files, folders, blobs, trees and commits."""

import base64
import binascii
from typing import Any

from bot.demo.github.acts import pulls as acts
from bot.demo.github.exchange import Answer, Refusal, invalid
from bot.demo.github.objects import FOLDER, By, Entry
from bot.demo.github.rest.repositories import violations
from bot.demo.github.routes import Call, route
from bot.demo.github.shapes import commits, repositories

_REPO = "/repos/{owner}/{repo}"
_FILE = _REPO + "/contents/{path}"
_LARGEST = 100 * 1024 * 1024


def _at(call: Call) -> tuple[str, str]:
    """The ref that is asked for and its commit."""
    ref = call.query.get("ref") or call.repository.default
    sha = call.repository.git.resolve(ref)
    if sha is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    return ref, sha


@route("GET", _FILE, "contents:read")
def get_contents(call: Call) -> Any:
    """A file with its content, a folder's list, or what a link or submodule says."""
    path, (ref, sha) = call.names["path"].strip("/"), _at(call)
    if not path:
        return _folder(call, (ref, sha), "")
    found = call.repository.git.entry(sha, path)
    if found is None:
        raise Refusal(404, "Not Found")
    if found.mode == FOLDER:
        return _folder(call, (ref, sha), path)
    return commits.content(call.world, call.repository, ref, path, found)


def _folder(call: Call, at: tuple[str, str], path: str) -> list[Any]:
    git = call.repository.git
    folder = git.entry(at[1], path)
    entries = git.tree(folder.sha) if folder is not None else {}
    below = f"{path}/" if path else ""
    return [commits.listed(call.world, call.repository, at[0], below + name, one) for name, one in entries.items()]


def _target(call: Call) -> tuple[str, str, Entry | None]:
    """The branch that is written to, the path, and what stands there; 409 where that is not what the asker thinks."""
    branch, path = call.given("branch", str) or call.repository.default, call.names["path"].strip("/")
    head = call.repository.git.branch(branch)
    if head is None and call.repository.git.branches:
        raise Refusal(404, f"Branch {branch} not found")
    found = call.repository.git.entry(head, path) if head else None
    given = call.given("sha", str)
    if found is not None and given is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if given is not None and (found is None or found.sha != given):
        raise Refusal(409, f"{path} does not match {given}")
    if not call.given("message", str):
        raise Refusal(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    return branch, path, found


def _commit(call: Call, branch: str, path: str, data: bytes | None) -> str:
    """Commit, but for what takes another permission still and what rules keep from being pushed."""
    assert call.token is not None
    if path.startswith(".github/workflows/") and call.token.permissions.get("workflows") != "write":
        raise Refusal(403, "Resource not accessible by integration")
    if broken := violations(call.repository, branch):
        raise Refusal(409, broken)
    git, before = call.repository.git, call.repository.git.branch(branch)
    author = call.given("author", dict) or call.given("committer", dict) or {}
    name = author.get("name") or call.me.login
    address = author.get("email") or f"{call.me.id}+{call.me.login}@users.noreply.github.test"
    # What names nobody is the app's own, and GitHub commits it.
    by = By((name, address), None if author else acts.WEB)
    sha = git.write(branch, {path: data}, str(call.body["message"]), by, call.world.now())
    acts.moved(call.world, call.repository, branch, before, call.me, quiet=False)
    return sha


@route("PUT", _FILE, "contents:write")
def put_contents(call: Call) -> Answer:
    """Write a file by a commit."""
    text = call.given("content", str)
    if text is None:
        raise Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise Refusal(422, "content is not valid Base64") from error
    branch, path, before = _target(call)
    sha = _commit(call, branch, path, data)
    found = call.repository.git.entry(sha, path)
    assert found is not None  # it has just been written
    content = commits.listed(call.world, call.repository, branch, path, found)
    told = {"content": content, "commit": commits.git_commit(call.world, call.repository, sha)}
    return Answer(201 if before is None else 200, told)


@route("DELETE", _FILE, "contents:write")
def delete_contents(call: Call) -> Any:
    """Take a file away by a commit."""
    branch, path, found = _target(call)
    if found is None:
        raise Refusal(404, "Not Found")
    sha = _commit(call, branch, path, None)
    return {"content": None, "commit": commits.git_commit(call.world, call.repository, sha)}


@route("GET", _REPO + "/git/blobs/{file_sha}", "contents:read")
def get_blob(call: Call) -> Any:
    """A blob of up to 100 MB."""
    sha = call.names["file_sha"]
    if call.repository.git.kind(sha) != "blob":
        raise Refusal(404, "Not Found")
    data = call.repository.git.blob(sha)
    if len(data) > _LARGEST:
        raise Refusal(403, "This API returns blobs up to 100 MB in size.")
    return {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(data),
        "url": f"{repositories.address(call.world, call.repository)}/git/blobs/{sha}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


@route("GET", _REPO + "/git/trees/{tree_sha}", "contents:read")
def get_tree(call: Call) -> Any:
    """A folder, with `recursive` all that is below it."""
    git, sha = call.repository.git, call.names["tree_sha"]
    commit = git.resolve(sha)
    tree = git.commit(commit).tree if commit else sha
    if git.kind(tree) != "tree":
        raise Refusal(404, "Not Found")
    url = f"{repositories.address(call.world, call.repository)}/git"
    found = git.walk(tree) if "recursive" in call.query else git.tree(tree).items()
    listed = [
        {"path": path, "mode": one.mode.zfill(6), "type": one.type, "sha": one.sha}
        | ({"size": len(git.blob(one.sha))} if one.type == "blob" else {})
        | ({"url": f"{url}/{one.type}s/{one.sha}"} if one.type != "commit" else {})
        for path, one in found
    ]
    return {"sha": tree, "url": f"{url}/trees/{tree}", "tree": listed, "truncated": False}


@route("GET", _REPO + "/commits", "contents:read")
def list_commits(call: Call) -> Answer:
    """The commits that lead to one, or those of them that changed a path; the newest first."""
    git = call.repository.git
    sha = git.resolve(call.query.get("sha") or call.repository.default)
    if sha is None:
        raise Refusal(409 if not git.branches else 404, "Git Repository is empty." if not git.branches else "Not Found")
    path = call.query.get("path")
    found = git.run("rev-list", sha, "--", path).decode().split() if path else git.history(sha)
    return call.page(found, lambda one: commits.commit(call.world, call.repository, one))


@route("GET", _REPO + "/commits/{ref}", "contents:read")
def get_commit(call: Call) -> Any:
    """One commit, with the files that it changes."""
    git = call.repository.git
    sha = git.resolve(call.names["ref"])
    if sha is None:
        raise (
            invalid("Commit", "sha")
            if len(call.names["ref"]) == 40
            else Refusal(422, f"No commit found for SHA: {call.names['ref']}")
        )
    parents = git.commit(sha).parents
    changes = git.changes(parents[0], sha, patches=True) if parents else []
    added, deleted = sum(one.added for one in changes), sum(one.deleted for one in changes)
    more = {
        "stats": {"total": added + deleted, "additions": added, "deletions": deleted},
        "files": [commits.changed_file(call.world, call.repository, sha, one) for one in changes],
    }
    return commits.commit(call.world, call.repository, sha) | more
