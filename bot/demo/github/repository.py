"""A real git repository: a bare one in a folder of its own, read through one long-lived `git cat-file`."""

import hashlib
import os
import re
import subprocess
import threading
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.demo.github.objects import (
    FOLDER,
    SUBMODULE,
    By,
    Change,
    Commit,
    Content,
    Entry,
    Submodule,
    commit_bytes,
    content,
    parse_commit,
    parse_diff,
    parse_tree,
    tree_bytes,
)

_KEPT = 1 << 20
_SHA = re.compile(r"[0-9a-f]{40}")
_WALK = 100


@cache
def _environment() -> Mapping[str, str]:
    """Git as it is out of the box, whatever the machine has set up; folders of other users are taken as well."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = {"safe.directory": "*", "core.quotePath": "false", "gc.auto": "0", "init.defaultBranch": "main"}
    numbered = list(enumerate(settings.items()))
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **{f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in numbered},
        **{f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in numbered},
    }


class Git:
    """One bare repository. Its branches are read once and kept in step: nobody else writes there."""

    def __init__(self, folder: Path, source: Path | None = None) -> None:
        """A clone of `source` in `folder`, or an empty repository. CalledProcessError where git can't read it."""
        self.folder = folder
        self._guard = threading.Lock()
        self._reader: subprocess.Popen[bytes] | None = None
        self._objects: dict[str, tuple[str, bytes]] = {}
        self._changes: dict[tuple[str, str, bool], list[Change]] = {}
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.default, self.refs = "main", dict[str, str]()
        if source is None:
            # Without the samples of hooks that come with git.
            _run(folder.parent, "init", "--quiet", "--bare", "--template=", str(folder))
        else:
            _run(folder.parent, "clone", "--quiet", "--bare", str(source), str(folder))
            self._read_refs()

    def _read_refs(self) -> None:
        head = self.run("symbolic-ref", "--quiet", "HEAD", check=False).decode().strip()
        self.default = head.removeprefix("refs/heads/") or "main"
        listed = self.run("for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
        self.refs |= {name: sha for sha, _, name in (line.partition(" ") for line in listed)}
        if not head:
            # A checkout of a commit, as a CI has, is on no branch.
            self.set("refs/heads/main", self.run("rev-parse", "HEAD").decode().strip())

    def run(self, *arguments: str, data: bytes | None = None, check: bool = True) -> bytes:
        """What a git command prints."""
        return _run(self.folder, *arguments, data=data, check=check)

    def close(self) -> None:
        """End the process that reads."""
        with self._guard:
            if self._reader is not None:
                self._reader.communicate()
                self._reader = None

    def branch(self, name: str) -> str | None:
        """The commit of a branch."""
        return self.refs.get(f"refs/heads/{name}")

    @property
    def branches(self) -> dict[str, str]:
        """The branches with their commits, by name."""
        cut = len("refs/heads/")
        return {name[cut:]: sha for name, sha in sorted(self.refs.items()) if name.startswith("refs/heads/")}

    def set(self, ref: str, sha: str | None) -> None:
        """Let a ref point to a commit; None deletes it."""
        if sha is None:
            self.run("update-ref", "-d", ref)
            self.refs.pop(ref, None)
            return
        file = self.folder / ref
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{sha}\n", encoding="ascii")
        self.refs[ref] = sha

    def resolve(self, name: str) -> str | None:
        """The commit that a full id, a branch, a tag or `HEAD` names."""
        if _SHA.fullmatch(name):
            return name if self.kind(name) == "commit" else None
        wanted = f"refs/heads/{self.default}" if name == "HEAD" else name
        for ref in (wanted, f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}"):
            if ref in self.refs:
                return self._peel(self.refs[ref])
        return None

    def _peel(self, sha: str) -> str:
        kind, data = self.read(sha) or ("", b"")
        return self._peel(data[7:47].decode()) if kind == "tag" else sha

    def read(self, sha: str) -> tuple[str, bytes] | None:
        """An object's type and content; None where there is no such object."""
        if sha not in self._objects:
            with self._guard:
                found = self._ask(sha)
            if found is not None:
                self._keep(sha, found)
            return found
        return self._objects[sha]

    def _ask(self, sha: str) -> tuple[str, bytes] | None:
        if self._reader is None:
            self._reader = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        reader = self._reader
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write(sha.encode() + b"\n")
        reader.stdin.flush()
        head = reader.stdout.readline().split()
        if len(head) != 3:
            return None
        data = reader.stdout.read(int(head[2]))
        reader.stdout.read(1)
        return head[1].decode(), data

    def kind(self, sha: str) -> str | None:
        """The type of an object."""
        found = self.read(sha)
        return None if found is None else found[0]

    def blob(self, sha: str) -> bytes:
        """The content of a file; KeyError where there is no such blob."""
        found = self.read(sha)
        if found is None or found[0] != "blob":
            raise KeyError(sha)
        return found[1]

    def commit(self, sha: str) -> Commit:
        """A commit; KeyError where there is no such one."""
        found = self.read(sha)
        if found is None or found[0] != "commit":
            raise KeyError(sha)
        return parse_commit(sha, found[1])

    def tree(self, sha: str) -> dict[str, Entry]:
        """The entries of a folder, by name; none where the object is no folder."""
        found = self.read(sha)
        return parse_tree(found[1]) if found is not None and found[0] == "tree" else {}

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path of a commit. A link is an entry of its own and is not followed."""
        steps = [step for step in path.split("/") if step]
        here = Entry("", FOLDER, self.commit(commit).tree)
        for step in steps:
            found = self.tree(here.sha).get(step) if here.mode == FOLDER else None
            if found is None:
                return None
            here = found
        return here

    def file(self, ref: str, path: str) -> bytes | None:
        """The content of a file at a branch or commit; None where no file stands there."""
        sha = self.resolve(ref)
        found = self.entry(sha, path) if sha is not None else None
        return self.blob(found.sha) if found is not None and found.type == "blob" else None

    def walk(self, tree: str, before: str = "") -> Iterator[tuple[str, Entry]]:
        """Every path below a folder."""
        for name, found in self.tree(tree).items():
            yield before + name, found
            if found.mode == FOLDER:
                yield from self.walk(found.sha, f"{before}{name}/")

    def write(self, branch: str, files: Mapping[str, Content], message: str, by: By, when: datetime) -> str:
        """Commit to a branch, made from the default one if need be; returns the commit's id."""
        parent = self.branch(branch) or self.branch(self.default)
        tree = self._planted(self.commit(parent).tree if parent else None, dict(files)) or self.store("tree", b"")
        sha = self.store("commit", commit_bytes(tree, [parent] if parent else [], message, by, when))
        self.set(f"refs/heads/{branch}", sha)
        return sha

    def _planted(self, tree: str | None, files: Mapping[str, Content]) -> str | None:
        """The tree with files put in and taken away; None where nothing is left."""
        entries = dict(self.tree(tree)) if tree else {}
        below: dict[str, dict[str, Content]] = {}
        for path, given in files.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = given
            elif given is None:
                entries.pop(name, None)
            elif isinstance(given, Submodule):
                entries[name] = Entry(name, SUBMODULE, str(given))
            else:
                mode, data = content(given)
                entries[name] = Entry(name, mode, self.store("blob", data))
        for name, inside in below.items():
            was = entries.pop(name, None)
            folder = self._planted(was.sha if was and was.mode == FOLDER else None, inside)
            if folder is not None:
                entries[name] = Entry(name, FOLDER, folder)
        return self.store("tree", tree_bytes(entries.values())) if entries else None

    def store(self, kind: str, data: bytes) -> str:
        """Write an object as `git hash-object -w` does, without a process for each; returns its id."""
        whole = f"{kind} {len(data)}\0".encode() + data
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        file = self.folder / "objects" / sha[:2] / sha[2:]
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(zlib.compress(whole, 1))
        self._keep(sha, (kind, data))
        return sha

    def _keep(self, sha: str, found: tuple[str, bytes]) -> None:
        if len(found[1]) <= _KEPT:
            self._objects[sha] = found

    def fetch(self, source: "Git", branch: str, ref: str) -> None:
        """Take a branch of another repository over as a ref of this one."""
        if source is self:
            self.set(ref, self.refs[f"refs/heads/{branch}"])
            return
        self.run("fetch", "--quiet", "--no-tags", str(source.folder), f"+refs/heads/{branch}:{ref}")
        self.refs[ref] = source.refs[f"refs/heads/{branch}"]

    def history(self, start: str, without: str | None = None) -> list[str]:
        """The commits that lead to one, the newest first, without those that lead to another."""
        line = self._line(start, without)
        if line is not None:
            return line
        excluded = [] if without is None else [f"^{without}"]
        return self.run("rev-list", start, *excluded).decode().split()

    def _line(self, start: str, end: str | None) -> list[str] | None:
        """The commits between two on one short line; None where it is not that simple."""
        line: list[str] = []
        here: str | None = start
        while here is not None and here != end and len(line) < _WALK:
            line.append(here)
            parents = self.commit(here).parents
            if len(parents) > 1:
                return None
            here = parents[0] if parents else None
        return line if here == end else None

    def fork_point(self, base: str, head: str) -> str | None:
        """The last commit that two have in common."""
        if self._line(head, base) is not None:
            return base
        return self.run("merge-base", base, head, check=False).decode().strip() or None

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge; None where it is in conflict."""
        if self.fork_point(base, head) == base:
            return self.commit(head).tree
        told = self.run("merge-tree", "--write-tree", base, head, check=False).decode().split("\n")
        return told[0] if self.kind(told[0]) == "tree" and not any("CONFLICT" in line for line in told) else None

    def merge(self, branch: str, head: str, message: str, by: By, when: datetime) -> str | None:
        """Merge a commit into a branch; returns the merge's id, None where it is in conflict."""
        base = self.refs[f"refs/heads/{branch}"]
        tree = self.merged_tree(base, head)
        if tree is None:
            return None
        sha = self.store("commit", commit_bytes(tree, [base, head], message, by, when))
        self.set(f"refs/heads/{branch}", sha)
        return sha

    def changes(self, base: str, head: str, patches: bool = False) -> list[Change]:
        """What a pull request changes: the diff from where the two part."""
        known = self._changes.get((base, head, patches))
        if known is None:
            start = self.fork_point(base, head) or base
            options = ["--patch"] if patches else []
            text = self.run("diff-tree", "-r", "-M", "--raw", "--numstat", "--no-abbrev", *options, start, head)
            known = self._changes[base, head, patches] = list(parse_diff(text.decode(errors="replace")))
        return known


def _run(folder: Path, *arguments: str, data: bytes | None = None, check: bool = True) -> bytes:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=_environment(), input=data, capture_output=True, check=False
    )
    if check and done.returncode:
        raise ValueError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
