"""Whether a manifest's origin is an integration's other side."""

from typing import Any

import pytest

from rules.evidence.manifests import Manifest
from rules.evidence.manifests.origins import drawn_from, names, told
from rules.policy import Integration


@pytest.mark.parametrize(
    ("kind", "endpoint", "known"),
    [
        ("rest", "https://Invoices.Acme.example:8443/v2/", ("invoices.acme.example",)),
        ("database", "postgres://reader@db.acme.example:5432/invoices?x=1", ("db.acme.example", "invoices")),
        ("database", "db.acme.example:5432", ("db.acme.example",)),
        ("queue", "arn:aws:sqs:eu-west-1:1234:Invoices", ("arn:aws:sqs:eu-west-1:1234:invoices", "invoices")),
        ("stream", "kafka://broker:9092/eu.invoices", ("broker", "eu.invoices")),
        ("rest", "https://[2001:db8::1]/", ("2001:db8::1",)),
        ("stream", "invoices-topic", ("invoices-topic",)),
        ("rest", None, ()),
    ],
)
def test_what_the_other_side_is_known_by(kind: Any, endpoint: str | None, known: tuple[str, ...]) -> None:
    assert names(Integration(kind=kind, endpoint=endpoint)) == known


@pytest.mark.parametrize(
    ("origin", "same"),
    [
        ("https://invoices.acme.example/v2", True),
        ("HTTPS://INVOICES.ACME.EXAMPLE", True),
        ("drawn from invoices.acme.example.", True),
        ("https://old.invoices.acme.example", False),
        ("https://invoices.acme.example.evil.example", False),
        ("https://my-invoices.acme.example", False),
        ("db://invoices-api/ select 1", True),
        ("db://invoices-api2/ select 1", False),
    ],
)
def test_an_origin_names_the_other_side_as_a_whole(origin: str, same: bool) -> None:
    through = Integration(id="invoices-api", kind="rest", endpoint="https://invoices.acme.example")
    assert drawn_from(Manifest("DVC", origin=("elsewhere", origin)), through) == same


def test_without_an_endpoint_only_a_connection_names_it() -> None:
    assert not drawn_from(Manifest("DVC", origin=("https://a.example",)), Integration())
    assert drawn_from(Manifest("DVC", origin=("db://erp/",)), Integration(id="ERP"))


REST, HELD = "https://invoices.acme.example/v2", "postgres://reader@db.acme.example:5432/invoices"


@pytest.mark.parametrize(
    ("endpoint", "origin", "same"),
    [
        (REST, "https://evil.example/invoices.acme.example", False),
        (REST, "https://evil.example/?from=invoices.acme.example", False),
        (REST, "https://evil.example/?from=https://invoices.acme.example", False),
        (REST, "https://evil.example#invoices.acme.example", False),
        (REST, "https://invoices.acme.example@evil.example/", False),
        (REST, "https://evil.example\\@invoices.acme.example/", False),
        (REST, "evil.example/invoices.acme.example", False),
        (REST, "/mnt/invoices.acme.example/a.csv", False),
        (REST, "~/invoices.acme.example", False),
        (REST, "ana@invoices.acme.example", False),
        (REST, "s3://invoices.acme.example/a", False),
        (REST, "https://user:word@invoices.acme.example:8443/x", True),
        (REST, "http://invoices.acme.example.?x", True),
        (REST, "(https://invoices.acme.example)", True),
        (REST, "see url='https://invoices.acme.example'", True),
        (REST, "invoices.acme.example/v2/september", True),
        (REST, "jdbc:trino://invoices.acme.example:443/x", True),
        ("https://github.com/acme/data", "git@github.com:acme/data data/a.xml", True),
        ("https://github.com/acme/data", "git@evil.example:github.com/data data/github.com", False),
        ("https://data/x", "git@github.com:acme/data data/a.xml", False),
        ("https://github.com/acme/data", "ssh://git@github.com/acme/data", True),
        ("s3://acme-invoices/exports", "s3://acme-invoices/2026/a.parquet", True),
        ("s3://acme-invoices", "s3a://acme-invoices/a", True),
        ("s3://acme-invoices", "s3://other/acme-invoices", False),
        ("s3://acme-invoices", "https://acme-invoices.s3.eu-west-1.amazonaws.com/a", True),
        ("s3://acme-invoices", "https://s3.eu-west-1.amazonaws.com/acme-invoices/a", True),
        ("https://s3.amazonaws.com/acme-invoices", "https://s3.amazonaws.com/other/a", False),
        ("https://s3.amazonaws.com/", "https://s3.amazonaws.com/", False),
        ("s3://acme-invoices", "gs://acme-invoices/a", False),
        ("arn:aws:s3:::acme-invoices/*", "s3://acme-invoices/a", True),
        ("acme-invoices", "s3://acme-invoices/a", True),
        ("gs://acme", "https://storage.googleapis.com/acme/a", True),
        ("gs://acme", "https://acme.storage.googleapis.com/a", True),
        ("https://acme.blob.core.windows.net/in", "abfss://in@acme.dfs.core.windows.net/a", True),
        ("https://acme.blob.core.windows.net/in", "abfss://in@other.dfs.core.windows.net/a", False),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]/a", True),
        ("https://", "https:///a", False),
    ],
)
def test_addresses_are_the_same_by_their_host(endpoint: str, origin: str, same: bool) -> None:
    assert drawn_from(Manifest("DVC", origin=(origin,)), Integration(kind="rest", endpoint=endpoint)) == same


