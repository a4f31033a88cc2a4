"""The two tokens of a session. Pure, given a key and a clock.

An access token is a JWT as RFC 8725 wants it: one algorithm, a type, an audience, and a header
that must be exactly ours, so that nothing in it (`jwk`, `crit`, another `kid`) is ever obeyed.

A refresh token is a sign-in's id and generation with an HMAC. The database keeps the generation
alone: it holds nothing that can be used, and the same generation always gives the same token.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotSignedInError

MAX_TOKEN_CHARACTERS = 8192

_ISSUER = "beatrunner"
_AUDIENCE = "beatrunner"
_ALGORITHM = "HS256"
_HEADER = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": "1"}
#: What decoding and taking apart raise, for whatever a stranger thinks of sending.
_UNREADABLE = (JoseError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    account_id: UUID
    sign_in_id: UUID


class AccessTokens:
    def __init__(self, key: bytes, clock: Clock, lifetime_s: int) -> None:
        self._key = OctKey.import_key(key)
        self._clock = clock
        self.lifetime_s = lifetime_s

    def issue(self, claims: AccessClaims) -> str:
        now_s = int(self._clock().timestamp())
        return jwt.encode(
            dict(_HEADER),
            {
                "iss": _ISSUER,
                "aud": _AUDIENCE,
                "sub": str(claims.account_id),
                "sid": str(claims.sign_in_id),
                "iat": now_s,
                "exp": now_s + self.lifetime_s,
            },
            self._key,
            algorithms=[_ALGORITHM],
        )

    def read(self, token: str) -> AccessClaims:
        """Raises NotSignedInError, whatever is wrong with the token."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise NotSignedInError
        try:
            found = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
            claims = found.claims
            is_ours = (
                found.header == _HEADER
                and claims["iss"] == _ISSUER
                and claims["aud"] == _AUDIENCE
                and self._clock().timestamp() < claims["exp"]
            )
            if is_ours:
                return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
        except _UNREADABLE as error:
            raise NotSignedInError from error
        raise NotSignedInError


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    sign_in_id: UUID
    generation: int


class RefreshTokens:
    _FORM = struct.Struct(">16sI")
    _CHARACTERS = 70  # 52 bytes in base64, unpadded

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, claims: RefreshClaims) -> str:
        body = self._FORM.pack(claims.sign_in_id.bytes, claims.generation)
        return base64.urlsafe_b64encode(body + self._seal(body)).decode().rstrip("=")

    def read(self, token: str) -> RefreshClaims:
        """Raises NotSignedInError, whatever is wrong with the token."""
        if len(token) != self._CHARACTERS:
            raise NotSignedInError
        try:
            content = base64.b64decode(token + "==", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotSignedInError from error
        body, seal = content[: self._FORM.size], content[self._FORM.size :]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise NotSignedInError
        sign_in_id, generation = self._FORM.unpack(body)
        return RefreshClaims(UUID(bytes=sign_in_id), generation)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")
