"""The catalogue finds what is there, refuses by name what is not whole, and is the only list of rules."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from rules.catalogue import Catalogue, InvalidRule, catalogue, collect, load
from rules.document import Document
from rules.facts import NotApplicable, Today
from rules.policy import Policy
from rules.rule import Example, Finding, Severity, bad, good, idle
from tests.rules.given import ROOT

WHOLE = '''
    """Nobody owns two things.

    Because of that.

    Fix: own one.
    """

    from rules.policy import Policy
    from rules.rule import Finding, Severity, bad, good

    CODE = "{code}"
    SEVERITY = Severity.NOTICE


    def check(policy: Policy):
        if policy.owners:
            yield Finding(("owners",), "two: own one")


    EXAMPLES = [good("criteria: []"), bad("owners: {{}}", at="owners", says="two")]
'''


def whole(code: str) -> str:
    return dedent(WHOLE).lstrip().format(code=code)


def passes(policy: Policy) -> Iterator[Finding]:
    return iter(())


def module(
    name: str = "rules.ownership.two_things", doc: str | None = "Two things.\n\nFix: own one.", **parts: object
) -> ModuleType:
    made = ModuleType(name, doc)
    defaults: dict[str, object] = {
        "CODE": "OWN900",
        "SEVERITY": Severity.ERROR,
        "check": passes,
        "EXAMPLES": [good("owners: {}"), bad("criteria: []", at="owners", says="x")],
    }
    for part, value in {**defaults, **parts}.items():
        setattr(made, part, value)
    return made


DOC = "a docstring that says what it checks, why, and how to fix it"
FIX = "`Fix:` and how to fix it, at the start of a line of its docstring"
CODE = 'CODE, three capitals and three digits, as in CODE = "REV001"'
SEVERITY = "SEVERITY, as in SEVERITY = Severity.ERROR"
CHECK = "check, a function that yields findings"
GOOD = "a good example in EXAMPLES"
BAD = "a bad example in EXAMPLES"


def example_of(kind: str) -> list[Example]:
    return [bad("a: 1", at="a", says="b") if kind == "bad" else good("a: 1")]


@pytest.mark.parametrize(
    ("broken", "lacks"),
    [
        (module(doc=None), [DOC, FIX]),
        (module(doc=" \n"), [DOC, FIX]),
        (module(doc="Two things.\n\nBecause of that."), [FIX]),
        (module(doc="Two things.\n\nBecause of that.\n\nFix: \n"), [FIX]),
        (module(doc="Two things.\n\nSo: Fix: own one."), [FIX]),
        (module(doc="Fix: own one."), [FIX]),
        (module(CODE="own900"), [CODE]),
        (module(CODE="OWN9000"), [CODE]),
        (module(CODE="OWN90"), [CODE]),
        (module(CODE="OW900"), [CODE]),
        (module(CODE="OWNS900"), [CODE]),
        (module(CODE="OWN900\n"), [CODE]),
        (module(CODE=None), [CODE]),
        (module(SEVERITY="error"), [SEVERITY]),
        (module(check="check"), [CHECK]),
        (module(EXAMPLES=example_of("bad")), [GOOD]),
        (module(EXAMPLES=example_of("good")), [BAD]),
        (module(EXAMPLES=["good", idle("a: 1", says="x")]), [GOOD, BAD]),
        (ModuleType("rules.ownership.two_things"), [DOC, FIX, CODE, SEVERITY, CHECK, GOOD, BAD]),
    ],
)
def test_a_file_that_lacks_a_part_is_refused_by_name_with_all_that_it_lacks(
    broken: ModuleType, lacks: list[str]
) -> None:
    with pytest.raises(InvalidRule) as refused:
        load(broken, "ownership")
    assert str(refused.value) == "rules/ownership/two_things.py is no rule yet; it lacks " + "; ".join(lacks)


def test_a_rule_is_what_its_file_says() -> None:
    doc = "\nNobody owns two things.\n\nBecause of that.\n\nFix: own\none.\n"
    rule = load(module(doc=doc), "ownership")
    assert rule.code == "OWN900"
    assert rule.name == "two-things"
    assert rule.family == "ownership"
    assert rule.severity is Severity.ERROR
    assert rule.title == "Nobody owns two things."
    assert rule.page == doc.strip()
    assert rule.remedy == "own one."
    assert rule.check is passes
    assert rule.needs == {"policy": Policy}
    assert [example.outcome for example in rule.examples] == ["pass", "fail"]
    assert not rule.guards_policy


def test_a_rule_asks_for_facts_by_type() -> None:
    def check(document: Document[Policy], today: Today) -> Iterator[NotApplicable]:
        yield NotApplicable("never")

    assert load(module(check=check), "ownership").needs == {"document": Document, "today": Today}


def test_a_parameter_without_a_type_is_refused() -> None:
    def check(policy: Policy, today) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
        yield from ()

    with pytest.raises(InvalidRule) as refused:
        load(module(check=check), "ownership")
    expected = "rules/ownership/two_things.py: check's parameter today needs a type that says which fact it is"
    assert str(refused.value) == expected


def test_a_parameter_that_is_no_fact_is_refused() -> None:
    def check(policy: Policy, clock: Path) -> Iterator[Finding]:
        yield from ()

    with pytest.raises(InvalidRule) as refused:
        load(module(check=check), "ownership")
    expected = "rules/ownership/two_things.py: check's parameter clock asks for Path, which is no fact"
    assert str(refused.value) == expected


def test_a_type_that_is_not_imported_is_refused() -> None:
    def check(policy: "Polity") -> Iterator[Finding]:  # type: ignore[name-defined] # noqa: F821
        yield from ()

    with pytest.raises(InvalidRule) as refused:
        load(module(check=check), "ownership")
    assert str(refused.value).startswith(
        "rules/ownership/two_things.py: check's parameters name a type that is not imported: name 'Polity'"
    )


def package(name: str, *reserved: str) -> ModuleType:
    made = module(name, f"{name.capitalize()}: what is fought.\n\nFix: fight it.", CODE="OWN900")
    setattr(made, "RESERVED", reserved)  # noqa: B010 - a module has no such attribute by itself
    return made


def test_a_code_can_be_used_once() -> None:
    first, second = module("rules.ownership.one", CODE="OWN900"), module("acme.two", CODE="OWN900")
    with pytest.raises(InvalidRule) as refused:
        collect([("ownership", first), ("acme", second)])
    assert str(refused.value) == "acme/two.py: CODE OWN900 is that of one already"


@pytest.mark.parametrize("earlier", [True, False])
def test_a_code_set_aside_by_another_family_is_refused(earlier: bool) -> None:
    aside, uses = package("reviews", "REV900"), module("acme.two", CODE="REV900")
    packages = [("reviews", aside), ("acme", uses)]
    with pytest.raises(InvalidRule) as refused:
        collect(packages if earlier else packages[::-1])
    assert "REV900 is set aside by reviews" in str(refused.value)


def test_a_code_set_aside_in_its_own_family_may_be_used() -> None:
    found = collect([("ownership", package("ownership", "OWN900", "OWN901"))])
    assert list(found.rules) == ["OWN900"]
    assert found.reserved == {"OWN901"}
    assert found.codes == {"OWN900", "OWN901"}


@dataclass
class Plugin:
    """A distribution that registers rules, as pip would install it."""

    folder: Path

    def install(self, *points: str) -> None:
        info = self.folder / "acme_rules-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[pilotgate.rules]\n" + "".join(f"{point}\n" for point in points))

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield Plugin(tmp_path)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def fresh() -> Catalogue:
    return catalogue.__wrapped__()


def test_an_installed_module_adds_its_rule_after_the_built_in_ones(plugin: Plugin) -> None:
    plugin.write("acme_single.py", whole("ACM001"))
    plugin.install("acme = acme_single")
    found = fresh()
    assert list(found.rules) == [*catalogue().rules, "ACM001"]
    rule = found.rules["ACM001"]
    assert (rule.name, rule.family, rule.title) == ("acme-single", "acme", "Nobody owns two things.")
    assert found.families["acme"].title == "Nobody owns two things"


def test_an_installed_package_adds_each_of_its_files(plugin: Plugin) -> None:
    plugin.write("acme_rules/__init__.py", '"""Acme: what Acme fights."""\nRESERVED = ("ACM009",)\n')
    plugin.write("acme_rules/b_two.py", whole("ACM002"))
    plugin.write("acme_rules/a_one.py", whole("ACM003"))
    plugin.write("acme_rules/_shared.py", "raise RuntimeError\n")
    plugin.install("acme = acme_rules")
    found = fresh()
    assert list(found.rules)[-2:] == ["ACM002", "ACM003"]
    assert found.families["acme"].title == "Acme"
    assert found.families["acme"].page == "Acme: what Acme fights."
    assert found.reserved - catalogue().reserved == {"ACM009"}


def test_plug_ins_come_in_the_order_of_their_names(plugin: Plugin) -> None:
    plugin.write("acme_z.py", whole("ACM001"))
    plugin.write("acme_a.py", whole("ACM002"))
    plugin.install("zeta = acme_a", "alpha = acme_z")
    assert list(fresh().families)[-2:] == ["alpha", "zeta"]


def test_a_plug_in_that_does_not_load_is_named(plugin: Plugin) -> None:
    plugin.write("acme_broken.py", "raise RuntimeError('no licence')\n")
    plugin.install("acme = acme_broken")
    with pytest.raises(InvalidRule, match=r"^the plug-in acme \(acme_broken\) does not load: no licence$"):
        fresh()


def test_a_file_that_does_not_load_is_named(plugin: Plugin) -> None:
    plugin.write("acme_rules/__init__.py", "")
    plugin.write("acme_rules/half_done.py", "import no_such_module_anywhere\n")
    plugin.install("acme = acme_rules")
    expected = "acme_rules/half_done.py does not load: ModuleNotFoundError: No module named 'no_such_module_anywhere'"
    with pytest.raises(InvalidRule, match=f"^{re.escape(expected)}$"):
        fresh()


def test_a_plug_in_without_a_docstring_is_titled_by_its_name(plugin: Plugin) -> None:
    plugin.write("acme_rules/__init__.py", "")
    plugin.install("our_own = acme_rules")
    family = fresh().families["our_own"]
    assert (family.name, family.title, family.page) == ("our_own", "Our own", "")


def test_families_stand_in_the_order_of_the_policy() -> None:
    assert [(family.name, family.title) for family in catalogue().families.values()] == [
        ("policy_file", "Policy file"),
        ("ownership", "Ownership"),
        ("criteria", "Success criteria"),
        ("evaluation", "Evaluation data"),
        ("integration", "Integration"),
        ("reviews", "Reviews"),
        ("monitoring", "Monitoring"),
        ("runbook", "Runbooks"),
        ("decision", "Decision"),
    ]


def test_every_file_of_a_family_is_a_rule_and_rules_stand_by_family_and_code() -> None:
    found = catalogue()
    files = [file for family in found.families for file in (ROOT / "rules" / family).glob("[!_]*.py")]
    assert {rule.name for rule in found.rules.values()} == {file.stem.replace("_", "-") for file in files}
    order = [(list(found.families).index(rule.family), rule.code) for rule in found.rules.values()]
    assert order == sorted(order)
    assert not found.reserved & set(found.rules)


def test_every_code_that_was_given_out_is_known() -> None:
    promised = {
        "POL": 4, "OWN": 6, "CRI": 5, "EVA": 6, "INT": 5, "REV": 5, "MON": 8, "DEC": 5, "RUN": 5,
    }  # fmt: skip
    given_out = {f"{family}{number:03d}" for family, count in promised.items() for number in range(1, count + 1)}
    assert given_out <= catalogue().codes
