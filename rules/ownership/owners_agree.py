"""CODEOWNERS and the service catalogue name the owners that the policy names.

Three files that name three different owners mean that nobody is asked. GitHub requests reviews by CODEOWNERS and the
catalogue pages by `spec.owner`; if the policy says otherwise, it is the policy that is not followed.

Fix: let the last matching line of CODEOWNERS give the policy to `owners.accountable`, the runbooks to `owners.fix` and
the alert files to `owners.monitor`, and write the accountable owner as `spec.owner` in catalog-info.yaml.
"""

from collections.abc import Iterable, Iterator

from rules.evidence.catalog import Catalog
from rules.evidence.owners import POLICY, CodeOwners, Owned
from rules.facts import OwnersError, OwnersErrors
from rules.places import Place
from rules.policy import Owners, Policy
from rules.rule import Finding, NotApplicable, Severity, Unverifiable, bad, good, idle, quote, unclear
from rules.values import Handle

CODE = "OWN006"
SEVERITY = Severity.WARNING

_MOST = 20
"""How many lines with mistakes are told."""


def check(
    policy: Policy, code: CodeOwners, catalog: Catalog, errors: OwnersErrors
) -> Iterator[Finding | NotApplicable | Unverifiable]:
    owners = policy.owners or Owners()
    roles = {"accountable": owners.accountable, "fix": owners.fix, "monitor": owners.monitor}
    if not any(roles.values()):
        yield NotApplicable("nobody is named to compare with (OWN001)")
        return
    if code.path is None and catalog.path is None:
        line = quote(f"/{POLICY} {owners.accountable or '@login'}")
        yield Finding(("owners",), f"no CODEOWNERS says whose the files are: write .github/CODEOWNERS with {line}")
    for file, trouble in ((code.path, code.broken), (catalog.path, catalog.broken)):
        if file and trouble:
            yield _about(file, trouble.line, f"owners can't be read: {trouble}")
    for unread in (code.opaque, catalog.opaque):
        if unread:
            yield Unverifiable(f"owners can't be read: {unread}")
    for fault in code.faults[:_MOST]:
        yield _about(fault.path, fault.line, f"{fault}")
    yield from _told(errors, code)
    if code.path and not code.broken and not code.opaque:
        yield from (config for config in code.configs if isinstance(config, Unverifiable))
        for role, paths in _whose(policy, code):
            handle = roles[role]
            if handle:
                yield from _compare(role, handle, paths, code.path, code)
    if owners.accountable and catalog.entities:
        yield from _catalogued(policy.pilot.name, owners.accountable, catalog)


def _whose(policy: Policy, code: CodeOwners) -> Iterator[tuple[str, Iterable[str]]]:
    """Each role, and the files that are its own."""
    yield "accountable", [POLICY]
    yield "fix", dict.fromkeys(runbook.file for runbook in policy.runbooks or () if runbook.file)
    known = [config for config in code.configs if not isinstance(config, Unverifiable)]
    yield "monitor", dict.fromkeys(path for config in known for path in config)


def _told(errors: OwnersErrors, code: CodeOwners) -> Iterator[Finding | Unverifiable]:
    """What GitHub says of CODEOWNERS, where it is not said already."""
    if errors.unread:
        yield errors.unread
    known = {(fault.path, fault.line) for fault in code.faults}
    for error in [one for one in errors.errors if (one.path, one.line) not in known][:_MOST]:
        place = Place(error.line, error.column, error.line, error.column)
        yield Finding(("owners",), _said(error), place=place, file=error.path)


def _said(error: OwnersError) -> str:
    suggested = f": {' '.join(error.suggestion.split())}" if error.suggestion else ": mend or remove the line"
    return f"GitHub takes {quote(f'{error.path}:{error.line}')} for an error ({error.kind}){suggested}"


def _about(file: str, line: int | None, message: str) -> Finding:
    return Finding(("owners",), message, place=Place(line or 1, 1, line or 1, 1), file=file)


def _compare(
    role: str, handle: Handle, paths: Iterable[str], file: str, code: CodeOwners
) -> Iterator[Finding | Unverifiable]:
    wrong: dict[Owned | None, list[str]] = {}
    for path in paths:
        line = code.owned[path]
        if line is None or not line.names(handle):
            wrong.setdefault(line, []).append(path)
    for line, those in wrong.items():
        what = quote(those[0]) + (f" and {len(those) - 1} more" if those[1:] else "")
        where = quote(f"{file}:{line.line}" if line else file)
        write = quote(f"/{those[0]} {handle}")
        given = " ".join(line.owners) if line else ""
        mail = [owner for owner in (line.owners if line else ()) if not owner.startswith("@")]
        if mail and not handle.team:
            yield Unverifiable(
                f"{where} gives {what} to {quote(mail[0])}; whether that is {quote(handle)} can't be told"
            )
        elif given:
            message = f"{where} gives {what} to {quote(given)}, but `{role}` is {quote(handle)}"
            yield Finding(("owners", role), f"{message}: add {quote(handle)} to the line, or name its owner")
        else:
            yield Finding(("owners", role), f"{where} gives {what} to nobody: write {write} below the other lines")


def _catalogued(name: str, handle: Handle, catalog: Catalog) -> Iterator[Finding | Unverifiable]:
    found = catalog.described(name)
    if not found:
        yield Unverifiable(f"{quote(catalog.path)} describes no Component: write one, with `spec.owner`")
    elif (
        len(found) > 1 and any(one.owned_by(handle) for one in found) and not all(one.owned_by(handle) for one in found)
    ):
        yield Unverifiable(
            f"which component of {quote(catalog.path)} is the pilot can't be told: call it {quote(name)}"
        )
    elif not found[0].owned_by(handle):
        owner = found[0].owner
        where = quote(f"{catalog.path}:{found[0].line}")
        if owner is not None and "{{" in owner:
            yield Unverifiable(f"the owner in {where}, {quote(owner)}, is a template: name the file that it becomes")
            return
        other = f"to {quote(owner)}" if owner is not None else "to nobody"
        message = f"{where} gives the component to {other.removeprefix('to ')}, but `accountable` is {quote(handle)}"
        yield Finding(("owners", "accountable"), f"{message}: write one name in both, there as `spec.owner`")


