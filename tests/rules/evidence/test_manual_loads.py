"""What reads a local table by a literal path, and what only looks as if it did."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.manual_loads import Load, Read, reads
from rules.facts import Written


def told(text: str, path: str = "triage/load.py") -> list[tuple[int, str, str]]:
    return [(load.line, load.how, load.path) for load in reads(Written(path, text)).loads]


IMPORTS = (
    "import os, csv, io\nimport pandas as pd, numpy as np, polars as pl\n"
    "from pathlib import Path\nfrom os.path import join\n"
)


@pytest.mark.parametrize(
    ("code", "how", "path"),
    [
        ("pd.read_csv('data/x.csv')", "read_csv", "data/x.csv"),
        ("pd.read_csv('data/x.txt')", "read_csv", "data/x.txt"),
        ("pd.read_csv(filepath_or_buffer='x.csv', sep=';')", "read_csv", "x.csv"),
        ("pd.read_excel(io=r'C:\\data\\x.xlsx')", "read_excel", "C:\\data\\x.xlsx"),
        ("pd.read_table('/mnt/x.tsv')", "read_table", "/mnt/x.tsv"),
        ("pd.ExcelFile('x.xls').parse()", "ExcelFile", "x.xls"),
        ("pl.scan_csv('x.csv.gz')", "scan_csv", "x.csv.gz"),
        ("np.loadtxt('x.dat')", "loadtxt", "x.dat"),
        ("np.genfromtxt(fname='x.dat')", "genfromtxt", "x.dat"),
        ("import dask.dataframe as dd\ndd.read_csv('x/*.csv')", "read_csv", "x/*.csv"),
        ("from pandas import read_csv as rc\nrc('x')", "read_csv", "x"),
        ("import pandas\npandas.read_csv('file:///tmp/x.csv')", "read_csv", "file:///tmp/x.csv"),
        ("import openpyxl\nopenpyxl.load_workbook('x.xlsx')", "load_workbook", "x.xlsx"),
        ("import xlrd\nxlrd.open_workbook('x.xls')", "open_workbook", "x.xls"),
        ("import papermill as pm\npm.execute_notebook('x.ipynb', 'out.ipynb')", "execute_notebook", "x.ipynb"),
        ("import nbformat\nnbformat.read('x.ipynb', 4)", "read", "x.ipynb"),
        ("frame.read_csv('x.csv')", "read_csv", "x.csv"),
        ("open('x.csv')", "open", "x.csv"),
        ("open(file='x.csv', mode='rb')", "open", "x.csv"),
        ("io.open('x.csv', 'r', encoding='utf-8')", "open", "x.csv"),
        ("Path('x.csv').open()", "open", "x.csv"),
        ("Path('data', 'x.csv').read_text()", "read_text", "data/x.csv"),
        ("(Path('data') / 'x.csv').resolve().read_bytes()", "read_bytes", "data/x.csv"),
        ("pd.read_csv(Path.cwd() / 'x.csv')", "read_csv", "./x.csv"),
        ("P = Path(__file__).parent / 'x.csv'\npd.read_csv(P)", "read_csv", "./x.csv"),
        ("HERE = Path(__file__).resolve().parent\npd.read_csv(HERE / 'x.csv')", "read_csv", "./x.csv"),
        ("pd.read_csv(Path(__file__).parent.parent / 'x.csv')", "read_csv", "../x.csv"),
        ("pd.read_csv(Path(__file__).parents[2] / 'x.csv')", "read_csv", "../../x.csv"),
        ("pd.read_csv(os.path.join(os.path.dirname(__file__), 'x.csv'))", "read_csv", "./x.csv"),
        ("pd.read_csv(Path('data/a').parent / 'x.csv')", "read_csv", "data/x.csv"),
        ("import pandas as p\np.read_csv('x.csv')", "read_csv", "x.csv"),
        ("NAME = 'x'\npd.read_csv('{}/{}.csv'.format('data', NAME))", "read_csv", "data/x.csv"),
        ("pd.read_csv(Path.home() / 'x.csv')", "read_csv", "~/x.csv"),
        ("pd.read_csv(os.path.join('data', 'x.csv'))", "read_csv", "data/x.csv"),
        ("pd.read_csv(join('data', '/x.csv'))", "read_csv", "/x.csv"),
        ("pd.read_csv(str(Path('data').joinpath('x.csv')))", "read_csv", "data/x.csv"),
        ("NAME = 'x'\npd.read_csv(f'data/{NAME}.csv')", "read_csv", "data/x.csv"),
        ("ROOT = Path('data')\nFILE: Path = ROOT / 'x.csv'\ndef f():\n    pd.read_csv(FILE)", "read_csv", "data/x.csv"),
        ("def f():\n    path = 'x.csv'\n    return pd.read_csv(path)", "read_csv", "x.csv"),
        ("class A:\n    FILE = 'x.csv'\n    frame = pd.read_csv(FILE)", "read_csv", "x.csv"),
        ("with open('x.dat') as f:\n    csv.reader(f)", "csv.reader", "x.dat"),
        ("f = open('x.dat')\ncsv.DictReader(f)", "csv.DictReader", "x.dat"),
        ("csv.reader(open('x.dat'))", "csv.reader", "x.dat"),
        ("spark.read.option('header', True).csv('x')", "spark.read", "x"),
        ("spark.read.csv(['x.csv', 'y.csv'])", "spark.read", "x.csv"),
        ("spark.read.format('csv').load(path='x')", "spark.read", "x"),
        ("load_dataset('csv', data_files='x.csv')", "load_dataset", "x.csv"),
        ("load_dataset('csv', data_files={'train': 'x.csv'})", "load_dataset", "x.csv"),
        ("duckdb.sql(\"SELECT * FROM read_csv('x.txt')\")", "read_csv", "x.txt"),
        ("duckdb.sql(\"SELECT * FROM 'x.csv' JOIN y\")", "FROM", "x.csv"),
        ("cur.execute('''\n  COPY invoices FROM '/tmp/x.csv' ''')", "COPY", "/tmp/x.csv"),
    ],
)
def test_a_literal_path_is_told(code: str, how: str, path: str) -> None:
    assert [(one[1], one[2]) for one in told(IMPORTS + code)] == [(how, path)]


@pytest.mark.parametrize(
    "code",
    [
        "def load(path):\n    return pd.read_csv(path)",
        "def load(path='x.csv'):\n    return pd.read_csv(path)",
        "def load(*paths, **more):\n    return pd.read_csv(paths), pd.read_csv(more)",
        "load = lambda path: pd.read_csv(path)",
        "pd.read_csv(os.environ['X_CSV'])",
        "pd.read_csv(os.getenv('X', 'x.csv'))",
        "pd.read_csv(sys.argv[1])  # csv",
        "pd.read_csv('https://acme.example/x.csv')",
        "pd.read_csv('s3://bucket/x.csv')",
        "pd.read_csv(f's3://{bucket}/x.csv')",
        "pd.read_csv(Path(__file__).parents[at] / 'x.csv')",
        "pd.read_csv(Path(where).parent / 'x.csv')",
        "pd.read_csv('{}.csv'.format(name))",
        "pd.read_csv('{:>9}.csv'.format('x'))",
        "pd.read_csv('{}{}.csv'.format('x'))",
        "pd.read_csv('%s.csv' % name)",
        "open(__file__)  # csv",
        "pd.read_csv(importlib.resources.files('triage') / 'x.csv')",
        "pd.read_csv(io.StringIO('a,b'))",
        "pd.read_csv('a,b\\n1,2')",
        "pd.read_csv()",
        "pd.read_csv(sep=',')",
        "pd.read_csv([])",
        "pd.read_csv(1)",
        "pd.read_csv('-')",
        "pd.read_csv('a' * 3 + '.csv')",
        "frame.to_csv('x.csv')",
        "open('x.csv', 'w')",
        "open('x.csv', mode)",
        "open('x.csv', mode='a')",
        "open('x.txt')",
        "open()  # csv",
        "Path('x.csv').open('w')",
        "Path().open()  # csv",
        "csv.writer(open('x.dat', 'w'))",
        "csv.reader(open('x.dat', 'w'))",
        "csv.reader(handle)",
        "csv.reader()",
        "csv.reader(open(path))",
        "with open('x.dat') as f, open('y.dat') as f:\n    csv.reader(f)",
        "for path in ['x.csv']:\n    pd.read_csv(path)",
        "path = 'x.csv'\npath = 'y.csv'\npd.read_csv(path)",
        "path = 'x.csv'\npath += '.gz'\npd.read_csv(path)",
        "path, other = 'x.csv', 1\npd.read_csv(path)",
        "a = b = 'x.csv'\npd.read_csv(a)",
        "path = 'x.csv'\ndef f():\n    def g():\n        global path\n        path = 'y'\npd.read_csv(path)",
        "class A:\n    FILE = 'x.csv'\n    def f(self):\n        return pd.read_csv(FILE)",
        "path: str\npd.read_csv(path)",
        "def path(): pass\npd.read_csv(path)",
        "class path: pass\npd.read_csv(path)",
        "from .local import read_csv\nread_csv('x')",
        "from triage import *\nread_csv('x')",
        "spark.read.parquet('x')  # csv",
        "spark.read.format(kind).load('x')  # csv",
        "csv('x')",
        "frame.csv('x')",
        "load_dataset('csv', split='train')",
        "import x.y.csv",
        "'''Reads: SELECT * FROM 'x.csv'.'''",
        "'no read from x.csv'",
        "cur.execute('COPY invoices FROM STDIN CSV')",
        "cur.execute(\"COPY invoices FROM 's3://bucket/x.csv'\")",
        "a = b\nb = a\npd.read_csv(a)",
    ],
)
def test_what_comes_from_elsewhere_is_not(code: str) -> None:
    assert told(IMPORTS + code) == []


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("triage/load.py", True),
        ("bin/load.pyw", True),
        ("tests/load.py", False),
        ("triage/test_load.py", False),
        ("examples/load.py", False),
        ("docs/load.py", False),
        ("eval/load.py", False),
        ("triage/evaluate.py", False),
        ("benchmarks/load.py", False),
        ("db/migrations/load.py", False),
        ("alembic/versions/load.py", False),
        (".venv/load.py", False),
        ("load.js", False),
    ],
)
def test_where_it_stands_decides(path: str, counted: bool) -> None:
    assert bool(told("import pandas\npandas.read_csv('x.csv')\n", path)) is counted


def test_a_notebook_that_was_saved_as_a_program_is_read() -> None:
    assert told("%matplotlib inline\n!ls\nopen('x.csv')\n") == [(3, "open", "x.csv")]


def test_sql_in_a_program_that_names_no_table() -> None:
    assert told("cur.execute(\"COPY a FROM '/tmp/x'\")\n") == [(1, "COPY", "/tmp/x")]


def test_a_script_is_known_by_its_first_line() -> None:
    assert told("#!/usr/bin/env python3\nopen('x.csv')\n", "bin/load") == [(2, "open", "x.csv")]


def test_only_lines_that_count_are_told_on_the_first_that_does() -> None:
    text = "import pandas\npandas.read_csv(\n    'x.csv',\n)\npandas.read_csv('y.csv')\n"
    assert reads(Written("load.py", text, frozenset({3}))).loads == (Load(3, 3, "read_csv", "x.csv"),)
    assert reads(Written("load.py", text, frozenset({1}))) == Read()


def test_what_does_not_parse_is_named_only_where_it_may_read() -> None:
    old = "print 'x'\npandas.read_csv('x.csv')\n"
    assert "not Python" in str(reads(Written("load.py", old)).unread)
    assert reads(Written("load.py", old, frozenset({1}))).unread is None
    assert "not Python" in str(reads(Written("load.py", "x = " + "(" * 5000 + "'x.csv'")).unread)
    assert "not Python" in str(reads(Written("load.py", "'x.csv'\0")).unread)
    assert "is longer than 300,000" in str(reads(Written("load.py", "open('x.csv')\n" + "a = 1\n" * 50_001)).unread)


def test_deep_programs_are_read() -> None:
    many = "+".join(["'x'"] * 500)
    assert told(f"import pandas\npandas.read_csv({many} + '.csv')\n") == []
    assert reads(Written("a.py", "x = " + "-" * 50_000 + "1 # csv")).loads == ()
    assert told("import pandas\nx" + ".a()" * 200 + "\npandas.read_csv('x.csv')\n") == [(3, "read_csv", "x.csv")]
    assert told("spark" + ".read" * 80 + ".csv('x')") == [(1, "spark.read", "x")]
    assert told("spark.read" + ".option('a', 1)" * 30 + ".csv('x')") == []


def test_names_that_double_take_no_time() -> None:
    text = "import pandas\n" + "".join(f"a{n} = a{n + 1} + a{n + 1}\n" for n in range(60)) + "pandas.read_csv(a0)\n"
    assert told(text) == []
    long = "import pandas\na = '" + "x" * 3000 + "'\npandas.read_csv(a + a)\n"
    assert told(long) == []


NOTEBOOK = [
    {"cell_type": "markdown", "source": ["pd.read_csv('x.csv')"]},
    {"cell_type": "code", "source": ["%matplotlib inline\n", "import pandas as pd\n", "FILE = 'x.csv'"], "outputs": []},
    {"cell_type": "code", "source": ["for x in y:\n", "    !ls\n", "pd.read_csv(FILE)"], "outputs": []},
    {
        "cell_type": "code",
        "source": ["print 'x'\n", "pd.read_csv('lost.csv')"],
        "outputs": [{"text": ["open('o.csv')"]}],
    },
    {"cell_type": "code", "source": ["%run -i other.ipynb\n", "%run https://acme.example/x.ipynb"]},
    {"cell_type": "code", "source": ["%%sql\n", "SELECT *\n", "FROM 'y.csv'"]},
    {"cell_type": "code", "source": ["%%bash\n", "cat x.csv"]},
]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_notebook_is_read_cell_by_cell(indent: int | None) -> None:
    text = json.dumps({"cells": NOTEBOOK, "metadata": {}, "nbformat": 4}, indent=indent)
    found = told(text, "explore.ipynb")
    assert {(how, path) for _, how, path in found} == {
        ("read_csv", "x.csv"),
        ("%run", "other.ipynb"),
        ("FROM", "y.csv"),
    }
    assert len(found) == 3
    lines = text.split("\n")
    marks = {"read_csv": "read_csv(FILE)", "%run": "other.ipynb", "FROM": "y.csv"}
    assert all(marks[how] in lines[line - 1] for line, how, _ in found)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("COPY a FROM '/tmp/x.csv' CSV;", [(1, "COPY", "/tmp/x.csv")]),
        ("COPY a (b, c)\n  FROM E'/tmp/x.txt';", [(1, "COPY", "/tmp/x.txt")]),
        ("copy a from 'it''s.csv'", [(1, "COPY", "it's.csv")]),
        ("COPY a FROM STDIN;\nCOPY a TO '/tmp/x.csv';", []),
        ("COPY a FROM PROGRAM 'cat x.csv';", []),
        ("COPY INTO a FROM '@stage/x.csv';", []),
        ("COPY a FROM 's3://bucket/x.csv';", []),
        ("COPY a FROM :'file'; -- csv", []),
        ("-- COPY a FROM 'x.csv'\n/* COPY a FROM 'x.csv' */ # COPY a FROM 'x.csv'\nSELECT 'COPY a FROM ''x.csv'''", []),
        ("LOAD DATA LOCAL INFILE 'x.csv' INTO TABLE a;", [(1, "LOAD DATA", "x.csv")]),
        ("LOAD DATA LOW_PRIORITY\nINFILE 'x.csv'", [(1, "LOAD DATA", "x.csv")]),
        ("LOAD DATA LOCAL INPATH '/tmp/x' INTO TABLE a", [(1, "LOAD DATA", "/tmp/x")]),
        ("LOAD DATA INPATH '/warehouse/x' INTO TABLE a", []),
        ("BULK INSERT a FROM 'C:\\x.csv' WITH (FORMAT = 'CSV')", [(1, "BULK INSERT", "C:\\x.csv")]),
        ("SELECT * FROM OPENROWSET(BULK 'x.csv', SINGLE_CLOB) AS a", [(1, "OPENROWSET", "x.csv")]),
        ("SELECT * FROM read_csv_auto('x.txt');", [(1, "read_csv_auto", "x.txt")]),
        ("SELECT 1;\nSELECT * FROM\n'x.csv'", [(3, "FROM", "x.csv")]),
        ("SELECT extract(year FROM '2026-01-01'), 'csv'", []),
        ("\\copy a from 'x.csv' csv", [(1, "\\copy", "x.csv")]),
        ("\\copy a from x.csv", [(1, "\\copy", "x.csv")]),
        ("\\copy a from stdin", []),
        ("\\copy a to 'x.csv'", []),
        (".mode csv\n.import --csv --skip 1 x.csv a", [(2, ".import", "x.csv")]),
        ("INSERT INTO a SELECT * FROM b; 'x.csv'", []),
    ],
)
def test_sql(sql: str, found: list[tuple[int, str, str]]) -> None:
    assert told(sql, "load.sql") == found


PIECES = (
    "pd.", "read_csv(", "open(", "'x.csv'", "'", '"', "(", ")", "\n", "    ", "=", "a", "f'{a}'", "with ", " as f:",
    "import pandas as pd\n", "\\", "COPY ", "FROM ", ";", "/*", "--", "%run ", "\0", "é", "{", "[", "lambda x:",
    "class A:\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["a.py", "a.sql", "a.ipynb", "a"]))
def test_no_text_is_too_strange(pieces: list[str], path: str) -> None:
    text = "".join(pieces)
    for load in reads(Written(path, text)).loads:
        assert 1 <= load.line <= text.count("\n") + 1


@given(st.text(), st.sampled_from(["a.py", "a.sql", "a.ipynb"]))
def test_no_characters_are_too_strange(text: str, path: str) -> None:
    reads(Written(path, "csv " + text))
    reads(Written(path, '{"nbformat": 4, "cells": [{"source": ["csv' + text))
