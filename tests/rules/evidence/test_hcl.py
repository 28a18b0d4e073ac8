from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evidence import hcl, terraform
from rules.evidence.hcl import Template
from rules.evidence.loading import Block, Broken, Opaque


def value(expression: str) -> Any:
    return hcl.document(f"x = {expression}\n")["x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a"', "a"),
        ('""', ""),
        (r'"a\n\t\"\\ \u00e9 \U0001F600"', 'a\n\t"\\ é 😀'),
        (r'"\ud800"', "\ufffd"),
        (r'"$${x} %%{y}"', "${x} %{y}"),
        ("0.9", 0.9),
        ("-5", -5),
        ("-0.5", -0.5),
        ("1024 * 1024", 1048576),
        ("2 + 3 * 4 - 1", 13),
        ("10 / 4", 2.5),
        ("(5)", 5),
        ("true", True),
        ("false", False),
        ("null", None),
        ('["a", 1,]', ["a", 1]),
        ("[]", []),
        ('{ a = 1, "b": 2, in = 3 }', {"a": 1, "b": 2, "in": 3}),
        ("{\n  # why\n  a = 1\n}", {"a": 1}),
        ('jsonencode({ expr = "up > 1" })', {"expr": "up > 1"}),
        ('toset(["a"])', ["a"]),
        ("<<EOT\n  a\n    b\nEOT", "  a\n    b"),
        ("<<-EOT\n    a\n\n      b\n  EOT", "a\n\n  b"),
        ("<<-EOT\n  EOT", ""),
        ("<<EOT\n$${x}\nEOT", "${x}"),
    ],
)
def test_what_is_plain_is_read(expression: str, expected: object) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is not Template
    assert isinstance(found, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("var.x", "${var.x}"),
        ('"a ${var.x} \\n"', "a ${var.x} \n"),
        ('"%{ if var.x }a%{ endif }"', "%{ if var.x }a%{ endif }"),
        ("var.x ? 1 : 2", "${var.x ? 1 : 2}"),
        ("a.b[0].c", "${a.b[0].c}"),
        ("[for x in y : x]", "${[for x in y : x]}"),
        ('join(",", [1])', '${join(",", [1])}'),
        ("toset(a, b)", "${toset(a, b)}"),
        ("-var.x", "${-var.x}"),
        ("!true", "${!true}"),
        ("1 / 0", "${1 / 0}"),
        ("1 == 1", "${1 == 1}"),
        ("1e400", "${1e400}"),
        ("1e308 * 10", "${1e308 * 10}"),
        ("1" * 40, "${" + "1" * 40 + "}"),
        ("var.x * 2", "${var.x * 2}"),
        ("<<EOT\na ${b}\nEOT", "a ${b}"),
        ("<<-EOT\n  a ${b}\n  EOT", "a ${b}"),
    ],
)
def test_what_only_terraform_knows_is_a_template(expression: str, text: str) -> None:
    found = value(expression)
    assert found == text
    assert isinstance(found, Template)


def test_keys_that_only_terraform_knows_are_templates() -> None:
    assert [type(key) for key in value('{ (var.x) = 1, "${var.y}" = 2, z = 3 }')] == [Template, Template, str]


def test_blocks_know_their_lines_and_labels() -> None:
    found = hcl.document('\nresource "a" "b" {\n\n  inner {\n    x = 1\n  }\n  inner {\n  }\n  m = {\n  }\n}\n')
    resource = found["resource"][0]["a"]["b"]
    assert isinstance(resource, Block)
    assert (resource.line, [one.line for one in resource["inner"]], resource["m"].line) == (2, [4, 7], 9)
    assert resource["inner"] == [{"x": 1}, {}]


