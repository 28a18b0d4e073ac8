"""`pilotgate schema`: three JSON Schemas 2020-12, which take what Pilotgate takes."""

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from rules.catalogue import catalogue
from tests.bot.given import EXAMPLE, FAILING, Ran

Pilotgate = Callable[..., Ran]


def _schema(pilotgate: Pilotgate, *which: str) -> Any:
    ran = pilotgate("schema", *which)
    assert (ran.code, ran.err) == (0, "")
    return ran.json()


def _plain(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.yaml_constructors.pop("tag:yaml.org,2002:timestamp", None)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", yaml.constructor.__class__.construct_yaml_str)
    return yaml.load(text)


@pytest.mark.parametrize(
    ("which", "title"),
    [
        ([], ".pilot.yml, version 1"),
        (["--org"], ".pilot-org.yml, version 1"),
        (["--report"], "Pilotgate's JSON report, version 1"),
    ],
)
def test_each_is_a_schema_of_2020_12(pilotgate: Pilotgate, which: list[str], title: str) -> None:
    schema = _schema(pilotgate, *which)
    assert (schema["$schema"], schema["title"]) == ("https://json-schema.org/draft/2020-12/schema", title)
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", [EXAMPLE / ".pilot.yml", FAILING])
def test_the_example_s_policies_are_valid(pilotgate: Pilotgate, file: Any) -> None:
    Draft202012Validator(_schema(pilotgate)).validate(_plain(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\npilot: {name: x, stage: pilot, start: 2026-11-02}",
        "version: 1",
        "version: 1\npilot: {name: x, stage: pilto, start: 2026-11-02}",
        "version: 1\npilot: {name: x, stage: pilot, start: 2026-11-02}\nowner: {}",
        "version: 1\npilot: {name: x, stage: pilot, start: 2026-11-02}\nrules: {POL001: off}",
        "version: 1\npilot: {name: x, stage: pilot, start: 2026-11-02}\nwaivers: [{rule: XXX001}]",
    ],
)
def test_what_is_no_policy_is_invalid(pilotgate: Pilotgate, text: str) -> None:
    assert not Draft202012Validator(_schema(pilotgate)).is_valid(_plain(text))


def test_the_organisation_s_schema_takes_its_defaults_and_no_more(pilotgate: Pilotgate) -> None:
    schema = Draft202012Validator(_schema(pilotgate, "--org"))
    schema.validate({"version": 1})
    schema.validate({"version": 1, "locked": ["POL003"], "rules": {"MON007": "off"}})
    assert not schema.is_valid({"version": 1, "mode": "advice"})
    assert not schema.is_valid({"version": 1, "locked": ["XXX001"]})


def test_editors_are_offered_every_code(pilotgate: Pilotgate) -> None:
    offered = _schema(pilotgate)["properties"]["rules"]["anyOf"][0]["propertyNames"]["enum"]
    assert offered == sorted(code for code in catalogue().codes if not code.startswith("POL"))


def test_every_key_of_a_policy_is_described(pilotgate: Pilotgate) -> None:
    for which in ([], ["--org"]):
        schema = _schema(pilotgate, *which)
        for model in (schema, *schema["$defs"].values()):
            assert model["description"]
            for key, described in model["properties"].items():
                assert "description" in described or "$ref" in described, key


def test_they_are_ascii_so_that_no_terminal_breaks_them(pilotgate: Pilotgate) -> None:
    assert all(pilotgate("schema", *which).out.isascii() for which in ([], ["--org"], ["--report"]))
