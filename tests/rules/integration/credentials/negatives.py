"""What looks like a credential and is none, as people write it: names, paths, references, placeholders, hashes."""

import random
from collections.abc import Iterator

from tests.rules.integration.credentials.made import TOKENS

# Values beside the name of a secret that are none, in any file.
_VALUES = (
    "${DB_PASSWORD}", "${{ secrets.DB_PASSWORD }}", "{{ vault_db_password }}", "{{ .Values.password }}", "<password>",
    "your-api-key-here", "YOUR_API_KEY", "REPLACE_ME",
    "xxxxxxxx", "********", "...", "<your-token>", "example-password",
    "projects/acme/secrets/invoices/versions/latest",
    "secret/data/triage/db", "kv/triage",
    "vault:secret/data/x#password",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x", "op://vault/item/field",
    "ENC[AES256_GCM,data:abc,iv:d]",
    "ENC(abcdef0123)", "/run/secrets/db_password", "./keys/service.pem", "~/.ssh/id_rsa", "DB_PASSWORD",
    "INVOICES_CLIENT_SECRET", "prod-db-password", "invoices-client-secret", "db_password", "clientSecret",
    "%(password)s", "%s", "{password}", "$DB_PASSWORD", "$(cat /run/secrets/x)", "none", "null", "true", "false",
    "string", "123e4567-e89b-12d3-a456-426614174000", "123456", "placeholder", "not-a-secret", "redacted",
    "https://acme.io/reset", "env:DB_PASSWORD", "ssm:/prod/db/password", "@Microsoft.KeyVault(SecretUri=x)",
    "ref+awssecrets://x", "Enter your password", "insert-token-here", "TODO", "dummy",
)  # fmt: skip

_AROUND = (
    ("app.py", 'password = "{}"\n'),
    ("app.js", "const apiKey = '{}';\n"),
    ("values.yaml", "db:\n  password: '{}'\n"),
    (".env.production", 'DB_PASSWORD="{}"\n'),
    ("app.ini", "[db]\npassword = {}\n"),
    ("main.tf", 'db_password = "{}"\n'),
)

