"""The head of a pull request, as a source of facts: what the rules ask of it, in as few requests as can be."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, tzinfo
from functools import cached_property

from bot.errors import Refused, RetryLater
from bot.gather.ancestry import NAMES, end_of
from bot.gather.beside import Wanted, wanted
from bot.gather.blobs import Blobs
from bot.gather.cache import Cache, Known
from bot.gather.links import LONGEST, Entry, Reached, Unknown, entry, follow, parents
from bot.gather.listing import Listing, derived, hashed, listing, remember, root
from bot.gather.names import POLICY, TOO_LARGE, TOO_MANY, TOO_MUCH, chosen, paths, unseen
from bot.gather.patches import Added, Row, added, between, patched
from bot.gather.pull import Pull
from bot.github.client import Installation
from bot.github.faults import SOON
from bot.github.queries import repeated
from rules.evidence.whereabouts import is_documentation, is_foreign, is_test
from rules.facts import (
    MAX_EVIDENCE,
    MAX_FILES,
    MAX_SUM,
    Approvals,
    Change,
    Checks,
    Code,
    Commit,
    Data,
    Descent,
    Files,
    History,
    Labels,
    Lineage,
    OwnersErrors,
    People,
    Presence,
    Repository,
    Tree,
    Unread,
    Unverifiable,
    Written,
)
from rules.policy import Organisation, Policy
from rules.values import RepoPath

PATHS = 500
"""How many paths a policy may name: with no bound, whoever opens a pull request could use up GitHub's limit."""
_AT_ONCE = 100
_STEPS = 2 * PATHS
_ROUNDS = 6
_LOOK_UPS = 40
"""How many requests are made to follow what the policy names, where GitHub does not list the repository."""
_NOT_FOLLOWED = Unread("is behind more links or folders than are followed: name the file itself", mendable=False)
_FILE = Presence.FILE
_CODE = 100
"""How many files of the repository are searched: each hundred more are one more request."""
_CHANGED = 300
_TEXT_SUM = 32 * 1024 * 1024
_COMPARED = 5
_DIFFERING = 300


