"""What a review costs, the token apart: six requests for a repository that is seen for the first time, three in the
usual case, one where nothing has changed."""

from tests.e2e.given import FILES, GOOD, HERE, NAME, POLICY
from tests.e2e.plant import CONTENTS, CREATE, PATCHES, PULL, TREE, USUAL, Plant, about


def _first(knowing: Plant) -> None:
    """A pull request that is judged and merged, so that the repository is known."""
    knowing.stand.push(HERE, "first", {"docs/first.md": b"# First\n"})
    number = knowing.stand.pull(HERE, "first")
    assert about(knowing.run(HERE, number)) == (NAME, "success")
    assert knowing.asked() == USUAL
    assert len(USUAL) <= 6
    knowing.stand.merge(HERE, number)
    knowing.asked()


def test_in_the_usual_case_it_takes_three(knowing: Plant) -> None:
    _first(knowing)
    knowing.stand.push(
        HERE, "second", {POLICY: GOOD + "# One.\n", "docs/page.md": b"# Page\n", "shop/cart.py": b"LIMIT = 10\n"}
    )
    number = knowing.stand.pull(HERE, "second")
    assert about(knowing.run(HERE, number)) == (NAME, "success")
    assert knowing.asked() == [PULL, PATCHES, CREATE]


def test_a_further_push_takes_three_as_well(knowing: Plant) -> None:
    _first(knowing)
    knowing.stand.push(HERE, "second", {"docs/page.md": b"# Page\n"})
    number = knowing.stand.pull(HERE, "second")
    assert knowing.asked() == [PULL, PATCHES, CREATE]
    knowing.stand.push(HERE, "second", {"docs/page.md": b"# Page\n\nMore.\n", "docs/other.md": b"# Other\n"})
    assert knowing.asked() == [PULL, PATCHES, CREATE]
    assert about(knowing.run(HERE, number)) == (NAME, "success")


def test_what_is_the_same_takes_one_and_no_write(knowing: Plant) -> None:
    _first(knowing)
    knowing.stand.push(HERE, "second", {"docs/page.md": b"# Page\n"})
    number = knowing.stand.pull(HERE, "second")
    knowing.asked()
    knowing.stand.convert_to_draft(HERE, number)
    knowing.stand.ready_for_review(HERE, number)
    assert knowing.asked() == [PULL]


def test_files_that_are_moved_changed_and_deleted_are_known_by_their_patches(knowing: Plant) -> None:
    _first(knowing)
    runbook = FILES["docs/runbook.md"]
    knowing.stand.push(
        HERE,
        "second",
        {
            "docs/runbook.md": runbook + b"\nOne line more.\n",
            "docs/new/deep.md": b"no final newline",
            ".github/CODEOWNERS": None,
            "CODEOWNERS": FILES[".github/CODEOWNERS"].replace(b"# The last", b"# Here the last"),
        },
    )
    number = knowing.stand.pull(HERE, "second")
    assert about(knowing.run(HERE, number)) == (NAME, "success")
    assert knowing.asked() == [PULL, PATCHES, CREATE]


def test_where_patches_do_not_tell_all_the_files_are_listed(knowing: Plant) -> None:
    _first(knowing)
    knowing.stand.push(HERE, "second", {"logo.png": b"\x89PNG\0\0"})
    number = knowing.stand.pull(HERE, "second")
    assert about(knowing.run(HERE, number)) == (NAME, "success")
    assert knowing.asked() == [PULL, PATCHES, TREE, CONTENTS, CREATE]