def test_a_block_beside_a_value_of_its_name_is_left_out() -> None:
    assert hcl.document("a = 1\na {\n}\n") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('resource "a" "b" {\n  x = 1\n', "is not Terraform: something is not closed, or not complete", 3),
        ('resource "a" "b" {\n  x = = 1\n}\n', "is not Terraform: `= 1` makes no sense there", 2),
        ("a = <<EOT\nb\n", "is not Terraform: `<<EOT` makes no sense there", 1),
        ('a = "b\n', "is not Terraform: `b` makes no sense there", 1),
        ("a = " + "[" * 2000 + "]" * 2000, "is nested deeper than 64 levels: flatten what begins here", 1),
        ("a {\n" * 70 + "}\n" * 70, "is nested deeper than 64 levels: flatten what begins here", 64),
        ("a = 1" + " + 1" * 300, "is nested deeper than 64 levels: flatten what begins here", 1),
    ],
)
def test_broken_text_is_told_with_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(Broken) as error:
        hcl.document(text)
    assert (error.value.message, error.value.line) == (message, line)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = 1\n" * 30_000, "is larger than 128 KiB, more Terraform than is read: split it"),
        ("a = <<A\n" + "\n" * 600 + "A\n", "has more than 500 blanks in a row, which is not read: take them out"),
        ("a = {{ .Values.x }}", "is a template, and what it becomes is not known here: name what it renders to"),
    ],
)
def test_what_is_not_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(Opaque) as error:
        hcl.document(text)
    assert error.value.reason == reason


PIECES = ("a", '"', "${", "}", "{", "[", "]", "(", ")", "=", "\n", " ", "<<E\n", "E\n", "1", "-", "*", "/", "b {",
          "#", "/*", "%{", "for",
          "if", "?", ":", ",", ".", "\\", "!", "jsonencode(", "null", "$", "é", "\t")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found: object = hcl.document(text)
    except (Broken, Opaque) as error:
        found = str(error)
    assert isinstance(found, Block) or (isinstance(found, str) and found.isprintable())


def configuration(text: str) -> terraform.Configuration:
    return terraform.Configuration(("a.tf", doc) for doc in terraform.read(text) if doc["terraform"] == "aws")


def names(text: str) -> list[tuple[str, str | None]]:
    found = configuration(text)
    return [(found.value(one.body.get("name"), one.each), one.unsure) for one in found.resources("aws_sns_topic")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('name = "a"', [("a", None)]),
        ('count = 0\nname = "a"', []),
        ('count = 2\nname = "a-${count.index}"', [("a-0", None), ("a-1", None)]),
        ('count = local.two\nname = "a"', [("a", None), ("a", None)]),
        ('count = 1000\nname = "a"', [("a", None)] * 100),
        ('for_each = toset(["a", "b"])\nname = each.key', [("a", None), ("b", None)]),
        ('for_each = { a = "b" }\nname = "${each.key}-${each.value}"', [("a-b", None)]),
        ('for_each = { a = { n = true } }\nname = "${each.key}-${each.value.n}"', [("a-true", None)]),
        ('for_each = var.many\nname = "a"', [("a", "has a `for_each` that is known only once Terraform runs")]),
        ('for_each = []\nname = "a"', [("a", "has a `for_each` that is known only once Terraform runs")]),
        ('count = var.on ? 1 : 0\nname = "a"', [("a", "has a `count` that is known only once Terraform runs")]),
        ("name = var.name", [("ops", None)]),
        ("name = var.empty", [("${var.empty}", None)]),
        ("name = var.unknown", [("${var.unknown}", None)]),
        ('name = "${var.prefix}-${local.two}-${var.empty}"', [("x-ops-2-${var.empty}", None)]),
        ("name = local.deep.inner", [("found", None)]),
        ("name = local.deep", [({"inner": "found"}, None)]),
        ('name = "${local.deep}!"', [("${local.deep}!", None)]),
        ("name = local.me", [("${local.me}", None)]),
        ("name = [var.name, var.empty]", [(["ops", "${var.empty}"], None)]),
        ("name = [[var.name]]", [([["${var.name}"]], None)]),
    ],
)
def test_variables_locals_and_repetition_are_followed(body: str, expected: list[tuple[Any, str | None]]) -> None:
    around = """
variable "name" { default = "ops" }
variable "prefix" { default = "x-${var.name}" }
variable "empty" { default = "" }
variable "many" {}
locals {
  two  = 2
  me   = local.me
  deep = { inner = "found" }
}
"""
    assert names(f'resource "aws_sns_topic" "t" {{\n{body}\n}}\n{around}') == expected


