"""Reads what a browser hands over from a passkey, and checks it; by the library `webauthn`.

Pure: values in, values out. What is read comes from a stranger until the signature is checked, so
every way in which it can be unreadable is one error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from beatrunner.kit.errors import RefusedError

#: What the column keeps; passkeys have 16 to 64 bytes.
MAX_ID_CHARACTERS = 512

_NAME = "BeatRunner"
_TIMEOUT_MS = 300_000
_LOCALHOST = "localhost"
#: What decoding and taking apart raise, for whatever a stranger thinks of sending.
_UNREADABLE = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)

#: A credential as browsers write it (WebAuthn level 3, `toJSON`).
Credential = Mapping[str, Any]


class WrongPasskeyError(Exception):
    """Unreadable, not for us, or not signed by this passkey."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks for a passkey: the name that it is bound to, and the pages that may use it."""

    id: str
    origins: Sequence[str]

    @classmethod
    def at(cls, host: str) -> RelyingParty:
        """By a Host header that `web.guard` has let in. Raises RefusedError: a passkey belongs to
        a name, and a number is none.
        """
        host = host.lower()
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if not name or _is_address(name):
            raise RefusedError(
                "Passkeys need an address with a name, not with numbers. On this computer, open "
                "BeatRunner as http://localhost.",
                kind="no-passkeys-here",
            )
        schemes = ("http", "https") if name == _LOCALHOST else ("https",)
        return cls(name, [f"{scheme}://{host}" for scheme in schemes])


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential_id: str
    public_key: str
    counter: int
    is_synced: bool


def registration_options(
    party: RelyingParty,
    account_id: UUID,
    name: str,
    challenge: bytes,
    known: Sequence[str],
) -> dict[str, Any]:
    """For `navigator.credentials.create`. `known` are the account's passkeys: a device that has
    one of them makes no second.
    """
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=_NAME,
        user_id=account_id.bytes,
        user_name=name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def request_options(
    party: RelyingParty, challenge: bytes, allowed: Sequence[str] = ()
) -> dict[str, Any]:
    """For `navigator.credentials.get`; without `allowed`, any passkey that the device has."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def challenge_of(credential: Credential) -> bytes:
    """What the passkey says that it was asked to sign. Raises WrongPasskeyError."""
    try:
        client = parse_client_data_json(
            base64url_to_bytes(credential["response"]["clientDataJSON"])
        )
    except _UNREADABLE as error:
        raise WrongPasskeyError from error
    # Our pages are in nobody's frame.
    if client.cross_origin:
        raise WrongPasskeyError
    return client.challenge


def read_new(credential: Credential, party: RelyingParty, challenge: bytes) -> NewPasskey:
    """Raises WrongPasskeyError."""
    try:
        found = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
        # A key that cannot be used is refused now, not at the first sign-in.
        decoded_public_key_to_cryptography(
            decode_credential_public_key(found.credential_public_key)
        )
    except _UNREADABLE as error:
        raise WrongPasskeyError from error
    credential_id = bytes_to_base64url(found.credential_id)
    # What is signed names the passkey; what surrounds it must not name another.
    if credential_id != credential["id"] or len(credential_id) > MAX_ID_CHARACTERS:
        raise WrongPasskeyError
    return NewPasskey(
        credential_id=credential_id,
        public_key=bytes_to_base64url(found.credential_public_key),
        counter=found.sign_count,
        is_synced=found.credential_backed_up,
    )


def check_signature(
    credential: Credential, party: RelyingParty, challenge: bytes, account_id: UUID, key: str
) -> int:
    """How often the passkey says that it was used, by a signature that is its own.

    The caller compares that with the last time. Raises WrongPasskeyError.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        handle = credential["response"].get("userHandle")
        whose = base64url_to_bytes(handle) if handle else account_id.bytes
    except _UNREADABLE as error:
        raise WrongPasskeyError from error
    if whose != account_id.bytes:
        raise WrongPasskeyError
    return found.new_sign_count


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _descriptors(credential_ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(found)) for found in credential_ids]