_WHOLE = (
    ("app.py", 'password = os.environ["DB_PASSWORD"]\n'),
    ("app.py", 'api_key = os.getenv("API_KEY")\n'),
    ("app.py", 'secret = client.get_secret("projects/x/secrets/y")\n'),
    ("app.py", 'password_env = "TRIAGE_DB"\n'),
    ("app.py", 'secret_name = "projects/acme/invoices"\n'),
    ("app.py", 'FIELD_PASSWORD = "password"\n'),
    ("app.py", 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]\n'),
    ("app.py", 'parser.add_argument("--password", help="of the database")\n'),
    ("app.py", 'password = getpass("Password: ")\n'),
    ("app.py", 'private_key: "_RSAPrivateKey"\n'),
    ("app.py", 'if settings.secrets_missing == "warn":\n    pass\n'),
    ("app.py", 'password_hash = "$2b$12$' + "K3" * 26 + '"\n'),
    ("app.py", 'if b"-----BEGIN RSA PRIVATE ' + 'KEY-----" in data:\n    pass\n'),
    ("app.py", 'COMMIT = "' + "a1b2c3d4e5" * 4 + '"\n'),
    ("app.py", 'CACHE_KEY = "triage:invoices:v2"\n'),
    ("app.py", 'URL = f"postgresql://{user}:{password}@{host}/db"\n'),
    ("app.py", 'URL = "postgresql://user:password@localhost/db"\n'),
    ("app.py", 'URL = "postgresql://%s:%s@%s/db" % (a, b, c)\n'),
    ("app.py", 'URL = "https://user:pass@example.com/"\n'),
    ("app.py", 'URL = "redis://:${REDIS_PASSWORD}@redis:6379"\n'),
    ("app.py", 'password = "hunter2"  # pragma: allowlist secret - the public demo\n'),
    ("app.py", '# pragma: allowlist nextline secret - the public demo\npassword = "hunter2"\n'),
    ("app.ts", "interface Login {\n  password: string;\n}\n"),
    ("app.ts", "const { password } = req.body;\n"),
    ("app.tsx", '<input type="password" name="password" placeholder="Password" />\n'),
    ("app.go", 'password := os.Getenv("DB_PASSWORD")\n'),
    ("App.java", '@Value("${db.password}") private String password;\n'),
    ("main.tf", "password = var.db_password\n"),
    ("main.tf", 'variable "db_password" {\n  type = string\n}\n'),
    ("main.tf", 'secret_id = "acme-invoices"\n'),
    ("main.tf", "password = random_password.db.result\n"),
    ("k8s.yaml", "volumes:\n  - secret:\n      secretName: triage-tls\n"),
    ("k8s.yaml", "valueFrom:\n  secretKeyRef:\n    name: triage\n    key: password\n"),
    ("k8s.yaml", "existingSecret: postgres-auth\n"),
    ("k8s.yaml", "imagePullSecrets:\n  - name: regcred\n"),
    ("k8s.yaml", "env:\n  - name: DB_PASSWORD\n    valueFrom: {secretKeyRef: {name: a, key: b}}\n"),
    ("group_vars/all.yml", "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638643965\n"),
    ("secrets.enc.yaml", "password: ENC[AES256_GCM,data:q8w,iv:x,tag:y,type:str]\n"),
    (".github/workflows/ci.yml", "env:\n  POSTGRES_PASSWORD: postgres\n"),
    (".github/workflows/ci.yml", "with:\n  token: ${{ secrets.GITHUB_TOKEN }}\n  password: ${{ secrets.X }}\n"),
    ("locales/en.json", '{"password": "Password", "secret": "Secret"}\n'),
    ("locales/de.yml", "password: Passwort\n"),
    ("openapi.yaml", "properties:\n  password: {type: string, format: password}\n"),
    ("README.md", "Set `password: hunter2` in your settings.\n"),
    ("docs/setup.rst", "password = hunter2\n"),
    (".pilot.yml", "integrations: [{auth: {type: oauth2, secret: invoices}}]\n"),
    (".env.example", "DB_PASSWORD=hunter2\n"),
    ("config.sample.yml", "password: hunter2\n"),
    ("tests/test_login.py", 'password = "hunter2"\n'),
    ("src/test/java/LoginTest.java", 'String password = "hunter2";\n'),
    ("pkg/login_test.go", 'password := "hunter2"\n'),
    ("web/login.spec.ts", 'const password = "hunter2";\n'),
    ("examples/login.py", 'password = "hunter2"\n'),
    ("node_modules/x/index.js", 'const password = "hunter2";\n'),
    ("vendor/x/x.go", 'password := "hunter2"\n'),
    ("package-lock.json", '{"integrity": "sha512-' + "aB3/" * 22 + '==", "password": "hunter2"}\n'),
    ("poetry.lock", 'password = "hunter2"\n'),
    ("web/app.min.js", 'var password="hunter2"'),
    ("id.pub", "ssh-rsa " + "AAAAB3NzaC1yc2EAAAADAQABAAABgQ" + "aB3/" * 30 + " ops@acme\n"),
    ("ca.crt", "-----BEGIN CERTIFICATE-----\n" + "MIID" * 16 + "\n-----END CERTIFICATE-----\n"),
    ("key.pub.pem", "-----BEGIN PUBLIC " + "KEY-----\n" + "MIIB" * 16 + "\n"),
    ("app.yml", "url: https://acme.io/path/with/a/very/long/address/2026/11/24/index\n"),
    ("app.yml", "image: acme/triage@sha256:" + "0a1b2c3d" * 8 + "\n"),
    ("app.yml", "apdu: APDUResponse APCUStore APEXCharts\n"),
    ("scores.csv", "id,hash\n1," + "d3b07384" * 5 + "\n"),
    ("app.py", 'key = "some-long-name-of-a-key-in-a-cache-of-44-char"\n'),
    (".npmrc", "//registry.npmjs.org/:_auth" + "Token=${NPM_TOKEN}\n"),
    ("settings.py", 'aws_access_key_id = "AK' + 'IAIOSFODNN7EXAMPLE"\n'),
)


def _published(source: random.Random) -> Iterator[tuple[str, str]]:
    """What documentation shows in the form of a token, and what is a part of something longer."""
    for made in ("AK" + "IA" + "X" * 16, "gh" + "p_" + "x" * 36, "SG" + "." + "a" * 22 + "." + "b" * 43):
        yield "app.py", f'token = f("{made}")\n'
    for kind in ("Twilio API Key", "AWS Access Key", "Mailchimp Access Key", "Telegram Bot Token", "Stripe Access Key"):
        for _ in range(5):
            yield "image.py", f'data = "{source.choice("abcdef")}{TOKENS[kind][0](source)}{source.choice("xyz")}"\n'
    for length in (32, 40, 64):
        for _ in range(10):
            digest = f"{source.getrandbits(length * 4):0{length}x}"
            yield "sums.py", f'sum = "{digest}"\n'
            yield "sums.yml", f"sum: {digest}\n"


NEGATIVES = (
    *((path, text.format(value)) for value in _VALUES for path, text in _AROUND),
    *_WHOLE,
    *_published(random.Random(7)),
)
"""Path and text of each file."""
