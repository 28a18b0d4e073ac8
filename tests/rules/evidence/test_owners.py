"""CODEOWNERS as GitHub reads it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence.owners import POLICY, CodeOwners, Owned
from rules.facts import Files, Unread, Unverifiable
from tests.rules.given import holding, policy

TOP = ".github/CODEOWNERS"


def owner(text: str, path: str) -> str | None:
    """The owners of a file by CODEOWNERS of this text; None where no line means it."""
    pilot = policy(f"runbooks: [{{file: {path!r}}}]")
    found = CodeOwners.read(pilot, holding({TOP: text.encode()})).owned[path]
    return None if found is None else " ".join(found.owners)


def means(pattern: str, path: str) -> bool:
    return owner(f"{pattern} @x", path) == "@x"


# What each pattern means and does not mean, by GitHub's documentation and by what gitignore documents.
PATTERNS = {
    "foo": ("foo foo/bar bar/foo bar/foo/baz", "foo.txt bar/foo.txt bar/baz Foo"),
    "/foo": ("foo foo/bar foo/bar/baz", "fool.txt bar/foo bar/foo/baz"),
    "foo/": ("foo/bar foo/bar/baz bar/foo/baz bar/foo/baz/qux", "foo bar/foo"),
    "/foo/": ("foo/bar foo/bar/baz", "foo bar/foo/baz bar/foo"),
    "foo/bar": ("foo/bar foo/bar/baz", "foo/bart baz/foo/bar baz/foo/bar/qux"),
    "/foo/bar/": ("foo/bar/baz foo/bar/baz/qux", "foo/bar foo/bart baz/foo/bar/qux"),
    "*": ("foo foo/bar foo/bar/baz", ""),
    "**": ("foo foo/bar foo/bar/baz", ""),
    "/**": ("foo foo/bar", ""),
    "/*": ("foo bar", "foo/bar foo/bar/baz"),
    "f*": ("foo foo/bar bar/foo bar/foo/baz", "bar/baz xfoo"),
    "/f*": ("foo foo/bar foo/bar/baz", "bar/foo xfoo"),
    "f*/": ("foo/bar bar/foo/baz", "foo bar/foo xfoo"),
    "/*/": ("foo/bar bar/foo/baz", "foo"),
    "*.js": ("a.js x/y/a.js a.js/b", "a.jsx js"),
    "f\\*o": ("f*o", "foo"),
    "f?o": ("foo", "fo fooo"),
    "f\\?o": ("f?o", "foo"),
    "docs/*": ("docs/getting-started.md", "docs/build-app/troubleshooting.md docs x/docs/a"),
    "foo/*.txt": ("foo/bar.txt", "foo foo/bar/baz.txt qux/foo/bar.txt"),
    "foo/*/baz": ("foo/bar/baz foo/bar/baz/qux", "foo/baz foo/bar"),
    "**/foo/bar": ("foo/bar qux/foo/bar qux/foo/bar/baz", "foo/baz/bar"),
    "**/*bar*": ("bar foo/bar foo/rebar foo/barrio", "foo/baz"),
    "**/logs": ("build/logs scripts/logs logs deeply/nested/logs/a", "logs.txt"),
    "foo/bar/**": ("foo/bar/baz foo/bar/baz/qux", "foo/bar qux/foo/bar/baz"),
    "foo/**/bar": ("foo/bar foo/bar/baz foo/qux/bar/baz foo/qux/quux/bar", "qux/foo/bar foo/qux"),
    "foo/**/": ("foo/bar foo/bar/baz", "foo"),
    "foo/**/bar/b*": ("foo/bar/baz foo/qux/bar/baz", "foo/bar/qux foo/qux/bar"),
    "/": ("", "foo foo/bar"),
    "a*b*c": ("abc aXbXc abbcbc", "abcd ab"),
    "a\\ b.md": ("a b.md x/a b.md", "a"),
}  # fmt: skip
PATHS = [
    pytest.param(pattern, path, yes, id=f"{pattern} {path}")
    for pattern, sides in PATTERNS.items()
    for yes, paths in zip((True, False), sides, strict=True)
    for path in (["a b.md", "x/a b.md"] if " " in pattern and yes else paths.split())
]


@pytest.mark.parametrize(("pattern", "path", "yes"), PATHS)
def test_a_pattern_means_what_github_documents(pattern: str, path: str, yes: bool) -> None:
    assert means(pattern, path) is yes


# The example of GitHub's "About code owners", in its words.
DOCUMENTED = """
# These owners will be the default owners for everything in the repo.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", "@global-owner1 @global-owner2"),
        ("src/a.js", "@js-owner"),
        ("a.go", "docs@example.com"),
        ("x/a.txt", "@octo-org/octocats"),
        ("build/logs/a", "@octocat"),
        ("docs/a.md", "@doctocat"),
        ("docs/x/a.md", "@doctocat"),
        ("scripts/a", "@doctocat @octocat"),
        ("apps/a", "@octocat"),
        ("x/apps/a", "@octocat"),
        ("apps/github/a", ""),
        ("deeply/nested/logs", "@octocat"),
    ],
)
def test_the_last_line_that_matches_decides(path: str, owners: str) -> None:
    assert owner(DOCUMENTED, path) == owners