@pytest.mark.parametrize(
    ("kind", "endpoint", "origin", "same"),
    [
        ("database", HELD, "postgres://db.acme.example/other", True),
        ("database", HELD, "jdbc:postgresql://db.acme.example:5432/invoices?user=x", True),
        ("database", "jdbc:sqlserver://db.acme.example:1433;databaseName=x", "mssql://db.acme.example/x", True),
        ("database", "jdbc:oracle:thin:@db.acme.example:1521:orcl", "oracle://db.acme.example/x", True),
        ("database", "jdbc:oracle:thin:@//db.acme.example:1521/orcl", "oracle://db.acme.example/x", True),
        ("database", "jdbc:oracle:thin:@", "jdbc:oracle:thin:@", False),
        ("database", "mongodb://one,two:27017/erp", "mongodb://two/erp", True),
        ("database", "one:9092,two:9092", "kafka://two:9092/x", True),
        ("database", HELD, "postgres://evil.example/invoices", False),
        ("database", HELD, "db://erp/ select * from invoices", True),
        ("database", HELD, "db://erp/ select * from old.invoices", False),
        ("database", HELD, "the table invoices", True),
        ("database", HELD, "the folder x/invoices", False),
        ("stream", "kafka://one:9092/eu.invoices", "kafka://two:9092/eu.invoices", True),
        ("stream", "kafka://one:9092/eu.invoices", "kafka://two:9092/us.invoices", False),
        ("stream", "kafka://one:9092/eu.invoices", "https://two/eu.invoices", False),
        ("stream", "invoices-topic", "kafka://broker/invoices-topic", True),
        ("stream", "kafka://one/ab", "kafka://two/ab", False),
        ("queue", "arn:aws:sqs:eu-west-1:1234:invoices", "https://sqs.eu-west-1.amazonaws.com/1234/invoices", True),
        ("queue", "arn:aws:sqs:eu-west-1:1234:invoices", "arn:aws:sqs:eu-west-1:1234:invoices", True),
        ("queue", "arn:aws:sqs:eu-west-1:1234:invoices", "arn:aws:sqs:eu-west-1:1234:other", False),
    ],
)
def test_what_holds_data_may_be_named_by_its_table_or_topic(kind: Any, endpoint: str, origin: str, same: bool) -> None:
    assert drawn_from(Manifest("DVC", origin=(origin,)), Integration(kind=kind, endpoint=endpoint)) == same


def test_a_remote_may_be_called_as_the_integration() -> None:
    assert drawn_from(Manifest("DVC", origin=("remote://ERP/a.csv",)), Integration(id="erp"))
    assert not drawn_from(Manifest("DVC", origin=("remote://other/erp",)), Integration(id="erp"))


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        ("https://token@a.example/x?X-Signature=secret#y", "https://a.example/x"),
        ("jdbc:sqlserver://a.example:1433;user=x;password=secret", "jdbc:sqlserver://a.example:1433"),
        ("postgres://ana:secret@a.example/x  and more", "postgres://a.example/x and more"),
        ("git@github.com:acme/data data/a.xml", "git@github.com:acme/data data/a.xml"),
        ("db://erp/ select * from a where b = ';'", "db://erp/ select * from a where b = ';'"),
    ],
)
def test_what_may_hold_a_secret_is_not_shown(origin: str, shown: str) -> None:
    assert told(origin) == shown


def test_a_long_origin_takes_no_long_time() -> None:
    for text in ("a" * 4000, "://" * 1300, "s3." * 1300, "a@" * 2000, "https://" + "[" * 4000, "- " * 2000):
        assert not drawn_from(Manifest("DVC", origin=(text,)), Integration(kind="database", endpoint=HELD))
