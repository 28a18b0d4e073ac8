"""Who asks: the app by a signed JWT, or one of its installations by a token."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.demo.github.exchange import Refusal
from bot.demo.github.state import Installed, World

HOUR = timedelta(hours=1)
_LONGEST = 600
# How far a clock may be off before GitHub minds that a JWT comes from the future.
_SKEW = 60


@cache
def key_pair() -> tuple[str, str]:
    """A private and a public key, as PEM. Made once for a process, since making one takes a moment."""
    key: RSAPrivateKey = generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private.decode(), key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True)
class Token:
    """An installation's token: what it may do, on which repositories (None: all of the installation's), how long."""

    installation: Installed
    permissions: Mapping[str, str]
    repositories: frozenset[int] | None
    expires: datetime


@dataclass
class Limit:
    """What is left of an hour's requests."""

    limit: int
    used: int = 0
    reset: datetime = field(default_factory=lambda: datetime.fromtimestamp(0, UTC))

    def spend(self, now: datetime, points: int = 1) -> bool:
        """Take so much; False where nothing is left."""
        if now >= self.reset:
            self.used, self.reset = 0, now + HOUR
        if self.used + points > self.limit:
            return False
        self.used += points
        return True

    @property
    def remaining(self) -> int:
        """How much is left."""
        return max(0, self.limit - self.used)


@dataclass
class Gate:
    """Lets in whoever has the key or a token. JWTs are judged by the time of this machine, tokens by the world's."""

    world: World
    tokens: dict[str, Token] = field(default_factory=dict)
    limits: dict[tuple[int, str], Limit] = field(default_factory=dict)
    hourly: dict[str, int] = field(default_factory=lambda: {"core": 5000, "graphql": 5000})

    def limit(self, installation: Installed | None, resource: str) -> Limit:
        """The limit of an installation, or of the app itself."""
        place = (installation.id if installation else 0, resource)
        return self.limits.setdefault(place, Limit(self.hourly[resource]))

    def issue(self, installation: Installed, permissions: Mapping[str, str], only: frozenset[int] | None) -> str:
        """A new token, for an hour."""
        text = f"ghs_{secrets.token_hex(18)}"
        self.tokens[text] = Token(installation, permissions, only, self.world.now() + HOUR)
        return text

    def app(self, authorization: str | None) -> None:
        """Refuse whoever is not the app."""
        given = _bearer(authorization)
        if given.count(".") != 2:
            raise Refusal(401, "A JSON web token could not be decoded")
        try:
            claims = jwt.decode(
                given, self.world.app.public_key, ["RS256"], options={"verify_exp": False, "verify_iat": False}
            )
        except jwt.PyJWTError as error:
            raise Refusal(401, "A JSON web token could not be decoded") from error
        _check(claims)
        if str(claims.get("iss")) not in (str(self.world.app.id), self.world.app.client_id):
            raise Refusal(404, "Integration not found")

    def token(self, authorization: str | None) -> Token:
        """The token of a request; Refusal where it is unknown, expired or its installation suspended."""
        found = self.tokens.get(_bearer(authorization))
        if found is None or found.expires <= self.world.clock():
            raise Refusal(401, "Bad credentials")
        if found.installation.id not in self.world.installations:
            raise Refusal(401, "Bad credentials")
        if found.installation.suspended is not None:
            raise Refusal(403, "This installation has been suspended")
        return found


def _bearer(authorization: str | None) -> str:
    kind, _, given = (authorization or "").partition(" ")
    if not given or kind.lower() not in ("bearer", "token"):
        raise Refusal(401, "Requires authentication")
    return given.strip()


def _check(claims: Mapping[str, Any]) -> None:
    now, expiry, issued = time.time(), claims.get("exp"), claims.get("iat")
    if not isinstance(expiry, int) or expiry <= now:
        raise Refusal(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the"
            " assertion expires",
        )
    if expiry > now + _LONGEST:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int) or issued > now + _SKEW:
        raise Refusal(
            401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
