"""Credentials that no service ever gave out, put together when they are asked for: none stands in this repository."""

import base64
import json
import random
import string
from collections.abc import Callable

_LETTERS, _DIGITS = string.ascii_letters, string.digits
_ALNUM, _HEX = _LETTERS + _DIGITS, "0123456789abcdef"
_LOWER, _UPPER = string.ascii_lowercase + _DIGITS, string.ascii_uppercase + _DIGITS

Make = Callable[[random.Random], str]


def some(source: random.Random, letters: str, length: int) -> str:
    """Letters by chance, at least two of them digits where there are any."""
    drawn = [source.choice(letters) for _ in range(length)]
    for at in source.sample(range(length), 2) if set(_DIGITS) <= set(letters) else ():
        drawn[at] = source.choice("2345679")
    return "".join(drawn)


def _jwt(source: random.Random) -> str:
    parts = ({"alg": "HS" + "256", "typ": "JWT"}, {"sub": some(source, _LOWER, 12), "exp": source.randrange(10**9)})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    signature = base64.urlsafe_b64encode(source.randbytes(32)).decode().rstrip("=")
    return ".".join((*encoded, signature))


def _key(title: str, lines: int) -> Make:
    def make(source: random.Random) -> str:
        body = [some(source, _ALNUM + "+/", 64) for _ in range(lines)]
        return "\n".join(("-----BEGIN " + title + "-----", *body, "-----END " + title + "-----"))

    return make


def _putty(source: random.Random) -> str:
    head = "PuTTY-User-Key-" + "File-2: ssh-rsa\nEncryption: none\nComment: ops\nPublic-Lines: 1\n"
    return head + some(source, _ALNUM, 64)


