"""The files that Python reads: by pandas and its kin, numpy, `open`, openpyxl, xlrd, Spark, papermill, SQL in texts."""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.evidence.loading import Broken
from rules.evidence.manual_loads.literal import Load, is_data, is_local
from rules.evidence.manual_loads.scopes import Program, Scope
from rules.evidence.manual_loads.sql import in_sql
from rules.evidence.whereabouts import words

# The parameters by which a path is handed over, besides the first place.
_PATHS = (
    "filepath_or_buffer", "io", "source", "fname", "filename", "file", "path", "filepath", "path_or_buffer", "urlpath",
    "input_path", "fp", "paths", "fin",
)  # fmt: skip
_TABLES = (
    "pandas", "polars", "dask.dataframe", "modin.pandas", "cudf", "vaex", "pyarrow.csv", "duckdb", "databricks.koalas",
    "pyspark.pandas", "fireducks.pandas", "swifter", "xorbits.pandas", "geopandas",
)  # fmt: skip
_READERS = words(
    """
    read_csv read_excel read_table read_fwf scan_csv read_csv_batched read_ods ExcelFile from_csv_auto load_workbook
    open_workbook loadtxt genfromtxt recfromcsv execute_notebook
    """
)
_KNOWN = frozenset(
    {f"{table}.{reader}" for table in _TABLES for reader in _READERS}
    | {f"numpy.{name}" for name in ("loadtxt", "genfromtxt", "recfromcsv", "recfromtxt")}
    | {"openpyxl.load_workbook", "openpyxl.open", "xlrd.open_workbook", "pyxlsb.open_workbook"}
    | {"openpyxl.reader.excel.load_workbook", "papermill.execute_notebook", "nbformat.read"}
)
_OPEN = frozenset({"open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "builtins.open"})


def parses(text: str) -> bool:
    """Whether this is Python."""
    try:
        _parsed(text)
    except Broken:
        return False
    return True


def in_python(text: str) -> Iterator[Load]:
    """Every read of a local file by a literal path. Raises Broken for what does not parse, before it yields any."""
    program = Program(_parsed(text))
    return _reads(program)


MAX_PROGRAM = 300_000
"""How many characters of a program are read; one that is longer was made by a program, or takes too long."""


def _parsed(text: str) -> ast.Module:
    if len(text) > MAX_PROGRAM:
        raise Broken(f"is longer than {MAX_PROGRAM:,} characters, more than is read of a program: split it")
    # A stray `\d` in somebody's code is no word to those who run this.
    warnings.filterwarnings("ignore", category=Warning, module="<examined>")
    try:
        return ast.parse(text, filename="<examined>")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Broken(
            "is not Python that can be parsed here: mend it, or move what it reads behind an interface"
        ) from None


def _reads(program: Program) -> Iterator[Load]:
    for call, scope in program.calls:
        for how, path in _of_call(call, scope, program):
            if is_local(path):
                yield Load(call.lineno, call.end_lineno or call.lineno, how, path)
    for text, first, last in program.texts:
        for load in in_sql(text) if _SQL.search(text) else ():
            # Where the text has escapes or is put together, its lines are not those of the file.
            yield Load(min(first + load.line - 1, last), min(first + load.end_line - 1, last), load.how, load.path)


_SQL = re.compile(
    r"\b(?:copy\s+[\w.\"(]|load\s+data\b|bulk\s+insert\b|openrowset\b|select\b|create\b|insert\b|from\s+read_(?:csv|xlsx))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Site:
    """A call: the whole name of what is called, as the imports tell it, and the last part of that name."""

    call: ast.Call
    called: str
    name: str
    program: Program

    def argument(self, *names: str) -> list[ast.expr]:
        """The first argument, or the one of these names; none where there is neither."""
        named = [keyword.value for keyword in self.call.keywords if keyword.arg in names]
        return (self.call.args or named)[:1]


def _of_call(call: ast.Call, scope: Scope, program: Program) -> Iterator[tuple[str, str]]:
    """By what a call reads, and which path; nothing where it reads none."""
    called = program.dotted(call.func)
    site = _Site(call, called, called.rpartition(".")[2], program)
    for reads, wanted in _WAYS:
        for how, node in reads(site):
            path = scope.text(node)
            if path is not None and wanted(path):
                yield how, path


_Found = Iterator[tuple[str, ast.expr]]


def _writes(call: ast.Call, place: int) -> bool:
    """Whether a file is opened to be written, or may be."""
    mode = call.args[place] if len(call.args) > place else None
    mode = next((keyword.value for keyword in call.keywords if keyword.arg == "mode"), mode)
    return mode is not None and not (isinstance(mode, ast.Constant) and re.match(r"r[bt]?$|br$", str(mode.value)))


def _opened(site: _Site) -> _Found:
    """`open("x.csv")`, `Path("x.csv").open()` and `.read_text()`."""
    if site.called in _OPEN and not _writes(site.call, 1):
        yield from (("open", node) for node in site.argument("file", "filename"))
    elif isinstance(site.call.func, ast.Attribute) and (
        site.name in ("read_text", "read_bytes") or (site.name == "open" and not _writes(site.call, 0))
    ):
        yield site.name, site.call.func.value


def _wrapped(site: _Site) -> _Found:
    """`csv.reader(handle)`, where the handle is of a file that is not called so."""
    if site.called in ("csv.reader", "csv.DictReader") and site.call.args:
        opened = site.program.handle(site.call.args[0])
        if isinstance(opened, ast.Call) and site.program.dotted(opened.func) in _OPEN and not _writes(opened, 1):
            inner = _Site(opened, "open", "open", site.program)
            yield from ((site.called, node) for node in inner.argument("file", "filename"))


def _tabular(site: _Site) -> _Found:
    """`pandas.read_csv("x")`, whatever the file is called."""
    if site.called in _KNOWN:
        yield from ((site.name, node) for node in site.argument(*_PATHS))


def _so_called(site: _Site) -> _Found:
    """`something.read_csv("x.csv")`, where it is not known what something is."""
    if site.name in _READERS and site.called not in _KNOWN:
        yield from ((site.name, node) for node in site.argument(*_PATHS))


def _spark(site: _Site) -> _Found:
    """`spark.read.csv("x")` and `spark.read.format("csv").load("x")`."""
    if site.name not in ("csv", "load") or not isinstance(site.call.func, ast.Attribute):
        return
    inner, csv = site.call.func.value, site.name == "csv"
    for _ in range(50):
        if isinstance(inner, ast.Call):
            told = inner.args[0] if inner.args else None
            csv = csv or (isinstance(told, ast.Constant) and "csv" in str(told.value).lower())
            inner = inner.func
        elif isinstance(inner, ast.Attribute) and inner.attr not in ("read", "readStream"):
            inner = inner.value
    if csv and isinstance(inner, ast.Attribute):
        yield from (("spark.read", node) for node in site.argument("path"))


def _hub(site: _Site) -> _Found:
    """`datasets.load_dataset("csv", data_files="x.csv")`, or a mapping of such files."""
    files = [keyword.value for keyword in site.call.keywords if keyword.arg == "data_files"]
    for value in files if site.name == "load_dataset" else ():
        yield from (("load_dataset", node) for node in (value.values if isinstance(value, ast.Dict) else (value,)))


def _any(path: str) -> bool:
    return path != ""


def _not_data(path: str) -> bool:
    return not is_data(path)


# In how many ways a file is read, and of which names it must be for that to count.
_WAYS: tuple[tuple[Callable[[_Site], _Found], Callable[[str], bool]], ...] = (
    (_opened, is_data),
    (_wrapped, _not_data),
    (_tabular, _any),
    (_so_called, is_data),
    (_spark, _any),
    (_hub, is_data),
)
