"""What looks like a credential and is none.

A name, a path or a reference says where a secret is kept; a placeholder says that one belongs here.
"""

import re
import string
from functools import cache

from rules.evidence.credentials.detectors import PRIVATE_KEY, Match
from rules.evidence.credentials.names import PART, secret_name
from rules.evidence.whereabouts import words


@cache
def _fake() -> re.Pattern[str]:
    return re.compile(
        r"example|placeholder|change_?me|replace|redacted|dummy|(.)\1{5}|12345678|abcdefgh|your[-_]|x{4}", re.I
    )


@cache
def _placeholder() -> re.Pattern[str]:
    return re.compile(
        r"example|placeholder|replace|change[-_]?(?:me|this|it)|your|insert|todo|fixme|dummy|fake|redacted|masked"
        r"|sample|mock|x{3}|\*{3}|\.{3}|…"
        r"|not[-_]?(?:a[-_]?)?(?:real|secret|used|set|needed|required)|(?:^|[-_])(?:enter|put|set|fill|paste|tbd)[-_]"
        r"|[-_]here$|^<.*>$|^\[.*\]$|(.)\1{5}",
        re.IGNORECASE,
    )


@cache
def _reference() -> re.Pattern[str]:
    return re.compile(
        # Filled in by a shell, a template, a format or a pipeline.
        r"[$%#@]\{|\$\(|\$\[|\{\{|\{%|<%|%\(|%[sdvq@]|\{[\w.!:\[\]()'-]*\}|^[$@!&*]|^%\w+%$|^__\w+__$|^[\w.]+\([^)]*\)?$|^\{.*\}$"
        # Kept elsewhere, and named by its store's own scheme; or encrypted.
        r"|^(?:ENC[\[(]|vault[:.]|env[:.(]|op:|ssm:|aws-?|arn:|gcp|azure|awssm|secretsmanager|projects/|secrets?[/.:]|kv/"
        r"|file:|ref\+|keyring:|sm:|kms:|doppler:|infisical:|k8s:|akv:|keyvault|AQICA|\{cipher\}|process\.env|os\.environ"
        r"|var\.|local\.|data\.|module\.|each\.|self\.|this\.|settings\.|config\.|context\.|github\.|inputs\.|request\.)"
        r"|^(?:/|~/|\.{1,2}/|[A-Za-z]:\\)|://|\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|env|toml|ini|html?|php|py|js)$",
    )


_WORDS = words(
    """
    true false yes no on off null none nil undefined string str text varchar char number int integer bool boolean
    object array bytes optional required enabled disabled hidden visible auto default basic bearer plain empty
    unknown any raw input masked encrypted manual type value base64 hex random generated generate prompt ask stdin
    missing invalid valid static sensitive public private oauth2 oauth jwt hmac saml mtls md5 sha1 sha256 argon2
    bcrypt opaque always never delete create update read write get post put search
    """
)
_DEFAULTS = words(
    """
    postgres password passwd pass root admin test testing tests guest secret mysql redis mongo rabbitmq user
    example ci circleci ubuntu vagrant sa changeme localhost testpass testpassword test_password
    """
)
# A name's last word that says what of the secret is meant: not the secret.
_ABOUT = words(
    """
    name names ref refs reference path paths file files filename dir id ids arn url uri endpoint env var variable
    field fields label header headers prompt hint placeholder regex regexp pattern policy policies length len size
    min max ttl expiry expires expiration type types algorithm algo version location provider store backend
    manager engine class param params parameter column attr attribute selector mount namespace project region
    validator validators hasher hashers strategy mode kind format message msg error errors title desc description
    help tooltip reset change forgot rotation source from hash digest fingerprint checksum template schema scope
    role group prefix suffix encoder service required enabled
    """
)
_ABOUT_FIRST = words(
    """
    existing public publishable pub has is use show require forgot reset example no
    """
)


@cache
def _wordy() -> re.Pattern[str]:
    return re.compile(r"_{0,2}[A-Za-z]+(?:[-_./: ][A-Za-z]+)*")


def fake(match: Match, line: str) -> bool:
    """Whether a value has the form of a credential and yet is none, in the line where it stands."""
    kind, value = match.kind, match.value
    if kind == PRIVATE_KEY:
        return False  # what follows it tells: see `bare_header`
    if _fake().search(value) or value.startswith("Eby8vdM02xNOcq"):  # the Azure emulator's key, which is public
        return True
    if kind in ("NPM tokens", "JSON Web Token"):
        return False
    return _embedded(value, line) or not _mixed(kind, value)


def bare_header(following: str) -> bool:
    """Whether the words that open a private key are followed by no key, as where code looks for them."""
    return re.search(r"[A-Za-z0-9+/]{40}", following) is None