_POLICY = """
pilot: {name: triage, stage: pilot, start: 2026-11-02}
owners: {accountable: "@ana-r", monitor: "@acme/ml-oncall", fix: "@acme/ml-platform"}
monitoring: {configs: ["ops/*.yml"]}
runbooks: [{file: docs/runbook.md}]
"""
_LINES = "* @acme/ml-platform\n/.pilot.yml @ana-r\n/ops/ @acme/ml-oncall  # who watches\n"
_FILES = {"docs/runbook.md": "# Runbook\n", "ops/a.yml": "", "ops/b.yml": ""}
_CATALOG = """
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata: {name: triage}
    spec: {type: service, lifecycle: production, owner: user:default/ana-r}
"""


def _having(lines: str | None, catalog: str | None = None) -> dict[str, str]:
    found = {".github/CODEOWNERS": lines, "catalog-info.yaml": catalog}
    return {**_FILES, **{path: text for path, text in found.items() if text is not None}}


EXAMPLES = [
    good(_POLICY, files=_having(_LINES, _CATALOG)),
    good(_POLICY, files=_having(_LINES)),
    good(_POLICY, files=_having(None, _CATALOG)),
    bad(
        _POLICY,
        at="owners",
        says="no CODEOWNERS says whose the files are: write .github/CODEOWNERS with `/.pilot.yml @ana-r`",
    ),
    bad(
        _POLICY,
        at="owners.monitor",
        says="`.github/CODEOWNERS:1` gives `ops/a.yml` and 1 more to `@acme/ml-platform`, but `monitor` is"
        " `@acme/ml-oncall`: add `@acme/ml-oncall` to the line",
        files=_having("* @acme/ml-platform\n/.pilot.yml @ana-r\n"),
    ),
    bad(
        _POLICY,
        at="owners.fix",
        says="`.github/CODEOWNERS:4` gives `docs/runbook.md` to nobody: write `/docs/runbook.md @acme/ml-platform`",
        files=_having(_LINES + "docs/\n"),
    ),
    bad(
        _POLICY,
        at="owners",
        says="`.github/CODEOWNERS:4` has brackets in `*.[ch]`, which do not work in CODEOWNERS: write `*` or `?`",
        files=_having(_LINES + "*.[ch] @lee\n"),
    ),
    bad(
        _POLICY,
        at="owners",
        says="GitHub takes `.github/CODEOWNERS:2` for an error (Unknown owner): make sure @ana-r exists",
        files=_having(_LINES),
        given=(
            OwnersErrors(
                (OwnersError(".github/CODEOWNERS", 2, 13, "Unknown owner", "make sure @ana-r exists and may write"),)
            ),
        ),
    ),
    bad(
        _POLICY,
        at="owners",
        says="for an error (Invalid pattern): mend or remove the line",
        files=_having(_LINES),
        given=(OwnersErrors((OwnersError(".github/CODEOWNERS", 3, 1, "Invalid pattern"),)),),
    ),
    bad(
        _POLICY,
        at="owners",
        says="owners can't be read: `.github/CODEOWNERS` is binary, not text",
        files={**_FILES, ".github/CODEOWNERS": "*\0"},
    ),
    bad(
        _POLICY,
        at="owners.accountable",
        says="`catalog-info.yaml:1` gives the component to `group:ml-research`, but `accountable` is `@ana-r`",
        files=_having(_LINES, _CATALOG.replace("user:default/ana-r", "group:ml-research")),
    ),
    bad(
        _POLICY,
        at="owners.accountable",
        says="`catalog-info.yaml:1` gives the component to nobody",
        files=_having(_LINES, _CATALOG.replace(", owner: user:default/ana-r", "")),
    ),
    unclear(
        _POLICY,
        says="`.github/CODEOWNERS:4` gives `.pilot.yml` to `ana@acme.example`; whether that is `@ana-r` can't be told",
        files=_having(_LINES + "/.pilot.yml ana@acme.example\n"),
    ),
    unclear(
        _POLICY,
        says="what GitHub says of CODEOWNERS can't be read: grant the app the permission contents:read",
        files=_having(_LINES),
        given=(
            OwnersErrors(
                unread=Unverifiable(
                    "what GitHub says of CODEOWNERS can't be read: grant the app the permission contents:read"
                )
            ),
        ),
    ),
    unclear(
        _POLICY,
        says="the owner in `catalog-info.yaml:1`, `${{values.owner}}`, is a template: name the file that it becomes",
        files=_having(_LINES, _CATALOG.replace("user:default/ana-r", "'${{values.owner}}'")),
    ),
    unclear(
        _POLICY,
        says="`catalog-info.yaml` describes no Component: write one, with `spec.owner`",
        files=_having(_LINES, "kind: Location\nspec: {targets: [./a.yaml]}\n"),
    ),
    unclear(
        _POLICY,
        says="which component of `catalog-info.yaml` is the pilot can't be told: call it `triage`",
        files=_having(_LINES, "kind: Component\nspec: {owner: ana-r}\n---\nkind: Component\nspec: {owner: lee}\n"),
    ),
    idle("owners: {retrain: '@lee'}", says="nobody is named to compare with (OWN001)"),
]
