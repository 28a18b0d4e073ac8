"""Names, people, paths and addresses: what is promised is read, the rest is refused with what to write."""

import pytest

from rules.values import Channel, Evidence, Glob, Handle, Label, Name, RepoPath, Url
from tests.rules.given import reader, refused, said

PERSON = 'people are written "@login" or "@org/team"'
OUTSIDE = "a path must not leave the repository: write it without `..`"
ABSOLUTE = "paths are relative to the repository's root, never absolute"
MISSING = "a path is missing here: write one relative to the repository's root"
HTTPS = "an address starts with https://"
NAME = "only small letters, digits and hyphens may stand here"


@pytest.mark.parametrize("text", ["a", "invoice-triage", "0", "-", "a" * 300])
def test_a_name_is_small_letters_digits_and_hyphens(text: str) -> None:
    found = Name.read(text)
    assert found == text
    assert isinstance(found, Name)


@pytest.mark.parametrize(
    ("text", "better"),
    [("Invoice Triage", "invoice-triage"), ("_a__b_", "a-b"), ("a\n", "a"), ("ä", None), ("", None), ("!?", None)],
)
def test_a_name_of_other_characters_is_refused_with_the_nearest(text: str, better: str | None) -> None:
    assert refused(Name.read, text) == (NAME, better)


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("@ana-r", False),
        ("@a", False),
        ("@A_1", False),
        ("@acme/ml-oncall", True),
        ("@acme/a.b_c", True),
        ("@" + "a" * 199, False),
    ],
)
def test_a_handle_is_a_person_or_a_team(text: str, team: bool) -> None:
    found = Handle.read(text)
    assert found == text
    assert isinstance(found, Handle)
    assert found.team is team


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("ana-r", '"@ana-r"'),
        (" acme/team ", '"@acme/team"'),
        ("@ana r", None),
        ("@-a", None),
        ("@a/b/c", None),
        ("@a/", None),
        ("@", None),
        ("", None),
        ("@a\n", None),
        ("@" + "a" * 200, None),
    ],
)
def test_what_is_no_handle_is_refused_with_the_one_that_is_meant(text: str, better: str | None) -> None:
    assert refused(Handle.read, text) == (PERSON, better)


@pytest.mark.parametrize("kind", [RepoPath, Glob])
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a/b.yml", "a/b.yml"),
        ("./a//b/", "a/b"),
        (".", "."),
        ("./", "."),
        (".github/x", ".github/x"),
        ("..a/b..", "..a/b.."),
        ("ops/*.yml", "ops/*.yml"),
        (" a b ", " a b "),
        ("ab:c", "ab:c"),
        ("é/😀", "é/😀"),
    ],
)
def test_a_path_stays_inside_the_repository(kind: type[RepoPath], text: str, path: str) -> None:
    found = kind.read(text)
    assert found == path
    assert type(found) is kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", MISSING),
        (" ", MISSING),
        ("a\nb", "a path has no control characters"),
        ("a\x7f", "a path has no control characters"),
        ("a\x00", "a path has no control characters"),
        ("a\\b", "paths are written with `/`"),
        ("/a", ABSOLUTE),
        ("//a", ABSOLUTE),
        ("C:a", ABSOLUTE),
        ("c:/a", ABSOLUTE),
        ("..", OUTSIDE),
        ("../a", OUTSIDE),
        ("a/..", OUTSIDE),
        ("a/../b", OUTSIDE),
        ("./../a", OUTSIDE),
    ],
)
def test_a_path_that_leaves_the_repository_or_is_none_is_refused(text: str, message: str) -> None:
    assert refused(RepoPath.read, text) == (message, None)


@pytest.mark.parametrize("text", ["https://a", "https://a.b/c?d#e"])
def test_an_address_is_https(text: str) -> None:
    assert type(Url.read(text)) is Url


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("http://a.b/c", "https://a.b/c"),
        ("ftp://a", None),
        ("https://", None),
        ("https:///a", None),
        ("https:// a", None),
        ("https://a b", None),
        ("http://a b", None),
        ("a http://b", None),
    ],
)
def test_any_other_address_is_refused(text: str, better: str | None) -> None:
    assert refused(Url.read, text) == (HTTPS, better)


def test_evidence_is_a_path_or_an_address() -> None:
    read = reader(Evidence)
    assert type(read("docs/a.md")) is RepoPath
    assert type(read("https://a.b")) is Url
    assert said(Evidence, "http://a.b") == ("refused", HTTPS, "https://a.b")
    assert said(Evidence, "git+ssh://a.b")[1] == HTTPS
    assert said(Evidence, "../a")[1] == OUTSIDE
    assert said(Evidence, 3)[0] == "string_type"


def test_a_channel_is_a_label_a_path_or_an_address() -> None:
    read = reader(Channel)
    assert type(read("label:x")) is Label
    assert read("label:x") == "label:x"
    assert type(read("docs/a.md")) is RepoPath
    assert type(read("https://a.b")) is Url
    assert said(Channel, "label: ")[1] == "name the label: `label:NAME`"
    assert said(Channel, ("a",))[0] == "string_type"
