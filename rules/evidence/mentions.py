"""Which hosts and secrets the code and the infrastructure files speak of, each as a whole word outside comments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rules.evidence import notebooks
from rules.evidence.comments import uncommented
from rules.evidence.whereabouts import is_documentation, is_foreign, is_test
from rules.facts import Written

_POLICIES = re.compile(r"(?:.*/)?\.pilot(?:-org)?\.ya?ml$")


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for: a host, in which small and capital letters are the same, or the name of a secret."""

    text: str
    host: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """A needle, its longest word, which stands in every text that speaks of it, and the form in which it does."""

    needle: Needle
    word: str
    form: re.Pattern[str]


def _search(needle: Needle) -> _Search:
    word = max(_words(needle.text), key=len, default="")
    plain = re.escape(needle.text)
    if not needle.host:
        return _Search(needle, word, re.compile(rf"(?<![\w-]){plain}(?![\w-])"))
    whole = rf"(?<![\w-])(?<![\w-]\.){plain}(?![\w-])(?!\.[\w-])"
    if "." not in needle.text and ":" not in needle.text:
        # `db` is a word like any other: it is a host in an address, before a port, or as a whole value.
        whole = rf"(?:(?<=//)|(?<=@)|(?<=['\"])(?={plain}['\"])|(?={plain}:\d)){whole}|[=:]\s?{whole}\s*$"
    return _Search(needle, word, re.compile(whole, re.IGNORECASE | re.MULTILINE))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def mentioned(needles: Iterable[Needle], files: Iterable[Written], apart: frozenset[str]) -> frozenset[Needle]:
    """Those that code or an infrastructure file speaks of.

    Files `apart`, policies, documentation (CODEOWNERS and licences with it), tests, data, results, what others wrote,
    comments, and what a notebook put out don't count.
    """
    left = [_search(needle) for needle in dict.fromkeys(needles)]
    found, allowance = set[Needle](), notebooks.Allowance()
    for file in files:
        if not left or file.path in apart or _elsewhere(file.path):
            continue
        words = set(_words(file.text))
        maybe = [one for one in left if one.word in words and one.form.search(file.text)]
        if maybe:
            said = _said(file, allowance)
            found |= {one.needle for one in maybe if one.form.search(said)}
            left = [one for one in left if one.needle not in found]
    return frozenset(found)


_DATA = re.compile(
    r"\.(?:csv|tsv|psv|jsonl|ndjson|geojson|parquet|log|out|har|dvc|snap|lock|xlsx?|ods|eml|mbox|ics|vcf|pem|crt|patch|diff)"
    r"(?:\.(?:gz|bz2|xz|zst|zip))?$"
)
_RESULTS = re.compile(r"(?:^|/)(?:results?|mlruns|predictions)/.*\.(?:json|ya?ml|xml)$")
_RECORDS = re.compile(
    r"(?:(?:^|/)(?:data|datasets?|reports?|outputs?|eval|evals|evaluations?|benchmarks?|snapshots)/(?:.*/)?[^/]*"
    r"|(?:^|[/._-])(?:results?|metrics|reports?|predictions?|scores?|outputs?|dataset|croissant|datapackage)"
    r"(?:[._-][^/]*)?)\.(?:json|xml)$"
)


def _elsewhere(path: str) -> bool:
    """Whether a file is neither code nor of the infrastructure, as far as its name tells."""
    if _POLICIES.match(path) or is_documentation(path) or is_test(path) or is_foreign(path):
        return True
    small = path.lower()
    # `results.json` is data, `results.py` is code.
    return any(form.search(small) for form in (_DATA, _RESULTS, _RECORDS))


def _said(file: Written, allowance: notebooks.Allowance) -> str:
    """What a file says to machines."""
    cells = notebooks.cells(file.text, allowance)
    if cells is None:
        return uncommented(file.path, file.text)
    return "\n".join(uncommented(file.path, cell.text) for cell in cells if cell.kind == "code")


def hosts(endpoint: str) -> tuple[str, ...] | None:
    """The hosts, buckets or queues that an endpoint names, small; None for a template, which names none yet."""
    text = endpoint.strip()
    if re.search(r"\$[{(A-Za-z_]|\{\{|\{\w*\}|<[\w-]+>|%\w+%", text):
        return None
    if re.match(r"arn:|projects/|/", text):  # the name of a queue, a topic or a socket
        return tuple(part for part in [re.split(r"[:/]", text)[-1].lower()] if part)
    server = re.search(
        r"(?:^|[;\s])(?:server|host|hostname|data source|endpoint)\s?=\s?(?:tcp:)?([^;,\s]+)", text, re.I
    )
    names = (_host(part) for part in ([server[1]] if server else re.split(r"[,\s]+", text)))
    return tuple(dict.fromkeys(name for name in names if name))


def _host(text: str) -> str:
    """`jdbc:postgresql://user:password@host:5432/db;x=y` is `host`; so is `jdbc:oracle:thin:@host:1521:x`."""
    rest = text.partition("://")[2] if "://" in text else re.sub(r"^(?:[a-z][a-z0-9+.-]*:)+(?=[@/])", "", text.lower())
    rest = re.split(r"[/?#;]", rest.lstrip("/@").removeprefix("//"), maxsplit=1)[0].rpartition("@")[2]
    if rest.startswith("["):
        return rest[1:].partition("]")[0].lower()
    return rest.partition(":")[0].strip(".").lower()