def _embedded(value: str, line: str) -> bool:
    """Whether the value is a part of something longer, as of a hash or an image; `\\n` before it counts for none."""
    at = line.find(value)
    before, after = line[max(0, at - 2) : max(0, at)], line[at + len(value) : at + len(value) + 1]
    glued = before[-1:].isalnum() and not (before[:1] in "\\%" and before[-1:] in "ntrDA0")
    return at >= 0 and (glued or after.isalnum())


def _mixed(kind: str, value: str) -> bool:
    """Whether a value of a form that ordinary words have too is made of more than words."""
    digits = sum(character.isdigit() for character in value)
    if kind == "IBM Cloud IAM Key":
        return digits > 0 and re.search("[a-z]", value) is not None and re.search("[A-Z]", value) is not None
    if kind == "Cloudant Credentials":
        return digits > 0 or _wordy().fullmatch(value) is None or len(set(value)) > 8
    return kind not in ("Artifactory Credentials", "Discord Bot Token") or digits >= 2


@cache
def _local() -> re.Pattern[str]:
    return re.compile(
        r"(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|host\.docker\.internal|[\w-]*)(?=[:/?\"'`\s,;)]|$)"
    )


@cache
def _sample_host() -> re.Pattern[str]:
    return re.compile(r"(?:[\w-]+\.)*(?:example\.\w+|\w+\.(?:example|test|invalid)|host(?:name)?|server|domain\.\w+)\b")


def idle_address(user: str, password: str, host: str) -> bool:
    """Whether an address with a password shows how one is written, or opens only what runs on the same machine."""
    if (
        placeholder(password)
        or _fake().search(password)
        or re.search(r"[\\^|]|%(?![0-9A-Fa-f]{2})|^[A-Z_]+$", password)
    ):
        return True
    # What the host is called proves nothing of the password: `hunter2` at `db.acme.example` is somebody's.
    sample = _sample_host().match(host) is not None or _local().match(host) is not None
    return usual(user, password) and (sample or password in _IN_EVERY_BOOK)


_IN_EVERY_BOOK = frozenset({"tiger"})  # Oracle's


def placeholder(value: str) -> bool:
    """Whether this says that a secret belongs here, or where one is kept."""
    return _reference().search(value) is not None or _placeholder().search(value) is not None


def usual(user: str | None, password: str) -> bool:
    """Whether a password is one that everybody knows, or the user's own name."""
    known = _DEFAULTS | {
        "pwd",
        "pw",
        "passphrase",
        "x",
        "token",
        "key",
        "p",
        "bar",
        "passw0rd",
        "password1",
        "password123",
    }
    return password.lower() in known | {(user or "").lower()} or (user, password) == ("scott", "tiger")


_RUNS = ("0123456789" * 2, "0123456789ABCDEF" * 2, string.digits + string.ascii_uppercase * 2 + string.digits + "+/")


@cache
def _uuid() -> re.Pattern[str]:
    return re.compile(r"(?i)[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")


def _plain(value: str) -> bool:
    """Whether a value is too plain for a secret: short, without a letter, letters or digits in their order, a UUID."""
    if len(value) < 4 or re.search("[A-Za-z]", value) is None:
        return True
    return any(value.upper() in run for run in _RUNS) or _uuid().search(value) is not None


def harmless(name: str, value: str, *, code: bool, throwaway: bool = False) -> bool:
    """Whether what stands beside the name of a secret is none.

    `code`: in a program, where `PASSWORD = "password"` names a field. `throwaway`: where services are started to be
    thrown away, as in a pipeline; there the passwords that everybody knows are none.
    """
    value = value.strip()
    if _plain(value) or re.search(r"\s", value) or placeholder(value):
        return True
    return _about(name) or _word(name, value, code) or (throwaway and value.lower() in _DEFAULTS)


def _about(name: str) -> bool:
    """Whether a name speaks of a secret rather than for it."""
    parts = [part.lower() for part in PART.findall(name)]
    return bool(parts) and (parts[-1] in _ABOUT or parts[0] in _ABOUT_FIRST)


def _word(name: str, value: str, code: bool) -> bool:
    """Whether a value is made of words alone in a way that names have and passwords don't."""
    if value.lower() in _WORDS or re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", value):
        return True
    if _wordy().fullmatch(value) is None:
        return False
    several = re.search(r"[-_./:]|[a-z][A-Z]", value) is not None
    named = secret_name().search(value) or re.search(r"(?i)token|credential|cert|key", value)
    return bool((named and (several or code)) or (several and "secret" in name.lower()) or re.search(r"\w\.\w", value))
