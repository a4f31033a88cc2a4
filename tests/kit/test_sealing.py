from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.sealing import CannotOpenError, Sealer, place

OLD, NEW = ServerSecret(b"the secret that was before this."), ServerSecret(bytes(range(32)))
SEALER = Sealer(Keyring([NEW, OLD]))
HERE = place("totp_factors", "7", "7")


@given(st.binary(max_size=300), st.text(max_size=100))
def test_what_was_sealed_opens_at_its_place(plain: bytes, bound_to: str) -> None:
    sealed = SEALER.seal(plain, bound_to=bound_to)
    assert SEALER.open(sealed, bound_to=bound_to) == plain
    assert len(sealed) == 1 + 8 + 12 + len(plain) + 16
    assert SEALER.seal(plain, bound_to=bound_to) != sealed


def test_no_bit_may_change() -> None:
    sealed = SEALER.seal(b"JBSWY3DPEHPK3PXP", bound_to=HERE)
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CannotOpenError):
            SEALER.open(bytes(changed), bound_to=HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        place("totp_factors", "8", "7"),
        place("totp_factors", "7", "8"),
        place("connections", "7", "7"),
        place("totp_factors", "7", "7", "strava"),
        HERE + " ",
        HERE[:-1],
        "",
    ],
)
def test_it_opens_nowhere_else(elsewhere: str) -> None:
    sealed = SEALER.seal(b"JBSWY3DPEHPK3PXP", bound_to=HERE)
    with pytest.raises(CannotOpenError, match="another place"):
        SEALER.open(sealed, bound_to=elsewhere)


@given(st.binary(max_size=80))
def test_no_bytes_are_sealed_by_chance(sealed: bytes) -> None:
    with pytest.raises(CannotOpenError):
        SEALER.open(sealed, bound_to=HERE)


def test_what_is_cut_off_does_not_open() -> None:
    sealed = SEALER.seal(b"", bound_to=HERE)
    for length in range(len(sealed)):
        with pytest.raises(CannotOpenError):
            SEALER.open(sealed[:length], bound_to=HERE)


def test_older_secrets_open_and_the_current_one_seals() -> None:
    before = Sealer(Keyring([OLD])).seal(b"seed", bound_to=HERE)
    assert SEALER.open(before, bound_to=HERE) == b"seed"
    assert not before.startswith(SEALER.head)
    assert SEALER.seal(b"seed", bound_to=HERE).startswith(SEALER.head)


def test_an_unknown_secret_is_named_and_only_its_id() -> None:
    sealed = SEALER.seal(b"seed", bound_to=HERE)
    with pytest.raises(CannotOpenError, match=f"^The secret {NEW.kid.hex()} is gone"):
        Sealer(Keyring([OLD])).open(sealed, bound_to=HERE)


def test_the_id_of_another_secret_of_the_ring_does_not_help() -> None:
    sealed = SEALER.seal(b"seed", bound_to=HERE)
    with pytest.raises(CannotOpenError):
        SEALER.open(b"\x01" + OLD.kid + sealed[9:], bound_to=HERE)