class AtHead:
    """The head of a pull request. What is asked once is not asked again."""

    def __init__(
        self,
        installation: Installation,
        pull: Pull,
        zone: tzinfo,
        handles: Iterable[str] = (),
        ours: Callable[[str], bool] = lambda _: True,
        cache: Cache | None = None,
    ) -> None:
        """`zone`: where the days of the organisation begin; `handles`: who is to be looked up; `ours`: which of the
        changed files are judged by the policy of this `pull`."""
        self.installation, self.pull, self._ours = installation, pull, ours
        self.cache = cache or Cache()
        self._commits = frozenset[str]()
        self.named = frozenset[str]()
        self._known: dict[str, Entry | None] = {}
        self._look_ups = _LOOK_UPS
        start = pull.policy.model.pilot.start if pull.policy.model else date.min
        asked = wanted(pull.policy.model, handles, Wanted(pull.repository, pull.ref, pull.base_commit or pull.head))
        until, path = end_of(start, zone), pull.policy.path
        self._blobs = Blobs(installation, pull.repository, pull.id, pull.head, self.cache, until, asked, path)
        self._blobs.told(pull.told)

    def commit(self) -> Commit:
        """The head."""
        return Commit(self.pull.head)

    def repository(self, organisation: Organisation, absent: bool, /) -> Repository:
        """Name and topics, and the custom properties where it is up to them whether an absent policy is asked for."""
        topics, wanted = self.pull.topics, organisation.required_for
        if not absent or not wanted.properties or topics & set(wanted.topics):
            return Repository(topics, {}, self._name)
        try:
            listed = self.installation.get(f"/repos/{self.pull.repository}/properties/values")
        except Refused:
            return Repository(topics, None, self._name)
        properties = {one["property_name"]: one["value"] for one in listed}
        return Repository(topics, properties, self._name)

    @property
    def _name(self) -> str | None:
        # Elsewhere the same name may be another's: addresses at github.com can't be compared with it.
        return self.pull.repository if self.installation.app.at_github_com else None

    def tree(self, policy: Policy | None) -> Tree | Unverifiable:
        """What stands at each path that the policy names; a link is followed within the repository."""
        named = paths(policy)
        self.named |= frozenset(named)
        there = [path for path in named if len(path) <= LONGEST]
        steps = dict.fromkeys(step for path in there[: PATHS + 1] for step in parents(path))
        if len(named) > PATHS or len(steps) > _STEPS:
            return Unverifiable(f"the policy names more than {PATHS} paths, or too many folders: name fewer")
        reached = self._reached(there)
        self._note(reached)
        entries = {
            # What is still unknown is a link to a link to a link, or one whose text can't be read.
            path: one.presence if isinstance(one, Reached) else Presence.NOTHING
            for path, one in reached.items()
        }
        return Tree(dict.fromkeys(named, Presence.NOTHING) | entries)

    def _note(self, reached: Mapping[str, Reached | Unknown]) -> None:
        """What stands behind links is named as well, and any link may lead elsewhere."""
        self.named |= {one.path for one in reached.values() if isinstance(one, Reached)}
        self.named |= {path for path, one in self._known.items() if one is not None and one.link}

    def _reached(self, there: Collection[str]) -> dict[str, Reached | Unknown]:
        """Where these paths lead once every link is followed; or what it was not looked up for."""
        found: dict[str, Reached | Unknown] = {path: Unknown("", text=False, through=path) for path in there}
        for _ in range(_ROUNDS):
            unknown = {path: one for path, one in found.items() if isinstance(one, Unknown)}
            if not unknown:
                break
            self._look_up([step for one in unknown.values() if not one.text for step in parents(one.through)], False)
            self._look_up([one.path for one in unknown.values() if one.text], True)
            found |= {path: follow(path, self._known, self._listing.lacking is None) for path in unknown}
        return found

    def _look_up(self, unknown: Collection[str], text: bool) -> None:
        asked = [path for path in dict.fromkeys(unknown) if path != "." and (text or path not in self._known)]
        if asked and not text and self._listing.lacking is None:
            self._known = {**self._listing.entries, **self._known}
            return
        for start in range(0, len(asked), _AT_ONCE):
            if not self._look_ups:
                return
            self._look_ups -= 1
            page = asked[start : start + _AT_ONCE]
            owner, _, name = self.pull.repository.partition("/")
            variables = {"owner": owner, "name": name, "head": self.pull.head, "text": text}
            variables |= {f"path{number}": path for number, path in enumerate(page)}
            data = self.installation.query(repeated("paths", {"path": len(page)}), variables)
            commit = (data["repository"] or {}).get("object")
            if commit is None:
                raise RetryLater(self.installation.app.clock() + SOON, f"{self.pull.head} is not to be seen any more")
            self._known.update({path: entry(commit[f"path{number}"]) for number, path in enumerate(page)})

    def beside(
        self,
        pull: Pull,
        zone: tzinfo,
        handles: Iterable[str],
        ours: Callable[[str], bool] = lambda _: True,
        unchanged: bool = False,
    ) -> "AtHead":
        """The same for another policy; `unchanged`: on a commit that adds nothing."""
        other = AtHead(self.installation, pull, zone, handles, ours, self.cache)
        if pull.head == self.pull.head:
            other._listing = self._listing
        if unchanged or "_added" in self.__dict__:
            other._added = Added({}) if unchanged else self._added
        return other

    @property
    def known(self) -> Known:
        """What this policy asks for, to be asked for at once the next time."""
        return Known(self._blobs.asked, self._blobs.until, self._commits)

    @cached_property
    def _listing(self) -> Listing:
        pull, cache = self.pull, self.cache
        tree = pull.tree or cache.get("commit", pull.id, pull.head)
        found: Listing | None = (cache.get("tree", pull.id, tree) if tree else None) or self._derived()
        if found is None:
            found = listing(self.installation, pull.repository, pull.head)
        if found.lacking is None:
            remember(cache, pull.id, pull.head, tree or root(found.objects), found)
        self._blobs.oids = found.objects
        return found

    def _derived(self) -> Listing | None:
        """The files as they follow from those of a commit before and from what is changed."""
        trees = filter(None, (self.cache.get("commit", self.pull.id, parent) for parent in self.pull.parents))
        before = [found for tree in trees if (found := self.cache.get("tree", self.pull.id, tree))]
        if not before or isinstance(self._added, Unverifiable):
            return None
        rows = self._added.rows
        made = (derived(one, rows, self._rebuilt(one, rows), self.pull.tree) for one in before)
        return next(filter(None, made), None)

    def _rebuilt(self, before: Listing, rows: Iterable[Row]) -> dict[str, int]:
        """How long the changed files are, of which each is made from what it was by its patch."""
        found: dict[str, int] = {}
        for row in rows:
            old = row.previous or row.path
            _, oid = before.objects.get(old, ("", ""))
            if row.sha == oid:
                found[row.path] = before.sizes.get(old, 0)
                continue
            content = self.cache.get("blob", self.pull.id, row.sha)
            was = self.cache.get("blob", self.pull.id, oid) if oid else b""
            if content is None and row.patch is not None and isinstance(was, bytes):
                made = patched(was, row.patch)
                content = made if hashed("blob", made, len(row.sha)) == row.sha else None
            if isinstance(content, bytes):
                self.cache.put(content, len(content), "blob", self.pull.id, row.sha)
                found[row.path] = len(content)
        return found

    @property
    def watched(self) -> frozenset[str]:
        """What is looked at beside the commit: people, teams and checks."""
        asked = self._blobs.asked
        return frozenset({*asked.handles, *(f"check:{name}" for name in asked.checks)})

    @property
    def changed_paths(self) -> frozenset[str]:
        """What the pull request changes, by old and new names; what could not be told is left out."""
        found = self._added
        return frozenset() if isinstance(found, Unverifiable) else found.paths

    def changes(self, paths: Iterable[str]) -> bool:
        """Whether the pull request changes one of these; also where GitHub does not tell all that it changes."""
        found = self._added
        return isinstance(found, Unverifiable) or not found.whole or not found.paths.isdisjoint(paths)

    @property
    def nested_policies(self) -> bool:
        """Whether there is, or was, a policy below the root; also where that can't be told."""
        if self._listing.lacking is not None or isinstance(self._added, Unverifiable):
            return True
        return bool(self.policies) or any(path.endswith(f"/{POLICY}") for path in self._added.paths)

    @property
    def policies(self) -> frozenset[str]:
        """The policies below the root, as far as GitHub lists all files."""
        return frozenset(path for path in self._listing.sizes if path.endswith(f"/{POLICY}"))

    @property
    def folders(self) -> frozenset[str] | None:
        """Every folder; None where GitHub does not list all files."""
        steps = (path.rpartition("/")[0] for path in self._listing.sizes)
        return frozenset(above for folder in set(steps) if folder for above in parents(folder)) if self.listed else None

    @property
    def listed(self) -> bool:
        """Whether GitHub lists all files."""
        return self._listing.lacking is None

    def restrict(self, ours: Callable[[str], bool]) -> None:
        """From now on, only these of the changed files are looked at line by line."""
        self._ours = ours

    @cached_property
    def _added(self) -> Added | Unverifiable:
        pull = self.pull
        if pull.whole:
            return Added({})
        if pull.group:
            return between(self.installation, pull.repository, pull.base_commit or pull.head, pull.head)
        return added(self.installation, pull.repository, pull.number)

    def files(self, wanted: Iterable[RepoPath]) -> Files:
        """The files that are asked for by path or pattern, with what is in them."""
        listed = self._listing.paths
        chose = chosen(wanted, () if isinstance(listed, Unverifiable) else listed)
        named = chose.paths
        self.named |= frozenset(named)
        asked = [path for path in named[:MAX_FILES] if len(path) <= LONGEST]
        reached = self._reached(asked)
        self._note(reached)
        there = (one.path for one in reached.values() if isinstance(one, Reached) and one.presence is _FILE)
        real = self._within(there, MAX_SUM)
        # One portion with what is looked at line by line, since each is a request.
        self._load([*real, *self._changed(), *self._searched])
        contents: dict[str, bytes | Unread] = dict.fromkeys(named, Unread(f"is {Presence.NOTHING.value}"))
        contents |= dict.fromkeys(named[MAX_FILES:], TOO_MANY)
        for path, one in reached.items():
            if isinstance(one, Unknown):
                contents[path] = _NOT_FOLLOWED
            elif one.presence is not _FILE:
                contents[path] = Unread(f"is {one.presence.value}")
            else:
                contents[path] = self._blobs.known[one.path] if one.path in real else TOO_MUCH
        return Files(contents, listed, chose.matching)

    def _within(self, files: Iterable[str], left: int) -> dict[str, int]:
        """Those of the files that make no more than so many bytes together, with how many each has."""
        found = dict[str, int]()
        for path in dict.fromkeys(files):
            size = self._listing.sizes.get(path, 0)
            # One that is too large is not read, and takes up nothing.
            size = 0 if size > MAX_EVIDENCE else size
            if size <= left:
                left -= size
                found[path] = size
        return found

    def _load(self, wanted: Iterable[str]) -> None:
        # Where GitHub lists not all, the sizes of the rest are not known.
        self._blobs.load({path: self._listing.sizes.get(path, 0) for path in wanted})

    def _changed(self) -> list[str]:
        found = self._added
        if isinstance(found, Unverifiable):
            return []
        return list(self._within([path for path in found.lines if self._ours(path)][:_CHANGED], _TEXT_SUM))

    def change(self) -> Change | Unverifiable:
        """The lines that the pull request adds."""
        found = self._added
        if isinstance(found, Unverifiable):
            return found
        changed = self._changed()
        self._load(changed)
        texts = {path: self._text(path) for path in changed}
        files = [Written(path, text, found.lines[path]) for path, text in texts.items() if text is not None]
        large = found.left_out + sum(self._blobs.known[path] is TOO_LARGE for path in changed)
        return Change(tuple(files), unseen(large, sum(map(self._ours, found.lines)) - len(changed)))

    @cached_property
    def _searchable(self) -> list[str]:
        """The files in which code and infrastructure may be, the least deep first."""
        listed = self._listing
        plain = [
            path
            for path, size in listed.sizes.items()
            if not listed.entries[path].link and size and not _beside_the_point(path)
        ]
        return sorted(plain, key=lambda path: (path.count("/"), path))

    @property
    def _searched(self) -> list[str]:
        return list(self._within(self._searchable[:_CODE], _TEXT_SUM))

    def code(self) -> Code | Unverifiable:
        """The text of the repository, or of what GitHub gives at once of it."""
        if self._listing.lacking is not None:
            return self._listing.lacking
        searched = self._searched
        self._load(searched)
        files = [Written(path, text) for path in searched if (text := self._text(path)) is not None]
        return Code(tuple(files), unseen(0, len(self._searchable) - len(searched)))

    def _text(self, path: str) -> str | None:
        data = self._blobs.known[path]
        return data.decode("utf-8", "replace") if isinstance(data, bytes) and b"\0" not in data else None

    def history(self, start: date, zone: tzinfo) -> History | Unverifiable:  # noqa: ARG002 - known from the pull
        """Whom the policy named on the day of the start."""
        return self._blobs.look_back()

    def lineage(self, commits: Collection[str]) -> Lineage:
        """How the commits that results name relate to the head."""
        self._commits |= frozenset(commits)
        asked = [one for one in commits if NAMES.fullmatch(one)]
        found: dict[str, Descent | Unverifiable | None] = dict.fromkeys(commits, None)
        found |= dict.fromkeys(asked[_COMPARED:], Unverifiable(f"results name more than {_COMPARED} commits"))
        return Lineage(found | {one: self._descent(one) for one in asked[:_COMPARED]})

    def data(self, paths: Collection[str]) -> Data:
        """What is in those of these files that are known already; where the change has a part in them or in what is
        named, also of those that one more request brings."""
        listed = self._listing
        there = [path for path in paths if path in listed.sizes and not listed.entries[path].link]
        wanted = self._within(there[:MAX_FILES], MAX_SUM)
        if not self.changed_paths & {*self.named, *there}:
            wanted = {path: size for path, size in wanted.items() if path in self._blobs.known}
        return Data(self._blobs.at_once(wanted))

    def people(self) -> People:
        """Those whom the policy, the organisation and the base branch name, and who has approved."""
        if not self._blobs.asked.handles:
            return People({}, Unverifiable("nobody is named"))
        return self._blobs.beside().people

    def labels(self) -> Labels:
        """The label that the policy names."""
        return self._blobs.beside().labels

    def owners_errors(self) -> OwnersErrors:
        """What GitHub calls errors in CODEOWNERS."""
        return self._blobs.beside().owners

    def approvals(self) -> Approvals:
        """Who has approved the head, and who has a hand in it."""
        return self.pull.approvals

    def checks(self) -> Checks:
        """The checks that the policy names, on the head and on the base branch."""
        return self._blobs.beside().checks

    def _descent(self, commit: str) -> Descent | Unverifiable | None:
        pull = self.pull
        found = self.cache.get("descent", pull.id, commit.lower(), pull.head) or self._near(commit.lower())
        return found or descent(self.installation, self.cache, pull.id, pull.repository, (commit, pull.head))

    def _near(self, commit: str) -> Descent | None:
        """How a commit relates to the head, where that follows from how it relates to the one commit that the pull
        request begins at."""
        if len(self.pull.outside) != 1:
            return None
        (begin,) = self.pull.outside
        known = Descent(True) if commit == begin else self.cache.get("descent", self.pull.id, commit, begin)
        if known is None or isinstance(self._added, Unverifiable):
            return None
        mine = self._added.paths
        exact = isinstance(known, Descent) and known.ancestor and known.changed.isdisjoint(mine)
        return Descent(True, known.changed | mine) if exact else None


