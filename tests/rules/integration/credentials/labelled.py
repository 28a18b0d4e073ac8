"""A labelled set of files: those that hold a credential, and of what kind, and those that look as if they did."""

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evidence.credentials.detectors import BASIC_AUTH, KEYWORD
from tests.rules.integration.credentials.made import PASSWORDS, TOKENS, by_chance
from tests.rules.integration.credentials.negatives import NEGATIVES


@dataclass(frozen=True)
class Sample:
    """A file, the kind of the credential in it (None: it holds none), and the line of it."""

    path: str
    text: str
    kind: str | None = None
    line: int = 0


# Where a token may stand. Settings that bring their own name and quotes are put on a line of their own.
_AROUND = (
    ("triage/client.py", 'import x\n\nclient = Client(host, "{}")\n', 3),
    ("config/prod.yml", "service:\n  url: x\n  value: '{}'\n", 3),
    ("config/prod.json", '{{\n  "value": "{}"\n}}\n', 2),
    ("deploy.sh", "#!/bin/sh\ncurl -H 'X: {}' $HOST\n", 2),
    (".env", "A=1\nVALUE={}\n", 2),
    ("web/app.ts", "// {}\nexport const a = 1;\n", 1),
    ("README.md", "# Use it\n\nRun it with `{}`.\n", 3),
    ("Dockerfile", "FROM x\nENV VALUE={}\n", 2),
)

# Where a password may stand beside its name.
_NAMED = (
    ("db.py", 'password = "{}"', 1),
    ("db.py", "connect(host, user=USER, password='{}')", 1),
    ("db.py", 'DB = {{\n    "NAME": "x",\n    "PASSWORD": "{}",\n}}', 3),
    ("db.py", 'class Settings:\n    db_password: str = "{}"', 2),
    ("db.py", 'key = os.getenv("SERVICE_API_KEY", "{}")', 1),
    ("db.py", 'client = Client(api_key="{}", timeout=5)', 1),
    ("app.js", "const apiKey = '{}';", 1),
    ("app.js", "login({{ user: 'ops', password: '{}' }})", 1),
    ("app.ts", 'const secret = process.env.API_SECRET || "{}";', 1),
    ("app.ts", "const clientSecret: string = '{}';", 1),
    ("App.java", 'private String dbPassword = "{}";', 1),
    ("App.kt", 'val apiKey = "{}"', 1),
    ("app.go", 'password := "{}"', 1),
    ("app.rb", "config.password = '{}'", 1),
    ("app.rs", 'let api_key = "{}";', 1),
    ("App.cs", 'var password = "{}";', 1),
    ("app.php", "$password = '{}';", 1),
    ("main.tf", 'resource "x" "y" {{\n  password = "{}"\n}}', 2),
    ("prod.tfvars", 'db_password = "{}"', 1),
    ("values.yaml", "db:\n  password: {}", 2),
    ("values.yaml", 'db:\n  password: "{}"  # ours', 2),
    ("compose.yml", "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD={}", 4),
    ("k8s.yaml", "env:\n  - name: DB_PASSWORD\n    value: {}", 3),
    ("k8s.yaml", "a: 1\n---\nb: {{client_secret: '{}'}}", 3),
    ("k8s.yaml", "stringData:\n  api_key: |\n    {}", 3),
    ("chart.yaml", "{{{{- if .Values.x }}}}\npassword: {}\n{{{{- end }}}}", 2),
    ("app.ini", "[db]\nuser = x\npassword = {}", 3),
    ("app.properties", "spring.datasource.password={}", 1),
    ("app.toml", 'api_key = "{}"', 1),
    ("my.cnf", "[client]\npassword={}", 2),
    (".env", "# ours\nDB_PASSWORD={}", 2),
    (".env.production", "export API_KEY='{}'", 1),
    ("run.sh", "export DB_PASSWORD={}", 1),
    ("Dockerfile", "FROM x\nENV USER=a DB_PASSWORD={}", 2),
    ("config.json", '{{"password": "{}"}}', 1),
    ("config.json", '{{"a": {{"password": "${{X}}"}}, "clientSecret": "{}"}}', 1),
)

