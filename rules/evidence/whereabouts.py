"""What a path alone says of a file: a test, an example, somebody else's code, a lock file, documentation.

These are conventions of tools and languages, not facts: a rule uses them to leave files out, never to accuse one.
"""

import re
from functools import cache


def words(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


_TESTS = words(
    """
    test tests spec specs __tests__ __mocks__ __fixtures__ __snapshots__ testdata test-data test_data fixtures
    fixture testfixtures mocks e2e cypress androidtest unittests integrationtest integrationtests
    integration-tests integration_tests
    """
)
_EXAMPLES = words(
    """
    example examples sample samples tutorial tutorials cookbook quickstart
    """
)
_VENDORED = words(
    """
    node_modules bower_components jspm_packages vendor vendors third_party third-party thirdparty 3rdparty .venv
    venv virtualenv .virtualenv site-packages dist-packages .tox .nox .eggs dist .next .nuxt .output __pycache__
    .mypy_cache .ruff_cache .pytest_cache .terraform .gradle .git .hg .svn .yarn pods carthage
    """
)
_LOCKS = words(
    """
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock deno.lock poetry.lock pdm.lock uv.lock
    pipfile.lock pylock.toml conda-lock.yml pixi.lock cargo.lock gemfile.lock composer.lock go.sum go.work.sum
    packages.lock.json paket.lock podfile.lock cartfile.resolved package.resolved brewfile.lock.json mix.lock
    pubspec.lock flake.lock .terraform.lock.hcl gradle.lockfile verification-metadata.xml chart.lock
    module.bazel.lock maven_install.json project.assets.json .secrets.baseline
    """
)
_PROSE = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".txt", ".org", ".tex", ".textile", ".qmd", ".rmd")
_DOCS = frozenset({"docs", "doc", "documentation", "wiki"})
_MIGRATIONS = frozenset({"migrations", "migration", "alembic", "migrate", "flyway", "liquibase"})
_MEASUREMENTS = words("eval evals evaluation evaluations benchmark benchmarks bench perf")
_PAPERS = re.compile(
    r"(?:readme|license|licence|copying|notice|changelog|changes|authors|contributors|codeowners|metadata$|pkg-info$)\b"
)


@cache
def _test_name() -> re.Pattern[str]:
    return re.compile(
        r"(?:test_.*|.*_tests?|tests?|conftest|testing)\.pyi?"  # Python
        r"|.*_test\.(?:go|rb|dart|exs|cc|cpp|c|rs|sql)|.*_spec\.rb"
        r"|.*[._-](?:test|tests|spec|cy|e2e|stories)\.[cm]?[jt]sx?"
        r"|test[._-].*\.(?:[cm]?[jt]sx?|sh|r|jl)"
    )


@cache
def _test_class() -> re.Pattern[str]:
    return re.compile(r".+(?:Tests?|IT|Spec)\.(?:java|kt|kts|scala|groovy|cs|swift|php|vb|fs)")


@cache
def _example_name() -> re.Pattern[str]:
    return re.compile(
        r".*[._-](?:examples?|samples?|dummy)(?:\.[a-z0-9]{1,10})?|examples?[._-].*"
        # A template of CloudFormation, `vpc.template`, is no example: only a second ending makes one.
        r"|.*\..*\.(?:template|tmpl|tpl|dist)|\.env\.(?:template|tmpl|tpl|dist)"
    )


@cache
def _made() -> re.Pattern[str]:
    return re.compile(r".*(?:\.|-)min\.[a-z]+|.*\.(?:bundle|chunk)\.[a-z]+|.*\.(?:map|snap|svg|css|po|pot|xlf|xliff)")


def _folders(path: str) -> list[str]:
    return path.lower().split("/")[:-1]


def _name(path: str) -> str:
    return path[path.rfind("/") + 1 :]


def is_test(path: str) -> bool:
    """Whether this is a test, or what only tests use."""
    if not _TESTS.isdisjoint(_folders(path)):
        return True
    name = _name(path)
    return _test_name().fullmatch(name.lower()) is not None or _test_class().fullmatch(name) is not None


def is_example(path: str) -> bool:
    """Whether this shows how a thing is used, as `examples/`, `.env.example` and `config.sample.yml` do."""
    return not _EXAMPLES.isdisjoint(_folders(path)) or _example_name().fullmatch(_name(path).lower()) is not None


def is_foreign(path: str) -> bool:
    """Whether people here did not write this: vendored, built, minified, or a lock file."""
    name = _name(path).lower()
    return not _VENDORED.isdisjoint(_folders(path)) or name in _LOCKS or _made().fullmatch(name) is not None


def is_prose(path: str) -> bool:
    """Whether this is text for people to read, wherever it stands."""
    name = _name(path).lower()
    return name.endswith(_PROSE) or _PAPERS.match(name) is not None


def is_documentation(path: str) -> bool:
    """Whether this is prose, or stands in a folder of documentation."""
    return is_prose(path) or not _DOCS.isdisjoint(_folders(path))


def is_migration(path: str) -> bool:
    """Whether this changes a database from one version to the next."""
    return not _MIGRATIONS.isdisjoint(_folders(path)) or re.match(r"[VUR]\d*[\d._]*__", _name(path)) is not None


def is_measurement(path: str) -> bool:
    """Whether this measures the pilot, as an evaluation and a benchmark do: it is not what runs in production."""
    name = re.match(r"(?:eval|evaluate|evaluation|benchmark|bench)(?:[_.-]|$)", _name(path).lower())
    return name is not None or not _MEASUREMENTS.isdisjoint(_folders(path))
