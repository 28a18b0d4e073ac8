"""What a repository on GitHub shows: as much of it as is worth a look is laid out in a folder, and looked at there."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.gather.head import AtHead
from bot.starter.looking import ABOUT, look, named
from bot.starter.shows import Shows
from rules.evidence.owners import PLACES
from rules.facts import MAX_FILES, Files, Unread, Unverifiable
from rules.values import RepoPath

_READ = (".yml", ".yaml", ".json", ".tf", ".dvc", ".md", ".xml")
_LAID = 5_000
_WORKFLOWS = ".github/workflows/"


def look_there(head: AtHead, below: str = ".") -> Shows:
    """What a commit shows below a folder; no more than a name where GitHub does not list its files.

    Raises RetryLater or Refused.
    """
    name = named(below.rpartition("/")[2], head.pull.repository.partition("/")[2])
    listed = head.files(()).paths
    if isinstance(listed, Unverifiable):
        return Shows(name)
    # Who owns it, and what stops it, stands at the root, whatever folder the pilot is in.
    own = ("" if below == "." else f"{below}/", *PLACES, _WORKFLOWS)
    paths = [path for path in listed if path.startswith(own)]
    read = [RepoPath(path) for path in sorted(filter(_worth, paths), key=_order)[:MAX_FILES]]
    files = head.files(read)
    with TemporaryDirectory(prefix="pilotgate-") as folder:
        _lay_out(Path(folder), paths[:_LAID], read, files)
        return replace(look(Path(folder)), name=name)


def _worth(path: str) -> bool:
    return path in PLACES or path.endswith(_READ)


def _order(path: str) -> tuple[bool, bool, int, str]:
    return path not in PLACES, not (ABOUT.search(path) or path.startswith(".github/")), path.count("/"), path


def _lay_out(folder: Path, paths: Iterable[str], read: Iterable[str], files: Files) -> None:
    contents = {path: files.read(path) for path in read}
    for path in {*paths, *contents}:
        # What a tree names may be more than a file system takes.
        if "\0" in path or len(path) > 1_000 or any(len(part.encode()) > 255 for part in path.split("/")):
            continue
        there = folder / path
        if not there.resolve().is_relative_to(folder.resolve()):
            continue
        data = contents.get(path, b"")
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(b"" if isinstance(data, Unread) else data)
