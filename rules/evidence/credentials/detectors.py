"""Which credentials have a form of their own: the detectors of detect-secrets, and a few that it lacks.

Its detectors are called line by line, as its `scan_file` does, with the file's name. Neither `scan_file` nor
`scan_line` is: they open files, write what they skip to a log, and keep their settings in one place for all threads.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

KEYWORD = "a value beside the name of a secret"
PRIVATE_KEY = "Private Key"
BASIC_AUTH = "Basic Auth Credentials"

# Entropy alone accuses every hash, and an address on the network is no credential. Passwords in addresses are found
# in another way, since its detector knows none with a `!` or a `&`.
_LEFT_OUT = frozenset(
    {"Base64 High Entropy String", "Hex High Entropy String", "Public IP (ipv4)", "Secret Keyword", BASIC_AUTH}
)

# What must stand in a line before a detector is worth calling: loading them takes a fifth of a second.
_LITERALS = {
    "Artifactory Credentials": r"A(?:KC|P[0-9A-F])[A-Za-z0-9]{8}",
    "AWS Access Key": r"(?:A3T|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}|(?i:aws).{0,60}?[\"'][0-9a-zA-Z/+]{40}[\"']",
    "Azure Storage Account access key": "AccountKey=",
    "Cloudant Credentials": r"(?i:cl.{0,80}?(?:[0-9a-f]{64}|[a-z]{24}))",
    "Discord Bot Token": r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}",
    "GitHub Token": "gh[pousr]_",
    "GitLab Token": "gl[a-z]{2,6}-|GR1348941",
    "IBM Cloud IAM Key": r"(?i:key|pwd|pass|token).{0,60}?(?<![\w-])[\w-]{44}(?![\w-])",
    "IBM COS HMAC Credentials": r"(?i:secret.{0,60}?[a-f0-9]{48}(?![a-f0-9]))",
    "JSON Web Token": "eyJ",
    "Mailchimp Access Key": "[0-9a-z]{32}-us[0-9]",
    "NPM tokens": "_authToken",
    "OpenAI Token": "T3BlbkFJ",
    PRIVATE_KEY: "PRIVATE KEY|PuTTY-",
    "PyPI Token": "pypi-Ag",
    "SendGrid API Key": r"SG\.[\w-]{22}",
    "Slack Token": r"(?i:xox[a-z]-|hooks\.slack)",
    "SoftLayer Credentials": r"(?i:(?:softlayer|sl).{0,80}?[a-z0-9]{64})",
    "Square OAuth Secret": "sq0csp",  # pragma: allowlist secret - how such a secret begins
    "Stripe Access Key": "k_live_",
    "Telegram Bot Token": r"[0-9]{8}:[\w-]{35}",
    "Twilio API Key": "(?:AC|SK)[a-z0-9]{32}",
}

# Forms as the vendors document them, which detect-secrets 1.5 does not know.
_OWN = {
    "Anthropic API Key": r"sk-ant-[a-z]+\d{2}-[A-Za-z0-9_-]{80,120}",
    "Databricks Token": r"dapi[0-9a-f]{32}(?:-\d)?",
    "GitHub Token": r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    "Google API Key": r"AIza[0-9A-Za-z_-]{35}",
    "Google OAuth Client Secret": r"GOCSPX-[A-Za-z0-9_-]{28}",
    "Hugging Face Token": r"hf_[A-Za-z]{34}",
    "Slack Token": r"xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{64}",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A value of the form of a credential. For the eyes of this package alone: it is shown to nobody."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class _Detector:
    kind: str
    plugin: Any


@cache
def _detectors() -> tuple[_Detector, ...]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415 - as above

    known: Iterable[tuple[str, Any]] = get_mapping_from_secret_type_to_class().items()
    return tuple(_Detector(kind, made()) for kind, made in known if kind not in _LEFT_OUT)


@cache
def _called_for() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(form)) for kind, form in _LITERALS.items())


@cache
def _own() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"(?<![A-Za-z0-9_-]){form}(?![A-Za-z0-9_-])")) for kind, form in _OWN.items())


def kinds() -> frozenset[str]:
    """What every credential that can be found is called."""
    return frozenset({KEYWORD, BASIC_AUTH, *_OWN, *(detector.kind for detector in _detectors())})


def tokens(line: str) -> Iterator[Match]:
    """The values in a line that have the form of a certain vendor's credential."""
    # The detectors' ` *` stand next to one another: many spaces would take them long.
    line = re.sub(r" {3,}", "  ", line)
    wanted = {kind for kind, form in _called_for() if form.search(line)}
    for detector in _detectors() if wanted else ():
        if detector.kind in wanted:
            for value in _values(detector, line):
                yield Match(detector.kind, value)
    for kind, form in _own():
        for match in form.finditer(line):
            yield Match(kind, match[0])


def _values(detector: _Detector, line: str) -> Iterator[str]:
    if detector.kind in ("GitHub Token", "GitLab Token"):  # of these the detector tells the beginning alone
        return (match[0] for form in detector.plugin.denylist for match in form.finditer(line))
    if detector.kind == "Artifactory Credentials":  # which knows one kind of quotes, and tells them too
        line = re.sub("['`]", '"', line)
    return (str(value).strip(' =:"') for value in detector.plugin.analyze_string(line))


@cache
def _keyword_detector() -> Any:
    from detect_secrets.plugins.keyword import KeywordDetector  # noqa: PLC0415 - as above

    return KeywordDetector()


@cache
def _respellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    # Ways to give a name a value that detect-secrets does not know, told in one that it does.
    return (
        (re.compile(r"(\w)[\"'\])]*\s?:\s?[A-Za-z_][\w.\[\]|,<> ]{0,40}?\s?=\s?(?=[\"'`])"), r"\1 = "),
        (
            re.compile(
                r"(?:getenv|getOrDefault|environ\.(?:get|setdefault)|\b[eE]nv|\bconfig)(?:\.\w{1,20})?"
                r"\(\s?[\"'`](\w+)[\"'`]\s?,\s?(?:default\s?=\s?)?(?=[\"'`])"
            ),
            r"\1 = ",
        ),
        (re.compile(r"(\w)[\"'\])]*\s?(?:\|\||\?\?|\bor\b)\s?(?=[\"'`])"), r"\1 = "),
    )


def beside_names(stretch: str, path: str) -> Iterator[str]:
    """The values that a stretch of code gives to names of secrets, as the language of the file has it."""
    for form, instead in _respellings():
        stretch = form.sub(instead, stretch)
    for secret in _keyword_detector().analyze_line(filename=path, line=stretch):
        yield str(secret.secret_value)