def test_what_holds_itself_ends() -> None:
    found = configuration('locals {\n  a = [[local.a], [local.a]]\n  b = "${local.b}${local.b}x"\n}\n')
    assert found.whole(Template("${local.a}"))
    assert len(found.value(Template("${local.b}"))) <= 20_000


def test_no_more_text_is_put_together_than_anybody_reads() -> None:
    found = configuration('locals {\n  a = "' + "${local.b}" * 2000 + '"\n  b = "' + "x" * 1000 + '"\n}\n')
    texts = [found.value(Template("${local.a}")) for _ in range(20)]
    assert (type(texts[0]), type(texts[-1])) == (str, Template)


def test_everything_inside_is_put_in() -> None:
    found = configuration('variable "x" { default = 5 }\n')
    assert found.whole({"a": [{"b": Template("${var.x}")}]}) == {"a": [{"b": 5}]}


def test_json_is_read_like_hcl() -> None:
    data = {
        "variable": {"x": {"default": "ops"}},
        "locals": {"y": "z"},
        "resource": {"aws_sns_topic": {"t": [{"name": "${var.x}-${local.y}"}], "u": {"name": "$${a}"}, "v": "?"}},
    }
    (doc,) = terraform.split(data)
    found = terraform.Configuration([("a.json", doc)])
    assert [found.value(one.body["name"]) for one in found.resources("aws_sns_topic")] == ["ops-z", "$${a}"]


def providers(data: Any) -> list[Any]:
    return [one.get("terraform") for one in terraform.split(data)]


def test_a_file_is_split_by_provider() -> None:
    several: dict[str, Any] = {
        "resource": {"aws_sns_topic": {"a": {}}, "datadog_monitor": {"b": {}}, "null_resource": {"c": {}}}
    }
    assert providers(several) == ["aws", "datadog"]
    assert providers({"resource": {"null_resource": {"c": {}}}}) == ["aws", "datadog", "grafana"]
    assert providers({"variable": {"x": {}}}) == ["aws", "datadog", "grafana"]
    assert providers({"module": {"x": {"source": "y"}}}) == ["module"]


@pytest.mark.parametrize("data", [{}, {"resource": "x"}, {"data": {}}, {"resource": {}, "groups": []}, [], "x", None])
def test_anything_else_is_left_as_it_is(data: Any) -> None:
    assert list(terraform.split(data)) == [data]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('resource "a" "b" {\n', True),
        ("resource a b {", True),
        ('# x\n\nvariable "x" {}', True),
        ("locals {", True),
        ("terraform {", True),
        ('data "a" "b" {', True),
        ('  resource "a" "b" {', False),
        ("resource: a", False),
        ("groups: []", False),
    ],
)
def test_terraform_is_told_by_its_blocks(text: str, expected: bool) -> None:
    assert terraform.written(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Template("${aws_sns_topic.x.arn}"), ("aws_sns_topic", "x")),
        (Template("${aws_sns_topic.x[0].arn}"), ("aws_sns_topic", "x")),
        (Template('${join("", aws_sns_topic.x.*.arn)}'), ("aws_sns_topic", "x")),
        (Template("${data.aws_sns_topic.x.arn}"), None),
        (Template("${aws_sns_topic.x.arn}${aws_sns_topic.y.arn}"), None),
        (Template("${var.x}"), None),
        ("${aws_sns_topic.x.arn}", None),
        (5, None),
    ],
)
def test_the_resource_that_is_meant(value: Any, expected: tuple[str, str] | None) -> None:
    assert terraform.referred(value) == expected


def test_nested_blocks_with_those_that_are_dynamic() -> None:
    body = hcl.document('a { x = 1 }\ndynamic "a" {\n  for_each = var.y\n  content { x = 2 }\n}\nb = 1\n')
    assert terraform.inner(body, "a") == [{"x": 1}, {"x": 2}]
    assert terraform.inner(body, "b") == []
    assert terraform.dynamic(body)
    assert terraform.inner({"a": {"x": 1}, "dynamic": {"a": {"content": {"x": 2}}}}, "a") == [{"x": 1}, {"x": 2}]
