"""What strangers may hand over in the place of a passkey; nothing here touches a database."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes as decoded
from webauthn.helpers import bytes_to_base64url as encoded

from beatrunner.identity.factors.passkeys_verifying import (
    RelyingParty,
    WrongPasskeyError,
    challenge_of,
    check_signature,
    read_new,
    registration_options,
    request_options,
)
from beatrunner.kit.errors import RefusedError
from tests.identity.factors.soft_passkey import PRESENT, SoftPasskey

ACCOUNT_ID = UUID(int=7)
CHALLENGE = os.urandom(32)
OPTIONS = {"challenge": encoded(CHALLENGE), "user": {"id": encoded(ACCOUNT_ID.bytes)}}
HERE = RelyingParty.at("localhost:8000")

PASSKEY = SoftPasskey()
MADE = PASSKEY.make(OPTIONS)
USED = PASSKEY.use(OPTIONS)
KEY = read_new(MADE, HERE, CHALLENGE).public_key


def with_response(credential: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**credential, "response": {**credential["response"], **changes}}


def read_all(credential: dict[str, Any]) -> bool:
    """Whether it is taken for either; raises nothing but that it is wrong."""
    try:
        challenge = challenge_of(credential)
        if "attestationObject" in credential["response"]:
            read_new(credential, HERE, challenge)
        else:
            check_signature(credential, HERE, challenge, ACCOUNT_ID, KEY)
    except WrongPasskeyError:
        return False
    return True


def test_the_untouched_ones_are_taken() -> None:
    """Or what follows would prove nothing."""
    assert read_all(MADE)
    assert read_all(USED)


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature"])
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_every_changed_bit_is_seen(field: str, at: int, bit: int) -> None:
    content = bytearray(decoded(USED["response"][field]))
    content[at % len(content)] ^= 1 << bit
    assert not read_all(with_response(USED, **{field: encoded(bytes(content))}))


@pytest.mark.parametrize("made", [MADE, USED])
@given(data=st.data())
def test_cut_off_and_scrambled(made: dict[str, Any], data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(made["response"])))
    content = decoded(made["response"][field])
    cut = data.draw(st.integers(0, len(content) - 1))
    more = data.draw(st.binary(max_size=40))
    rest = data.draw(st.sampled_from([b"", content[cut + 1 :]]))
    text = data.draw(
        st.sampled_from([encoded(content[:cut] + more + rest), more.decode("latin-1")])
    )
    read_all(with_response(made, **{field: text}))


@given(st.recursive(st.none() | st.integers() | st.text() | st.binary(), st.lists, max_leaves=10))
def test_any_cbor(value: object) -> None:
    for content in (value, {"fmt": "none", "attStmt": value, "authData": value}):
        made = with_response(MADE, attestationObject=encoded(cbor2.dumps(content)))
        assert not read_all(made)


@pytest.mark.parametrize(
    "content",
    [
        b"\x81" * 12_000,  # arrays within arrays
        b"\xc0" * 12_000,  # tags
        b"\x9b" + b"\xff" * 8,  # an array of 2^64 things
        b"\x5b" + b"\xff" * 8,  # so many bytes
        b"\xa1\x81\x01\x01",  # a list as a key
        b"",
    ],
)
def test_hostile_cbor(content: bytes) -> None:
    assert not read_all(with_response(MADE, attestationObject=encoded(content)))


@pytest.mark.parametrize(
    "client",
    [b"", b"[]", b"1", b"\xff", b"[" * 12_000, b'{"type":1,"challenge":2,"origin":3}', b"{}"],
)
def test_hostile_client_data(client: bytes) -> None:
    assert not read_all(with_response(USED, clientDataJSON=encoded(client)))


@pytest.mark.parametrize(
    "changes",
    [
        {3: -65535},  # RSA with SHA-1
        {-2: bytes(32)},  # no point of the curve
        {-1: 99},
        {1: 99},
        {-3: "text"},
        {1: None},
    ],
)
def test_a_key_that_is_none(changes: dict[int, Any]) -> None:
    class Odd(SoftPasskey):
        def cose_key(self) -> dict[int, Any]:
            return {**super().cose_key(), **changes}

    assert not read_all(Odd().make(OPTIONS))


def test_what_surrounds_a_new_one_names_no_other() -> None:
    name = encoded(os.urandom(32))
    assert not read_all({**MADE, "id": name, "rawId": name})


def test_an_id_that_no_column_holds() -> None:
    assert read_all(SoftPasskey(credential_id=bytes(384)).make(OPTIONS))
    assert not read_all(SoftPasskey(credential_id=bytes(385)).make(OPTIONS))


def test_who_was_not_seen_by_their_device_makes_and_uses_none() -> None:
    assert not read_all(SoftPasskey(flags=PRESENT).make(OPTIONS))
    passkey = SoftPasskey()
    key = read_new(passkey.make(OPTIONS), HERE, CHALLENGE).public_key
    check_signature(passkey.use(OPTIONS), HERE, CHALLENGE, ACCOUNT_ID, key)
    passkey.flags = PRESENT
    with pytest.raises(WrongPasskeyError):
        check_signature(passkey.use(OPTIONS), HERE, CHALLENGE, ACCOUNT_ID, key)


def test_what_is_asked_in_somebody_elses_frame_is_not_for_us() -> None:
    with pytest.raises(WrongPasskeyError):
        challenge_of(SoftPasskey(cross_origin=True).make(OPTIONS))


@pytest.mark.parametrize(
    ("handle", "is_ours"), [(None, True), (ACCOUNT_ID.bytes, True), (UUID(int=8).bytes, False)]
)
def test_whose_it_says_that_it_is_must_be_who_it_is_of(handle: bytes | None, is_ours: bool) -> None:
    assert read_all(with_response(USED, userHandle=handle and encoded(handle))) == is_ours


def test_how_often_it_was_used_is_what_it_says() -> None:
    passkey = SoftPasskey(counter=41, counts=True)
    key = read_new(passkey.make(OPTIONS), HERE, CHALLENGE).public_key
    used = passkey.use(OPTIONS)
    assert check_signature(used, HERE, CHALLENGE, ACCOUNT_ID, key) == 42


def test_what_is_asked_of_a_device() -> None:
    known = [MADE["id"]]
    make = registration_options(HERE, ACCOUNT_ID, "rae@example.org", CHALLENGE, known)
    assert make["rp"] == {"id": "localhost", "name": "BeatRunner"}
    assert make["user"]["id"] == encoded(ACCOUNT_ID.bytes)
    assert make["user"]["name"] == "rae@example.org"
    assert make["challenge"] == encoded(CHALLENGE)
    assert [one["id"] for one in make["excludeCredentials"]] == known
    assert make["authenticatorSelection"]["residentKey"] == "required"
    assert make["authenticatorSelection"]["userVerification"] == "required"
    use = request_options(HERE, CHALLENGE, known)
    assert (use["rpId"], use["challenge"]) == ("localhost", encoded(CHALLENGE))
    assert [one["id"] for one in use["allowCredentials"]] == known
    assert use["userVerification"] == "required"
    assert make["timeout"] == use["timeout"] == 300_000


@pytest.mark.parametrize(
    ("host", "site", "origins"),
    [
        ("localhost:8000", "localhost", ["http://localhost:8000", "https://localhost:8000"]),
        ("Run.Example.org", "run.example.org", ["https://run.example.org"]),
        ("cellar.local:8443", "cellar.local", ["https://cellar.local:8443"]),
    ],
)
def test_who_asks(host: str, site: str, origins: list[str]) -> None:
    found = RelyingParty.at(host)
    assert (found.id, list(found.origins)) == (site, origins)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "[::1]:8000", "192.168.1.5:8443", "", "[", ":1"]
)
def test_who_cannot_ask(host: str) -> None:
    with pytest.raises(RefusedError) as refused:
        RelyingParty.at(host)
    assert refused.value.kind == "no-passkeys-here"
