"""Codes that go by mail: how they are made, read and kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from beatrunner.identity.codes import (
    LIFETIME,
    MOST_TRIES,
    Codes,
    WrongCodeError,
    hash_of_no_code,
    make_code,
    shown,
)
from beatrunner.kit.keyring import Keyring, rotate
from tests.web.client import RING

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
CODES = Codes(RING)


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678\t", "１２３４５６７８"])
def test_a_code_is_read_as_people_write_it(typed: str) -> None:
    assert CODES.fits(ROW, typed, CODES.hash(ROW, "12345678"))


@pytest.mark.parametrize("typed", ["12345679", "1234567", "012345678", ""])
def test_another_does_not_fit(typed: str) -> None:
    assert not CODES.fits(ROW, typed, CODES.hash(ROW, "12345678"))


def test_it_is_good_for_what_it_was_asked_for_alone() -> None:
    assert not CODES.fits(OTHER_ROW, "12345678", CODES.hash(ROW, "12345678"))


def test_it_outlives_a_rotation_of_the_secret(tmp_path: Path) -> None:
    codes = Codes(Keyring.of_file(tmp_path / "secret"))
    kept = codes.hash(ROW, "12345678")
    rotate(tmp_path / "secret", datetime(2026, 3, 1, tzinfo=UTC))
    assert codes.fits(ROW, "12345678", kept)
    assert codes.hash(ROW, "12345678") != kept


def test_codes_have_eight_digits_and_are_guessed_by_nobody() -> None:
    made = {make_code() for _ in range(2000)}
    assert len(made) > 1990
    assert all(len(code) == 8 and code.isdecimal() for code in made)
    # Also those that begin with noughts.
    assert min(made) < "05000000" < "95000000" < max(made)
    assert LIFETIME.total_seconds() == 900
    assert MOST_TRIES == 5


def test_they_are_shown_in_two_halves() -> None:
    assert shown("12345678") == "1234 5678"


def test_where_there_is_no_code_nothing_fits() -> None:
    none = hash_of_no_code()
    assert len(none) == len(CODES.hash(ROW, "12345678"))
    assert none != hash_of_no_code()
    assert not CODES.fits(ROW, "", none)


def test_whoever_is_wrong_is_told_one_thing() -> None:
    assert WrongCodeError.kind == "wrong-code"
    assert "no longer good" in WrongCodeError.title
