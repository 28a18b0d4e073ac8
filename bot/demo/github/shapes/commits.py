"""Commits, the files in them and what they change."""

import base64
import posixpath
from typing import Any
from urllib.parse import quote

from bot.demo.github.objects import FOLDER, LINK, SUBMODULE, Change, Entry
from bot.demo.github.shapes.accounts import maybe_user
from bot.demo.github.shapes.repositories import address, page
from bot.demo.github.state import Repository, World

JSON = dict[str, Any]

_VERIFICATION = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
# The contents API gives no content of a larger file, and patches are left out of a list from some size on.
_CONTENT = 1 << 20
_PATCH = 20_000


def commit(world: World, repository: Repository, sha: str) -> JSON:
    """A `commit`."""
    found, url = repository.git.commit(sha), address(world, repository)
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "commit": {
            **_told(world, repository, sha),
            "comment_count": 0,
        },
        "url": f"{url}/commits/{sha}",
        "html_url": f"{page(world, repository)}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "author": maybe_user(world, world.of_address(found.author[1])),
        "committer": maybe_user(world, world.of_address(found.committer[1])),
        "parents": _parents(world, repository, found.parents, "commits"),
    }


def _told(world: World, repository: Repository, sha: str) -> JSON:
    found, url = repository.git.commit(sha), address(world, repository)
    return {
        "author": _person(found.author),
        "committer": _person(found.committer),
        "message": found.message,
        "tree": {"sha": found.tree, "url": f"{url}/git/trees/{found.tree}"},
        "url": f"{url}/git/commits/{sha}",
        "verification": _VERIFICATION,
    }


def git_commit(world: World, repository: Repository, sha: str) -> JSON:
    """A `git-commit`, which `file-commit` has too."""
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        **_told(world, repository, sha),
        "html_url": f"{page(world, repository)}/commit/{sha}",
        "parents": _parents(world, repository, repository.git.commit(sha).parents, "git/commits"),
    }


def _parents(world: World, repository: Repository, parents: tuple[str, ...], where: str) -> list[JSON]:
    url, html = address(world, repository), page(world, repository)
    return [{"sha": one, "url": f"{url}/{where}/{one}", "html_url": f"{html}/commit/{one}"} for one in parents]


def _person(who: tuple[str, str, str]) -> JSON:
    return {"name": who[0], "email": who[1], "date": who[2]}


def simple_commit(repository: Repository, sha: str) -> JSON:
    """A `simple-commit`."""
    found = repository.git.commit(sha)
    return {
        "id": sha,
        "tree_id": found.tree,
        "message": found.message,
        "timestamp": found.committer[2],
        "author": {"name": found.author[0], "email": found.author[1]},
        "committer": {"name": found.committer[0], "email": found.committer[1]},
    }


def pushed(world: World, repository: Repository, sha: str) -> JSON:
    """A commit as a `push` event lists it."""
    parents = repository.git.commit(sha).parents
    changes = repository.git.changes(parents[0], sha) if parents else []
    listed: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for one in changes:
        listed.get(one.status, listed["added" if one.previous else "modified"]).append(one.path)
        if one.previous and one.status == "renamed":
            listed["removed"].append(one.previous)
    if not parents:
        listed["added"] = [
            path for path, found in repository.git.walk(repository.git.commit(sha).tree) if found.mode != FOLDER
        ]
    url = f"{page(world, repository)}/commit/{sha}"
    return simple_commit(repository, sha) | {"distinct": True, "url": url} | listed


def changed_file(world: World, repository: Repository, head: str, change: Change) -> JSON:
    """A `diff-entry`."""
    path, html = quote(change.path), page(world, repository)
    entry = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.added,
        "deletions": change.deleted,
        "changes": change.added + change.deleted,
        "blob_url": f"{html}/blob/{head}/{path}",
        "raw_url": f"{html}/raw/{head}/{path}",
        "contents_url": f"{address(world, repository)}/contents/{path}?ref={head}",
    }
    if change.patch is not None and len(change.patch) <= _PATCH:
        entry["patch"] = change.patch
    return entry | ({"previous_filename": change.previous} if change.previous else {})


def content(world: World, repository: Repository, ref: str, path: str, entry: Entry) -> JSON:
    """A `content-file`, `content-symlink` or `content-submodule`."""
    about = listed(world, repository, ref, path, entry)
    if entry.mode == SUBMODULE:
        return about | {"type": "submodule", "submodule_git_url": f"{page(world, repository)}.git"}
    data = repository.git.blob(entry.sha)
    if entry.mode == LINK:
        return about | {"type": "symlink", "target": data.decode(errors="replace")}
    text = base64.encodebytes(data).decode() if len(data) <= _CONTENT else ""
    return about | {"type": "file", "content": text, "encoding": "base64" if len(data) <= _CONTENT else "none"}


def listed(world: World, repository: Repository, ref: str, path: str, entry: Entry) -> JSON:
    """What a `content-directory` says of one entry."""
    kind = {FOLDER: "dir", LINK: "symlink", SUBMODULE: "submodule"}.get(entry.mode, "file")
    url = f"{address(world, repository)}/contents/{quote(path)}?ref={ref}"
    git = f"{address(world, repository)}/git/{'trees' if kind in ('dir', 'submodule') else 'blobs'}/{entry.sha}"
    html = f"{page(world, repository)}/{'tree' if kind == 'dir' else 'blob'}/{ref}/{quote(path)}"
    blob = kind in ("file", "symlink")
    return {
        # A submodule is listed as a file: GitHub keeps that for the sake of old clients.
        "type": "file" if kind == "submodule" else kind,
        "name": posixpath.basename(path),
        "path": path,
        "sha": entry.sha,
        "size": len(repository.git.blob(entry.sha)) if blob else 0,
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": f"{page(world, repository)}/raw/{ref}/{quote(path)}" if blob else None,
        "_links": {"self": url, "git": git, "html": html},
    }
