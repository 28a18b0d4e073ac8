"""Which names are those of a secret, and whether a value beside one was drawn by chance, as tokens are.

Whatever stands beside `password` is one. `token` and `key` are said of much else, as of a tokenizer's marks and of a
page's cursor: beside them counts only what nobody would write by hand.
"""

import re
from functools import cache

from rules.evidence.whereabouts import words

PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

# What stands before `token` where it is a sign of a text, a place in a list, or a guard of a form.
_MARKERS = words(
    """
    pad eos bos unk mask sep cls sos eot eod eom eoh begin start end stop first last prev previous next page paging
    pagination continuation continue cursor resume sync delta watermark cancellation cancel special image audio video
    speech prefix suffix middle fim csrf xsrf csrfmiddleware antiforgery design color colour theme max min
    total num input output prompt completion new added extra word sub char split oov blank noise fill tool role think
    sentinel placeholder delimiter separator newline whitespace keyword operator literal identifier lexer parser syntax
    idempotency dedup deduplication client_request request fence fencing concurrency etag sort skip change import
    """
)
# What a name may say behind its `token`: where it is used.
_WHERE = words("prod production live dev development staging stage test default value primary secondary old new env")
_KEYS = tuple(
    f"{kind}key"
    for kind in words(
        """
        access api auth account subscription encryption signing master service private client license application
        webhook storage shared consumer functions admin session cookie
        """
    )
)
_WORDS = ("passphrase", "passcode", "authorization")


@cache
def secret_name() -> re.Pattern[str]:
    """What makes a name one of a secret, as in `db_password`."""
    return re.compile(
        r"(?:api|auth|service|account|db|database|priv|private|client)_?key|(?:db|database|key)_?pass|passw(?:or)?d|pwd"
        r"|secret|contrase[nñ]a",
        re.IGNORECASE,
    )


def token_name(name: str) -> bool:
    """Whether a name is one of a token, a key or the like: `API_TOKEN`, `X-Api-Key`, `accessToken`."""
    parts = [part.lower() for part in PART.findall(name)]
    while len(parts) > 1 and parts[-1] in _WHERE:
        parts.pop()
    if not parts:
        return False
    before, token, _ = parts[-1].rpartition("token")
    if token and parts[-1].endswith("token"):
        return (before or (parts[-2] if len(parts) > 1 else "")) not in _MARKERS
    return "".join(parts).endswith((*_KEYS, *_WORDS)) or (parts[-1] == "pass" and len(parts) > 1)


def alone(name: str) -> bool:
    """Whether a name says no more than `token`, which may be any word of a text."""
    return name.lower().strip("-_") == "token"


@cache
def _drawn() -> re.Pattern[str]:
    return re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[\w.~+/=:@!#%&,;-]{8,1000}", re.ASCII)


@cache
def _word() -> re.Pattern[str]:
    """A word, a short number, or both: `oauth2`, `v1`, `4o`, `2026`, `Winter2026`."""
    return re.compile(r"\d{0,2}[A-Za-z]*\d{0,4}|\d{0,10}")


def drawn(value: str, *, least: int = 8) -> bool:
    """Whether a value was drawn by chance rather than written by hand: letters and digits that make no words."""
    if len(value) < least or _drawn().fullmatch(value) is None or re.fullmatch(r"#[0-9a-fA-F]{3,8}", value):
        return False
    if re.search(r"abcd?-?123|123-?abc|123456|abcdef|(?i:test|foo|bar|demo)[-_]", value):
        return False
    return any(_word().fullmatch(part) is None for part in re.split(r"[-_./:,;=+@]", value))
