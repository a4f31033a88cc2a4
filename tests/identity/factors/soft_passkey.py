"""A passkey in software: keys of `cryptography`, real signatures, and every lie a test wants.

What it gives is what a browser writes by `PublicKeyCredential.toJSON()`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes as decoded
from webauthn.helpers import bytes_to_base64url as encoded

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
SITE = "localhost"
ORIGIN = "http://localhost:8000"


@dataclass
class SoftPasskey:
    """`counter` is what it says that it was used; one that stays at 0 never counts."""

    site: str = SITE
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    counts: bool = False
    cross_origin: bool = False
    user_handle: bytes | None = None
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for the options of a server."""
        self.user_handle = decoded(options["user"]["id"])
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        authenticator = self._authenticator_data(ATTESTED) + attested + cbor2.dumps(self.cose_key())
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": authenticator})
        client = self._client_data("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=client, attestationObject=attestation)

    def use(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        if self.counts:
            self.counter += 1
        client = self._client_data("webauthn.get", options["challenge"])
        authenticator = self._authenticator_data()
        signature = self.key.sign(
            authenticator + hashlib.sha256(client).digest(), ec.ECDSA(SHA256())
        )
        return self._credential(
            clientDataJSON=client,
            authenticatorData=authenticator,
            signature=signature,
            userHandle=self.user_handle,
        )

    def cose_key(self) -> dict[int, Any]:
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}

    def _authenticator_data(self, more_flags: int = 0) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + struct.pack(">BI", self.flags | more_flags, self.counter)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {
                "type": kind,
                "challenge": challenge,
                "origin": self.origin,
                "crossOrigin": self.cross_origin,
            }
        ).encode()

    def _credential(self, **response: bytes | None) -> dict[str, Any]:
        name = encoded(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {key: value and encoded(value) for key, value in response.items()},
        }
