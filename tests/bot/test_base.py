"""`--base REF` in a real git repository: the stricter of two policies rules, and only the base's waivers count."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.given import TODAY, Ran, committed, example, files, git

Pilotgate = Callable[..., Ran]

_WAIVER = """waivers:
  - {rule: REV001, reason: Booked, approved_by: "@ana-r", expires: 2026-12-15}
"""
_UNLOCKED = "{version: 1, locked: []}"


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """A repository whose committed policy books one review too late, which is one error of REV001."""
    repo = example(tmp_path / "repo")
    _rewrite(repo, "due: 2026-11-30", "due: 2027-01-25")
    committed(repo)
    return repo


@pytest.fixture
def check(pilotgate: Pilotgate, tmp_path: Path) -> Pilotgate:
    """Checks a folder under an organisation that locks nothing, and prints JSON."""
    org = files(tmp_path / "org", {"org.yml": _UNLOCKED}) / "org.yml"
    return lambda folder, *more: pilotgate("check", folder, "--org", org, "--today", TODAY, "--format", "json", *more)


def _rewrite(repo: Path, old: str, new: str) -> None:
    text = (repo / ".pilot.yml").read_text(encoding="utf-8")
    assert old in text
    (repo / ".pilot.yml").write_text(text.replace(old, new), encoding="utf-8")


def _append(repo: Path, text: str) -> None:
    with (repo / ".pilot.yml").open("a", encoding="utf-8") as stream:
        stream.write(text)


def _severity(ran: Ran, code: str) -> str:
    return str({rule["code"]: rule["severity"] for rule in ran.json()["rules"]}[code])


def test_a_checkout_is_its_own_base(check: Pilotgate, late: Path) -> None:
    assert check(late).codes() == {"REV001"}
    _append(late, "rules: {REV001: off}\n")
    ran = check(late)
    assert (ran.code, ran.outcomes()["REV001"]) == (0, "off")


@pytest.mark.parametrize(
    ("base", "head", "severity", "code"),
    [
        ("error", "off", "error", 1),
        ("off", "error", "error", 1),
        ("notice", "warning", "warning", 0),
        ("warning", "notice", "warning", 0),
        ("notice", "off", "notice", 0),
    ],
)
def test_the_stricter_of_base_and_head_rules(
    check: Pilotgate, late: Path, base: str, head: str, severity: str, code: int
) -> None:
    _append(late, f"rules: {{REV001: {base}}}\n")
    committed(late)
    _rewrite(late, f"REV001: {base}", f"REV001: {head}")
    ran = check(late, "--base", "HEAD")
    assert (ran.code, _severity(ran, "REV001")) == (code, severity)


def test_a_stage_that_is_lowered_lowers_nothing_yet(check: Pilotgate, late: Path) -> None:
    _rewrite(late, "stage: pilot", "stage: planned")
    assert check(late).code == 0
    assert check(late, "--base", "HEAD").code == 1


def test_a_waiver_that_the_base_has_waives(check: Pilotgate, late: Path) -> None:
    _append(late, _WAIVER)
    committed(late)
    ran = check(late, "--base", "main")
    assert (ran.code, ran.outcomes()["REV001"]) == (0, "waived")


def test_a_waiver_that_the_base_does_not_have_waives_nothing_and_says_why(check: Pilotgate, late: Path) -> None:
    _append(late, _WAIVER)
    assert check(late).outcomes()["REV001"] == "waived"
    ran = check(late, "--base", "main")
    assert (ran.code, ran.outcomes()["REV001"]) == (1, "fail")
    reason = {rule["code"]: rule["reason"] for rule in ran.json()["rules"]}["REV001"]
    assert reason == "its waiver is not on the base branch, and nothing shows that it was approved"


def test_a_base_without_a_policy_is_planned(check: Pilotgate, tmp_path: Path) -> None:
    repo = files(tmp_path / "repo", {"README.md": "Nothing yet.\n"})
    committed(repo)
    example(repo, plain=True)
    _rewrite(repo, "due: 2026-11-30", "due: 2027-01-25")
    _append(repo, "rules: {REV001: off}\n")
    ran = check(repo, "--base", "HEAD")
    assert (ran.code, _severity(ran, "REV001")) == (0, "warning")


def test_a_base_whose_policy_can_t_be_read_opens_no_gate(check: Pilotgate, late: Path) -> None:
    text = (late / ".pilot.yml").read_text(encoding="utf-8")
    files(late, {".pilot.yml": text + "owner: {}\n"})
    committed(late)
    files(late, {".pilot.yml": text.replace("stage: pilot", "stage: planned") + _WAIVER + "rules: {REV001: off}\n"})
    assert check(late).code == 0
    ran = check(late, "--base", "HEAD")
    assert (ran.code, ran.codes(), _severity(ran, "REV001")) == (1, {"REV001"}, "error")


def test_a_base_may_be_any_commit(check: Pilotgate, late: Path) -> None:
    _append(late, "rules: {REV001: warning}\n")
    first = git(late, "rev-parse", "HEAD")
    second = committed(late)
    git(late, "tag", "v1", first)
    for ref, code in ((first, 1), (first[:12], 1), ("v1", 1), ("HEAD~1", 1), (second, 0), ("HEAD", 0)):
        assert check(late, "--base", ref).code == code


def test_the_report_names_the_commit_that_is_checked_out(check: Pilotgate, late: Path, tmp_path: Path) -> None:
    assert check(late).json()["commit"] == git(late, "rev-parse", "HEAD")
    assert check(example(tmp_path / "bare", plain=True)).json()["commit"] is None


@pytest.mark.parametrize("ref", ["nowhere", "", "--all", "HEAD:.pilot.yml", "HEAD^{tree}"])
def test_a_base_that_can_t_be_found_is_two(pilotgate: Pilotgate, late: Path, ref: str) -> None:
    ran = pilotgate("check", late, f"--base={ref}")
    message = f"--base {ref}: no such commit in {late}; fetch it first, or name another"
    assert ran == Ran(2, "", f"pilotgate: {message}\n")


def test_a_base_without_git_or_a_repository_is_two(
    pilotgate: Pilotgate, late: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pilotgate("check", example(tmp_path / "bare", plain=True), "--base", "HEAD").code == 2
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert pilotgate("check", late, "--base", "HEAD").code == 2
    assert pilotgate("check", late, "--today", TODAY).code == 1


def test_a_folder_inside_a_repository_has_its_own_policy_as_base(check: Pilotgate, tmp_path: Path) -> None:
    example(tmp_path / "repo/pilots/triage", plain=True)
    committed(tmp_path / "repo")
    folder = tmp_path / "repo/pilots/triage"
    _rewrite(folder, "due: 2026-11-30", "due: 2027-01-25")
    _append(folder, "rules: {REV001: off}\n")
    assert check(folder).code == 0
    assert check(folder, "--base", "HEAD").code == 1


def test_a_policy_of_another_name_has_itself_as_base(check: Pilotgate, late: Path) -> None:
    (late / ".pilot.yml").rename(late / "triage.yml")
    committed(late)
    (late / "link.yml").symlink_to("triage.yml")
    with (late / "triage.yml").open("a", encoding="utf-8") as stream:
        stream.write("rules: {REV001: off}\n")
    assert check(late, "--policy", late / "triage.yml").code == 0
    assert check(late, "--policy", late / "triage.yml", "--base", "HEAD").code == 1


def test_a_policy_outside_the_repository_has_no_base(check: Pilotgate, late: Path, tmp_path: Path) -> None:
    policy = tmp_path / "draft.yml"
    policy.write_text((late / ".pilot.yml").read_text(encoding="utf-8") + _WAIVER, encoding="utf-8")
    assert check(late, "--policy", policy, "--base", "HEAD").outcomes()["REV001"] == "fail"


def test_a_git_hook_s_environment_is_not_the_checkout_s(
    check: Pilotgate, late: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked = files(tmp_path / "hooked", {"README.md": "Another repository.\n"})
    commit = committed(hooked)
    for name, value in (
        ("GIT_DIR", hooked / ".git"),
        ("GIT_WORK_TREE", hooked),
        ("GIT_INDEX_FILE", hooked / ".git/index"),
        ("GIT_PREFIX", "sub/"),
    ):
        monkeypatch.setenv(name, str(value))
    ran = check(late, "--base", "main")
    assert ran.code == 1
    assert ran.json()["commit"] not in (commit, None)


def test_a_policy_that_only_the_base_has_is_to_be_brought_back(pilotgate: Pilotgate, late: Path) -> None:
    (late / ".pilot.yml").unlink()
    ran = pilotgate("check", late, "--base", "HEAD")
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == f"pilotgate: there is no .pilot.yml in {late}, but HEAD has one: bring it back, or retire the pilot in it\n"
    )


def test_a_folder_that_is_no_git_checkout_has_no_base(check: Pilotgate, tmp_path: Path) -> None:
    folder = example(tmp_path / "plain", plain=True)
    ran = check(folder, "--base", "main")
    assert ran.code == 2
    assert ran.err == f"pilotgate: --base main: {folder} is no git checkout, so that it has no base\n"
