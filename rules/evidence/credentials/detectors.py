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

# What must stand in a line before a detector is worth calling; those that are not named are always called.
_LITERALS = {
    "Artifactory Credentials": r"A(?:KC|P)",
    "AWS Access Key": r"(?i:aws)|A3T|ABIA|ACCA|AKIA|ASIA",
    "Azure Storage Account access key": "AccountKey=",
    "Cloudant Credentials": "(?i:cl)",
    "GitHub Token": "gh[pousr]_",
    "GitLab Token": "gl|GR",
    "IBM COS HMAC Credentials": "(?i:secret)",
    "JSON Web Token": "eyJ",
    "Mailchimp Access Key": "-us",
    "NPM tokens": "_authToken",
    "OpenAI Token": "T3BlbkFJ",
    PRIVATE_KEY: "PRIVATE KEY|PuTTY-",
    "PyPI Token": "pypi-Ag",
    "SendGrid API Key": r"SG\.",
    "Slack Token": r"(?i:xox|hooks\.slack)",
    "SoftLayer Credentials": "(?i:sl|softlayer)",
    "Square OAuth Secret": "sq0csp",  # pragma: allowlist secret - how such a secret begins
    "Stripe Access Key": "k_live_",
    "Twilio API Key": "AC|SK",
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
    called_for: re.Pattern[str]
    plugin: Any


@cache
def _detectors() -> tuple[_Detector, ...]:
    # A tenth of a second to load, which most checks of a policy don't need.
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415

    known: Iterable[tuple[str, Any]] = get_mapping_from_secret_type_to_class().items()
    return tuple(
        _Detector(kind, re.compile(_LITERALS.get(kind, "")), made()) for kind, made in known if kind not in _LEFT_OUT
    )


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
    for detector in _detectors():
        if detector.called_for.search(line):
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


# Ways to give a name a value that detect-secrets does not know, told in one that it does.
_RESPELLINGS = (
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
    for form, instead in _RESPELLINGS:
        stretch = form.sub(instead, stretch)
    for secret in _keyword_detector().analyze_line(filename=path, line=stretch):
        yield str(secret.secret_value)
