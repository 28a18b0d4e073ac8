"""Every file of a commit on GitHub, listed by one request."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import Refused
from bot.gather.links import Entry
from bot.github.client import Installation
from rules.facts import Unverifiable


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in a commit, by path; `lacking` says why that is not all of it, None where it is.

    `sizes` are those of the files, in bytes.
    """

    entries: Mapping[str, Entry]
    sizes: Mapping[str, int]
    lacking: Unverifiable | None

    @property
    def paths(self) -> tuple[str, ...] | Unverifiable:
        """Every file, in order; or why they can't be told."""
        return tuple(sorted(self.sizes)) if self.lacking is None else self.lacking


def listing(installation: Installation, repository: str, commit: str) -> Listing:
    """The files of a commit. Raises RetryLater."""
    try:
        found = installation.get(f"/repos/{repository}/git/trees/{commit}", {"recursive": "1"})
    except Refused as refused:
        return Listing({}, {}, Unverifiable(f"GitHub does not list the repository's files ({refused.reason})"))
    entries: dict[str, Entry] = {}
    sizes: dict[str, int] = {}
    for one in found["tree"]:
        link = one["mode"] == "120000"
        entries[one["path"]] = Entry(one["type"], link)
        if one["type"] == "blob":
            sizes[one["path"]] = one.get("size") or 0
    lacking = Unverifiable("the repository has more files than GitHub lists at once") if found["truncated"] else None
    return Listing(entries, sizes, lacking)