def descent(
    installation: Installation, cache: Cache, id: int, repository: str, between: tuple[str, str]
) -> Descent | Unverifiable | None:
    """How the first of two commits relates to the second. Raises RetryLater."""
    commit, head = between
    try:
        compared = installation.get(f"/repos/{repository}/compare/{commit}...{head}")
    except Refused as refused:
        return None if refused.status == 404 else Unverifiable(f"the commit can't be compared ({refused.reason})")
    if not compared["base_commit"]["sha"].startswith(commit.lower()):
        # A branch may be called `deadbeef`, and would stand for whatever it is moved to.
        return None
    found = Descent(ancestor=False)
    if compared["status"] in ("identical", "ahead"):
        files = compared.get("files") or []
        if len(files) >= _DIFFERING:
            return Unverifiable(f"GitHub names only {_DIFFERING} of the files that differ from the measured commit")
        names = {one[key] for one in files for key in ("filename", "previous_filename") if one.get(key)}
        found = Descent(True, frozenset(names))
    cache.put(found, 100 * len(found.changed), "descent", id, compared["base_commit"]["sha"].lower(), head)
    return found


def learn(installation: Installation, cache: Cache, id: int, repository: str, commit: str) -> None:
    """Get to know a commit that pull requests will begin at, where something is known of what they will ask for.

    Raises RetryLater or Refused.
    """
    known: Known | None = cache.get("known", repository.lower())
    if known is None or cache.get("commit", id, commit) is not None:
        return
    found = listing(installation, repository, commit)
    if found.lacking is None and found.objects:
        remember(cache, id, commit, root(found.objects), found)
    for one in sorted(known.commits)[:_COMPARED]:
        if NAMES.fullmatch(one):
            descent(installation, cache, id, repository, (one, commit))


def _beside_the_point(path: str) -> bool:
    """Whether a path says that neither code nor infrastructure stands there."""
    return is_test(path) or is_foreign(path) or is_documentation(path)