# Where a token of no vendor's form may stand: beside its name, or in a header.
_TOKENS = (
    ("client.py", 'API_TOKEN = "{}"', 1),
    ("client.py", 'client = Client(url, token="{}")', 1),
    ("client.py", 'TOKEN = os.environ.get("TRIAGE_TOKEN", "{}")', 1),
    ("client.py", 'TOKEN = os.getenv("TRIAGE_TOKEN", default="{}")', 1),
    ("client.py", 'TOKEN = os.environ.get("TRIAGE_TOKEN") or "{}"', 1),
    ("client.py", 'class Settings:\n    auth_token: str = "{}"', 2),
    ("client.py", 'headers = {{"Authorization": "Bearer {}"}}', 1),
    ("client.py", 'session.headers["Authorization"] = "Token {}"', 1),
    ("client.py", 'session.headers.update({{\n    "X-Api-Key": "{}",\n}})', 2),
    ("client.py", "ACCESS_KEY = '{}'", 1),
    ("client.py", 'passphrase = "{}"', 1),
    ("client.ts", "const apiToken: string = '{}';", 1),
    ("client.ts", "const token = process.env.API_TOKEN ?? '{}';", 1),
    ("client.js", "fetch(url, {{ headers: {{ Authorization: `Bearer {}` }} }})", 1),
    ("client.go", 'req.Header.Set("Authorization", "Bearer {}")', 1),
    ("client.go", 'accessToken := "{}"', 1),
    ("Client.java", 'request.setHeader("X-Auth-Token", "{}");', 1),
    ("client.rb", "client.access_token = '{}'", 1),
    ("main.tf", 'provider "x" {{\n  api_token = "{}"\n}}', 2),
    ("config.json", '{{\n  "access_token": "{}"\n}}', 2),
    ("values.yaml", "api:\n  access_token: {}", 2),
    ("values.yaml", "headers:\n  Authorization: Bearer {}", 2),
    ("values.yaml", "headers: {{X-Api-Key: '{}'}}", 1),
    ("k8s.yaml", "env:\n  - name: API_TOKEN\n    value: {}", 3),
    ("compose.yml", "services:\n  a:\n    environment:\n      - API_TOKEN={}", 4),
    (".github/workflows/ci.yml", "steps:\n  - run: |\n      curl -H 'Authorization: Bearer {}' $HOST", 3),
    (".env", "A=1\nGRAFANA_TOKEN={}", 2),
    ("app.toml", 'refresh_token = "{}"', 1),
    ("run.sh", "#!/bin/sh\nexport DEPLOY_TOKEN={}", 2),
    ("run.sh", 'curl -H "X-Api-Key: {}" $HOST', 1),
    ("Dockerfile", "FROM x\nENV API_TOKEN={}", 2),
)

# Where a user and a password are handed over together.
_PAIRS = (
    ("client.py", 'requests.get(url, auth=("triage", "{}"))', 1),
    ("client.py", "requests.get(url, auth=(USER, '{}'))", 1),
    ("client.py", 'auth = HTTPBasicAuth("triage", "{}")', 1),
    ("client.py", 'URL = "https://triage:{}@invoices.acme.example/v1"', 1),
    ("client.py", 'URL = "postgresql://triage:{}@db.example.com/triage"', 1),
    ("run.sh", "curl -s -u triage:{} $HOST", 1),
)


def _positives(source: random.Random) -> Iterator[Sample]:
    for kind, makes in TOKENS.items():
        for make in makes:
            whole = "\n" in (token := make(source)) or any(mark in token for mark in ('"', "_authToken", "password="))
            for path, text, line in (("keys/service", "{}\n", 1), ("notes.txt", "x\n{}\n", 2)) if whole else _AROUND:
                yield Sample(path, text.format(make(source)), kind, line)
    for path, text, line in _NAMED:
        for password in source.sample(PASSWORDS, 3):
            yield Sample(path, text.format(password) + "\n", KEYWORD, line)
    for path, text, line in _TOKENS:
        for token in by_chance(source):
            yield Sample(path, text.format(token) + "\n", KEYWORD, line)
    for path, text, line in _PAIRS:
        for password in source.sample([one for one in PASSWORDS if "@" not in one], 3):
            yield Sample(path, text.format(password) + "\n", BASIC_AUTH, line)
    for password in PASSWORDS:
        encoded = base64.b64encode(f"triage:{password}".encode()).decode()
        yield Sample("client.py", f'headers = {{"Authorization": "Basic {encoded}"}}\n', KEYWORD, 1)
    yield from _notebooks(source)


def _notebooks(source: random.Random) -> Iterator[Sample]:
    token = TOKENS["GitHub Token"][0](source)
    cells = (
        ({"cell_type": "code", "source": ["import x\n", f'x.login("{token}")'], "outputs": []}, "GitHub Token", 1),
        ({"cell_type": "markdown", "source": [f"Use {token} there"]}, "GitHub Token", 0),
        ({"cell_type": "code", "source": ["x"], "outputs": [{"text": ["ok\n", f"{token}\n"]}]}, "GitHub Token", 1),
        ({"cell_type": "code", "source": ["a = 1\n", "\n", "password = 'hunter2'"]}, KEYWORD, 2),
    )
    for cell, kind, _ in cells:
        text = json.dumps({"cells": [cell], "nbformat": 4}, indent=1)
        marks = token if kind != KEYWORD else "hunter2"
        line = next(number for number, one in enumerate(text.split("\n"), 1) if marks in one)
        yield Sample("explore.ipynb", text, kind, line)


def samples() -> tuple[Sample, ...]:
    """The whole set, the same each time."""
    source = random.Random(20261124)
    return (*_positives(source), *(Sample(path, text) for path, text in NEGATIVES))
