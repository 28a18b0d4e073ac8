"""Code without its comments, as far as the name of a file tells how its language writes them.

No parser: strings are told from comments, so that `https://` in one begins none. Where the language is not known, only
lines that are a comment from their start are left out.
"""

import re
from functools import cache

_HASH = (
    ".py", ".pyi", ".pyw", ".sh", ".bash", ".zsh", ".yml", ".yaml", ".toml", ".rb", ".r", ".pl", ".env", ".conf",
    ".cfg", ".ini", ".properties", ".mk", ".ps1", ".jl", ".ex", ".exs", ".nix", ".cmake", ".graphql", ".tf", ".tfvars",
    ".hcl", ".php", "dockerfile", "containerfile", "makefile", "procfile", ".dockerfile", ".bzl", ".service",
)  # fmt: skip
_SLASHES = (
    ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".java", ".kt", ".kts", ".go", ".rs", ".c", ".h",
    ".cc", ".cpp", ".hpp", ".cs", ".swift", ".scala", ".groovy", ".gradle", ".dart", ".proto", ".php", ".tf",
    ".tfvars", ".hcl", ".jsonc", ".json5", ".bicep", ".vue", ".svelte", ".scss", ".less", "jenkinsfile",
)  # fmt: skip
_DASHES = (".sql", ".psql", ".pgsql", ".hql", ".ddl", ".lua", ".hs")
_MARKUP = (".xml", ".html", ".htm", ".vue", ".svelte", ".xaml", ".csproj", ".props")
# What is not closed ends where its line or the text does: looking for its end from every start would take for ever. An
# apostrophe within a word opens no text.
_WHOLE = r"(?:\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\")?|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?)"
_STRINGS = r"\"(?:[^\"\\\n]|\\.)*+\"?|(?<![A-Za-z0-9])[bfruBFRU]{0,2}'(?:[^'\\\n]|\\.)*+'?"
_TEXTS = rf"(?P<kept>{_WHOLE}|{_STRINGS})"


def uncommented(path: str, text: str) -> str:
    """The text with a space in the place of each comment."""
    if path.lower().endswith((".py", ".pyi", ".pyw", ".ipynb")):
        text = _docstring().sub(lambda found: found["before"] + " ", text)
        path = "x.py"
    return _comments(_styles(path.lower())).sub(lambda found: found["kept"] or " ", text)


def _styles(path: str) -> tuple[str, ...]:
    known = {"hash": _HASH, "slashes": _SLASHES, "dashes": _DASHES, "markup": _MARKUP}
    found = tuple(style for style, names in known.items() if path.endswith(names))
    return found or (("hash",) if "/.env" in f"/{path}" or "dockerfile" in path else ("lines",))


@cache
def _comments(styles: tuple[str, ...]) -> re.Pattern[str]:
    forms = {
        "hash": r"(?:(?<=\s)|(?<![\s\S]))#[^\n]*|^[ \t]*;[^\n]*",
        "slashes": r"(?<!:)//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?",
        "dashes": r"--[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?",
        "markup": r"<!--(?:[^-]|-(?!->))*+(?:-->)?",
        "lines": r"^[ \t]*(?:#|//|--|;|\*|<!--)[^\n]*",
    }
    kept = r"(?P<kept>(?!))" if styles in {("lines",), ("markup",)} else _TEXTS
    return re.compile("|".join((kept, *(forms[style] for style in styles))), re.MULTILINE | re.DOTALL)


@cache
def _docstring() -> re.Pattern[str]:
    """A text in three quotes that opens a module, a class or a function."""
    opens = r"\A(?:[ \t]*+(?:#[^\n]*+)?\n)*+[ \t]*+|:[ \t]*+(?:#[^\n]*+)?\n\s*+"
    return re.compile(rf"(?P<before>{opens})[rRuU]?{_WHOLE}", re.DOTALL)
