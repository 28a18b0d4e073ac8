"""Production code reads no CSV, Excel or notebook that lies beside it.

A file that somebody exported by hand was true on one day. While that person is on leave the pilot answers from old
data, and nobody notices, for nothing fails.

Read are Python, SQL and notebooks in Python; what other languages load (R, TypeScript, Java…) is not looked at. A path
that is put together from variables, the settings or an address passes; one beside `__file__` does not.

Fix: read from the system itself through one of `integrations`; where a file is meant, take its path from the settings,
or ship it with the package and read it as the package's resource.
"""

from collections.abc import Iterator

from rules.evidence.manual_loads import reads
from rules.evidence.notebooks import Allowance
from rules.facts import Change
from rules.places import Place
from rules.policy import Policy
from rules.rule import Finding, Severity, Unverifiable, bad, good, quote, unclear

CODE = "INT002"
SEVERITY = Severity.ERROR_FROM_DECISION

_MOST = 200


def check(policy: Policy, change: Change) -> Iterator[Finding | Unverifiable]:  # noqa: ARG001 - asks for a policy
    found, unread, allowance = list[Finding](), list[str](), Allowance()
    for file in change.files:
        read = reads(file, allowance)
        if read.unread:
            unread.append(f"{quote(file.path)} {read.unread}")
        for load in read.loads:
            message = (
                f"{load.how} loads {quote(load.path)} by hand: read it through an interface that is kept up to date"
            )
            found.append(Finding((), message, place=Place(load.line, 1, load.line, 1), file=file.path))
    yield from found[:_MOST]
    if len(found) > _MOST:
        yield Finding((), f"{len(found) - _MOST} more files are loaded by hand: mend these first, then look again")
    for reason in (*unread[:1], change.unseen):
        if reason:
            yield Unverifiable(reason)


EXAMPLES = [
    good(
        "owners: {}",
        files={
            "triage/load.py": """
                import pandas as pd

                def load(path):
                    pd.read_csv(path)
                    pd.read_csv("https://acme.example/x.csv")
                    pd.DataFrame().to_csv("out.csv")
                    with open("out.csv", "w") as out:
                        return importlib.resources.files("triage") / "names.csv"
            """,
            "tests/test_load.py": "import pandas\npandas.read_csv('x.csv')\n",
            "eval/run.py": "import pandas\npandas.read_csv('x.csv')\n",
            "load.sql": "COPY invoices FROM STDIN;\n",
        },
    ),
    bad(
        "owners: {}",
        at="",
        says="read_csv loads `data/invoices.csv` by hand",
        files={"triage/load.py": "import pandas as pd\n\nPATH = 'data/invoices.csv'\ninvoices = pd.read_csv(PATH)\n"},
    ),
    bad("owners: {}", at="", says="open loads `a.csv`", files={"load.py": "with open('a.csv') as file:\n    pass\n"}),
    bad(
        "owners: {}",
        at="",
        says="COPY loads `/tmp/invoices.csv` by hand",
        files={"load.sql": "\n".join(["COPY invoices", "FROM '/tmp/invoices.csv' CSV;", ""])},
    ),
    unclear(
        "owners: {}",
        says="`load.py` is not Python that can be parsed here: mend it, or move what it reads behind an interface",
        files={"load.py": "print 'x'\npandas.read_csv('x.csv')\n"},
    ),
    unclear("owners: {}", says="a file is too large", given=(Change((), "a file is too large"),)),
]