def test_a_file_that_no_line_means_has_no_owner() -> None:
    assert owner("/ops/ @a", "docs/a.md") is None
    assert owner("", "docs/a.md") is None


def test_owners_are_compared_without_regard_to_capitals() -> None:
    line = Owned(3, ("@Acme/ML-Platform", "@lee"))
    assert line.names("@acme/ml-platform")
    assert line.names("@Lee")
    assert not line.names("@acme/ml")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!*.md @a", "excludes files by `!*.md`"),
        ("*.[ch] @a", "has brackets in `*.[ch]`"),
        ("[Docs]", "has brackets in `[Docs]`"),
        ("***/*.rb @monalisa", "has three asterisks in `***/*.rb`: write `**`"),
        ("*.txt docs@", "names `docs@`, which is no owner"),
        ("*.txt acme/docs", "names `acme/docs`, which is no owner"),
        ("*.txt @acme/docs,", "names `@acme/docs,`"),
        ("\\#a.md @a", "escapes a `#`"),
    ],
)
def test_a_line_that_github_calls_an_error_is_kept_and_skipped(line: str, says: str) -> None:
    found = CodeOwners.read(policy(""), holding({TOP: f"* @x\n{line}\n".encode()}))
    (fault,) = found.faults
    assert str(fault).startswith(f"`{TOP}:2` ")
    assert says in fault.message
    assert fault.message.endswith(", and GitHub skips the line")
    assert found.owned[POLICY] == Owned(1, ("@x",))


@pytest.mark.parametrize("line", ["* @a_acme @org/t.eam ana@acme.example", "\t/a\t\t@b\t", "/a # nobody", "  * @x  "])
def test_a_line_that_is_fine_is_no_fault(line: str) -> None:
    assert CodeOwners.read(policy(""), holding({TOP: line.encode()})).faults == ()


def test_the_first_place_where_github_finds_the_file_is_the_one() -> None:
    places = (TOP, "CODEOWNERS", "docs/CODEOWNERS")
    for start, place in enumerate(places):
        files = {path: f"* @{number}".encode() for number, path in enumerate(places) if number >= start}
        found = CodeOwners.read(policy(""), holding(files))
        assert (found.path, found.owned[POLICY]) == (place, Owned(1, (f"@{start}",)))
    assert CodeOwners.read(policy(""), holding({})) == CodeOwners()
    assert tuple(CodeOwners.wanted(policy(""))) == places


def test_the_files_of_the_configs_have_owners_too() -> None:
    pilot = policy("monitoring: {configs: ['ops/*.yml', x.yml]}")
    found = CodeOwners.read(pilot, holding({TOP: b"/ops/ @a", "ops/a.yml": b"", "ops/b.yml": b""}))
    assert found.configs == (("ops/a.yml", "ops/b.yml"), ())
    assert found.owned == {POLICY: None, "ops/a.yml": Owned(1, ("@a",)), "ops/b.yml": Owned(1, ("@a",))}


def test_what_can_not_be_told_is_kept_with_its_reason() -> None:
    pilot = policy("monitoring: {configs: ['ops/*.yml']}")
    blind = Files({TOP: b"* @a"}, Unverifiable("the tree is too large"))
    found = CodeOwners.read(pilot, blind)
    assert found.owned == {POLICY: Owned(1, ("@a",))}
    assert found.configs == (Unverifiable("the files of `ops/*.yml` can't be looked up: the tree is too large"),)
    large = Files({TOP: Unread("is larger than 2 MiB", mendable=False)}, ())
    assert str(CodeOwners.read(pilot, large).opaque) == f"`{TOP}` is larger than 2 MiB"
    assert "is not UTF-8" in str(CodeOwners.read(pilot, holding({TOP: b"\xff"})).broken)


def test_a_file_that_would_take_too_long_is_not_judged() -> None:
    deep = "/".join("a" * 50)
    lines = ("**/a/**/b\n" * 20_000).encode()
    found = CodeOwners.read(policy(f"runbooks: [{{file: {deep}}}]"), holding({TOP: lines}))
    assert "too many patterns" in str(found.opaque)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="*?/\\ab#!@[] \t\n.", max_size=60), st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1))
def test_no_line_is_too_odd_to_be_read(text: str, names: list[str]) -> None:
    path = "/".join(names)
    found = CodeOwners.read(policy(f"runbooks: [{{file: {path}}}]"), holding({TOP: text.encode()}))
    line = found.owned[path]
    assert line is None or text.split("\n")[line.line - 1].strip()[0] not in "#!"


@given(st.lists(st.sampled_from(["a", "b", "ab", "ba"]), min_size=1, max_size=4), st.integers(0, 3))
def test_a_literal_pattern_means_the_file_and_what_is_in_the_folder(names: list[str], more: int) -> None:
    literal = "/" + "/".join(names)
    assert means(literal, "/".join([*names, *("x" * more)]))
    assert not means(literal, "/".join(["x", *names]))
