"""Writes openapi.json and schema.graphql: what GitHub itself says of the part of its APIs that is used here.

Run `python tests/contracts/prune.py` by hand when a route, an event or a GraphQL field is added, or to follow GitHub.
It takes npm, which fetches the latest `@octokit/openapi` and `@octokit/graphql-schema` into a temporary folder. Then
read the difference: it is what has changed at GitHub.

What is kept follows from the stand-in, its routes, its events and its GraphQL schema, and from the bot's documents.
What of these GitHub does not know stops it. Prose is left out.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from graphql import parse

from bot.demo.github import api
from bot.demo.github import graphql as standin_graphql
from bot.demo.github.routes import table
from bot.demo.github.webhooks import NEEDS
from bot.github import queries
from tests.contracts import description, subschema

HERE = Path(__file__).parent
OPENAPI, GRAPHQL = "@octokit/openapi", "@octokit/graphql-schema"
# Events that an app is told without having subscribed to them.
_UNASKED = ("installation", "installation_repositories")


def fetch(package: str, folder: Path, members: tuple[str, ...]) -> dict[str, str]:
    """The text of these files of the latest version of an npm package."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        found = {name: archive.extractfile(f"package/{name}") for name in members}
        return {name: file.read().decode() for name, file in found.items() if file is not None}


def routes() -> list[tuple[str, str]]:
    """Methods and path templates that the stand-in answers."""
    assert api.__name__  # importing it is what fills the table
    return sorted({(str(method), str(path)) for method, path in (rule.endpoint for rule in table().iter_rules())})


def documents() -> Iterator[str]:
    """The bot's GraphQL documents."""
    for path in sorted(Path(queries.__file__).parent.glob("*.graphql")):
        yield path.read_text(encoding="utf-8")


def main() -> None:
    """Fetch, prune and write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rest = fetch(OPENAPI, folder, ("generated/api.github.com.json", "package.json", "LICENSE"))
        graph = fetch(GRAPHQL, folder, ("schema.graphql", "package.json", "LICENSE.md"))
    packages = [(OPENAPI, rest, rest["LICENSE"]), (GRAPHQL, graph, graph["LICENSE.md"])]
    named = {package: f"{package} {json.loads(files['package.json'])['version']}" for package, files, _ in packages}

    whole = json.loads(rest["generated/api.github.com.json"])
    pruned = description.prune(whole, routes(), sorted({*NEEDS, *_UNASKED}), named[OPENAPI])
    _write("openapi.json", json.dumps(pruned, indent=1, sort_keys=True, ensure_ascii=False) + "\n")

    wanted = (Path(standin_graphql.__file__).parent / "schema.graphql").read_text(encoding="utf-8")
    kept = subschema.prune(parse(graph["schema.graphql"]), parse(wanted), list(documents()))
    _write("schema.graphql", f"# From {named[GRAPHQL]}, pruned by prune.py.\n\n{kept}")

    _write("LICENSE", "\n".join(f"{named[package]}\n\n{text.strip()}\n" for package, _, text in packages))


def _write(name: str, text: str) -> None:
    (HERE / name).write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{name}: {len(text.encode()) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