TOKENS: dict[str, tuple[Make, ...]] = {
    "Artifactory Credentials": (lambda r: "AK" + "C" + some(r, _ALNUM, 20), lambda r: "AP" + "5" + some(r, _ALNUM, 20)),
    "AWS Access Key": (
        lambda r: "AK" + "IA" + some(r, _UPPER, 16),
        lambda r: "AS" + "IA" + some(r, _UPPER, 16),
        lambda r: 'aws_secret_access_key = "' + some(r, _ALNUM + "/+", 40) + '"',
    ),
    "Azure Storage Account access key": (
        lambda r: "AccountName=acme;Account" + "Key=" + some(r, _ALNUM + "+/", 86) + "==;EndpointSuffix=core",
    ),
    "Basic Auth Credentials": (
        lambda r: "postgresql://triage:" + some(r, _ALNUM, 12) + "@db.acme.io:5432/triage",
        lambda r: "https://deploy:" + some(r, _ALNUM, 16) + "@git.acme.io/x.git",
        lambda r: "amqp://worker:" + some(r, _ALNUM, 9) + "@queue.acme.io//",
    ),
    "Cloudant Credentials": (
        lambda r: "cloudant_password=" + some(r, _HEX, 64),
        lambda r: "https://acme:" + some(r, _HEX, 64) + "@acme.cloud" + "ant.com",
    ),
    "Discord Bot Token": (lambda r: "M" + some(r, _ALNUM, 23) + "." + some(r, _ALNUM, 6) + "." + some(r, _ALNUM, 27),),
    "GitHub Token": (
        *((lambda r, kind=kind: f"gh{kind}_" + some(r, _ALNUM, 36)) for kind in "pousr"),
        lambda r: "github" + "_pat_" + some(r, _ALNUM, 22) + "_" + some(r, _ALNUM, 59),
    ),
    "GitLab Token": (lambda r: "gl" + "pat-" + some(r, _ALNUM, 20), lambda r: "gl" + "dt-" + some(r, _ALNUM, 20)),
    "IBM Cloud IAM Key": (lambda r: 'ibm_cloud_api_key = "' + some(r, _ALNUM, 44) + '"',),
    "IBM COS HMAC Credentials": (lambda r: 'cos_hmac_secret_access_key = "' + some(r, _HEX, 48) + '"',),
    "JSON Web Token": (_jwt,),
    "Mailchimp Access Key": (lambda r: some(r, _HEX, 32) + "-us" + "14",),
    "NPM tokens": (
        lambda r: "//registry.npmjs.org/:_auth" + "Token=npm_" + some(r, _ALNUM, 36),
        lambda r: "//npm.acme.io/:_auth" + "Token=" + "-".join(some(r, _HEX, n) for n in (8, 4, 4, 4, 12)),
    ),
    "OpenAI Token": (
        lambda r: "sk-" + some(r, _ALNUM, 20) + "T3Blbk" + "FJ" + some(r, _ALNUM, 20),
        lambda r: "sk-proj-" + some(r, _ALNUM, 20) + "T3Blbk" + "FJ" + some(r, _ALNUM, 20),
    ),
    "Private Key": (
        *(_key(f"{kind}PRIVATE " + "KEY", 4) for kind in ("RSA ", "EC ", "DSA ", "OPENSSH ", "")),
        _key("PGP PRIVATE " + "KEY BLOCK", 6),
        _putty,
    ),
    "PyPI Token": (lambda r: "pypi-" + "AgEIcHlwaS5vcmc" + some(r, _ALNUM, 80),),
    "SendGrid API Key": (lambda r: "SG" + "." + some(r, _ALNUM, 22) + "." + some(r, _ALNUM, 43),),
    "Slack Token": (
        lambda r: "xo" + "xb-" + some(r, _DIGITS, 12) + "-" + some(r, _DIGITS, 12) + "-" + some(r, _LOWER, 24),
        lambda r: "/".join(
            ("https://hooks.sl" + "ack.com/services", "T" + some(r, _UPPER, 8), "B" + some(r, _UPPER, 8), "x9Y" * 7)
        ),
        lambda r: "xa" + "pp-1-A" + some(r, _UPPER, 10) + "-" + some(r, _DIGITS, 12) + "-" + some(r, _HEX, 64),
    ),
    "SoftLayer Credentials": (lambda r: 'softlayer_api_key = "' + some(r, _LOWER, 64) + '"',),
    "Square OAuth Secret": (lambda r: "sq0" + "csp-" + some(r, _ALNUM, 43),),
    "Stripe Access Key": (
        lambda r: "sk_" + "live_" + some(r, _ALNUM, 24),
        lambda r: "rk_" + "live_" + some(r, _ALNUM, 24),
    ),
    "Telegram Bot Token": (lambda r: "7" + some(r, _DIGITS, 9) + ":" + some(r, _ALNUM, 35),),
    "Twilio API Key": (lambda r: "A" + "C" + some(r, _LOWER, 32), lambda r: "S" + "K" + some(r, _LOWER, 32)),
    "Anthropic API Key": (lambda r: "sk-" + "ant-api03-" + some(r, _ALNUM, 95),),
    "Databricks Token": (lambda r: "da" + "pi" + some(r, _HEX, 32),),
    "Google API Key": (lambda r: "AI" + "za" + some(r, _ALNUM, 35),),
    "Google OAuth Client Secret": (lambda r: "GOC" + "SPX-" + some(r, _ALNUM, 28),),
    "Hugging Face Token": (lambda r: "h" + "f_" + some(r, _LETTERS, 34),),
}  # fmt: skip
"""For each kind of credential, ways to make one."""

PASSWORDS = (
    "hunter2",
    "Tr0ub4dor&3",
    "s3cr3tvalue",
    "Winter2026!",
    "qW8xZ71pL",
    "correcthorsebattery",
    "p4ssw0rd",
    "aB3$kd9!",
)
"""What people think of, short and long."""


def by_chance(source: random.Random) -> tuple[str, ...]:
    """Tokens of no vendor's form: short and long, of every alphabet that is used for them."""
    return (
        some(source, _HEX, 32),
        some(source, _ALNUM, 20),
        some(source, _LOWER, 16),
        some(source, _ALNUM + "-_", 43),
        f"acme-{some(source, _ALNUM, 24)}",
    )
