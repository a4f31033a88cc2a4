"""The two tokens of a session. Pure, given keys and a clock.

An access token is a JWT as RFC 8725 wants it: one algorithm, a type, an audience, and a header
that must be, letter by letter, the one that we write for a secret of the ring, so that nothing in
it (`jwk`, `crit`, a foreign `kid`) is ever obeyed. Its body has the claims that we write and no
others, which would not be heeded (`nbf`). New tokens are signed by the current secret, and those of
older ones are good until they expire: nobody is signed out by a rotation.

A refresh token is a sign-in's id and generation with an HMAC. The database keeps the generation
alone: it holds nothing that can be used, and the same generation always gives the same token.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from beatrunner.kit.clock import Clock
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.keyring import Keyring

MAX_TOKEN_CHARACTERS = 8192
#: What the keys are derived for.
ACCESS_PURPOSE = "access-token"
REFRESH_PURPOSE = "refresh-token"

_ISSUER = "beatrunner"
_AUDIENCE = "beatrunner"
_ALGORITHM = "HS256"
_CLAIMS = frozenset({"iss", "aud", "sub", "sid", "iat", "exp"})
#: What decoding and taking apart raise, for whatever a stranger thinks of sending.
_UNREADABLE = (JoseError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    account_id: UUID
    sign_in_id: UUID


class AccessTokens:
    def __init__(self, ring: Keyring, clock: Clock, lifetime_s: int) -> None:
        self._ring = ring
        self._clock = clock
        self.lifetime_s = lifetime_s

    def issue(self, claims: AccessClaims) -> str:
        now_s = int(self._clock().timestamp())
        secret = self._ring.current
        return jwt.encode(
            _header(secret),
            {
                "iss": _ISSUER,
                "aud": _AUDIENCE,
                "sub": str(claims.account_id),
                "sid": str(claims.sign_in_id),
                "iat": now_s,
                "exp": now_s + self.lifetime_s,
            },
            _key(secret),
            algorithms=[_ALGORITHM],
        )

    def read(self, token: str) -> AccessClaims:
        """Raises NotSignedInError, whatever is wrong with the token."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise NotSignedInError
        head = token.partition(".")[0]
        secret = next((one for one in self._ring.secrets if head == _head(one)), None)
        if secret is None:
            raise NotSignedInError
        try:
            claims = jwt.decode(token, _key(secret), algorithms=[_ALGORITHM]).claims
            is_ours = (
                claims.keys() == _CLAIMS
                and claims["iss"] == _ISSUER
                and claims["aud"] == _AUDIENCE
                and self._clock().timestamp() < claims["exp"]
            )
            if is_ours:
                return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
        except _UNREADABLE as error:
            raise NotSignedInError from error
        raise NotSignedInError


@lru_cache(maxsize=16)
def _key(secret: ServerSecret) -> OctKey:
    return OctKey.import_key(secret.derive_key(ACCESS_PURPOSE))


def _header(secret: ServerSecret) -> dict[str, str]:
    return {"alg": _ALGORITHM, "typ": "at+jwt", "kid": secret.kid.hex()}


@lru_cache(maxsize=16)
def _head(secret: ServerSecret) -> str:
    """The first part of every token that is signed by this secret."""
    return jwt.encode(_header(secret), {}, _key(secret)).partition(".")[0]


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    sign_in_id: UUID
    generation: int


class RefreshTokens:
    _FORM = struct.Struct(">16sI")
    _CHARACTERS = 70  # 52 bytes in base64, unpadded

    def __init__(self, ring: Keyring) -> None:
        self._ring = ring

    def issue(self, claims: RefreshClaims) -> str:
        body = self._FORM.pack(claims.sign_in_id.bytes, claims.generation)
        content = body + self._seal(self._ring.current, body)
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    def read(self, token: str) -> RefreshClaims:
        """Raises NotSignedInError, whatever is wrong with the token."""
        if len(token) != self._CHARACTERS:
            raise NotSignedInError
        try:
            content = base64.b64decode(token + "==", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotSignedInError from error
        body, seal = content[: self._FORM.size], content[self._FORM.size :]
        secrets = self._ring.secrets
        if not any(hmac.compare_digest(seal, self._seal(one, body)) for one in secrets):
            raise NotSignedInError
        sign_in_id, generation = self._FORM.unpack(body)
        return RefreshClaims(UUID(bytes=sign_in_id), generation)

    def _seal(self, secret: ServerSecret, body: bytes) -> bytes:
        return hmac.digest(secret.derive_key(REFRESH_PURPOSE), body, "sha256")
