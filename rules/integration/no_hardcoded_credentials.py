"""No credential stands in the code.

A demo's key ends up in every clone, every fork and every image, and works there for years. Security finds it in the
last week, and the pilot waits until everything that used it has been moved.

Fix: revoke the credential, keep the new one in a secret store, and read it from there or from the environment. Where it
is none, write `pragma: allowlist secret` and the reason behind it in a comment on its line.
"""

from collections.abc import Iterator

from rules.evidence.credentials import Leak, search
from rules.evidence.notebooks import Allowance
from rules.facts import Change, Written
from rules.places import Place
from rules.policy import Policy
from rules.rule import Finding, Severity, Unverifiable, bad, good, quote, unclear

CODE = "INT001"
SEVERITY = Severity.ERROR

_MOST = 200


def check(policy: Policy, change: Change) -> Iterator[Finding | Unverifiable]:  # noqa: ARG001 - asks for a policy
    shown, more, unsearched, allowance = 0, 0, list[str](), Allowance()
    for file in change.files:
        searched = search(file, allowance)
        if not searched.complete:
            unsearched.append(quote(file.path))
        for leak in searched.leaks[: _MOST - shown]:
            yield _finding(file, leak)
        more += max(0, len(searched.leaks) - (_MOST - shown))
        shown = min(_MOST, shown + len(searched.leaks))
    if more:
        yield Finding((), f"{more} more credentials stand in the code: remove these first, then look again")
    if unsearched:
        yield Unverifiable(f"{', '.join(unsearched[:5])} holds too much that may be a credential to be read: split it")
    if change.unseen:
        yield Unverifiable(change.unseen)


def _finding(file: Written, leak: Leak) -> Finding:
    message = f"a credential stands here ({leak.kind}): revoke it, and read the new one from a secret store"
    if leak.unexplained:
        message = f"the pragma does not say why this credential ({leak.kind}) is allowed: write the reason behind it"
    place = Place(leak.line, leak.column, leak.end_line, leak.end_column)
    return Finding((), message, place=place, file=file.path)


_DEPLOYED = "\n".join(["env:", "  - {name: API_KEY,", "     value: q8wje17}", ""])
_UNEXPLAINED = " ".join(["password =", '"hunter2"', "# pragma: allowlist secret", "\n"])
EXAMPLES = [
    good(
        "owners: {}",
        files={
            "triage/settings.py": """
                PASSWORD = os.environ["DB_PASSWORD"]
                SECRET_NAME = "projects/acme/secrets/invoices"
            """,
            "deploy.yml": "env: {DB_PASSWORD: '${DB_PASSWORD}'}\n",
            ".env.example": "DB_PASSWORD=hunter2\n",
            "tests/test_login.py": "password = 'hunter2'\n",  # pragma: allowlist secret - an example
        },
    ),
    good(
        "owners: {}",
        files={"triage/demo.py": 'password = "hunter2"  # pragma: allowlist secret - the demo database, public\n'},
    ),
    bad(
        "owners: {}",
        at="",
        says="a credential stands here (a value beside the name of a secret): revoke it",
        files={"triage/db.py": 'connect(host, password="hunter2")\n'},  # pragma: allowlist secret - an example
    ),
    bad("owners: {}", at="", says="a credential stands here", files={".env": "# local\nDB_PASSWORD=hunter2\n"}),
    bad("owners: {}", at="", says="a credential", files={"deploy.yml": _DEPLOYED}),
    bad(
        "owners: {}",
        at="",
        says="does not say why",
        files={"triage/db.py": _UNEXPLAINED},
    ),
    unclear(
        "owners: {}",
        says="3 files are larger than is read",
        given=(Change((), "3 files are larger than is read"),),
    ),
]
