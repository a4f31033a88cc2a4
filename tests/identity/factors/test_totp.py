from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest

from beatrunner.identity.factors.recovery_codes import (
    HOW_MANY,
    hash_recovery_code,
    make_recovery_codes,
)
from beatrunner.identity.factors.totp import (
    STEP_S,
    app_uri,
    digits_of,
    find_step,
    make_seed,
)

NOW = datetime(2026, 3, 1, 6, 30, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // STEP_S


def test_the_vectors_of_the_standard() -> None:
    """RFC 6238, appendix B; its codes have eight digits, of which six are shown."""
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # base32 of 12345678901234567890
    for at_s, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert find_step(seed, code, datetime.fromtimestamp(at_s, UTC)) == at_s // STEP_S


@pytest.mark.parametrize(
    ("away", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_to_either_side(away: int, fits: bool) -> None:
    seed = make_seed()
    code = pyotp.TOTP(seed).generate_otp(STEP + away)
    assert find_step(seed, code, NOW) == (STEP + away if fits else None)


def test_a_code_of_another_seed_does_not_fit() -> None:
    code = pyotp.TOTP(make_seed()).generate_otp(STEP)
    others = [find_step(make_seed(), code, NOW) for _ in range(20)]
    # Three in a million fit by chance.
    assert others.count(None) >= 19


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("12345", None),
        ("1234567", None),
        ("", None),
        ("١٢٣٤٥٦", None),
        ("123456\n", None),
        ("12345\0", None),
        ("-12345", None),
    ],
)
def test_what_is_a_code(typed: str, code: str | None) -> None:
    assert digits_of(typed) == code


def test_what_the_app_is_told() -> None:
    uri = app_uri("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "rae@example.org")
    assert uri == (
        "otpauth://totp/BeatRunner:rae%40example.org"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=BeatRunner"
    )


def test_recovery_codes_are_read_as_people_write_them() -> None:
    account_id = UUID(int=1)
    kept = hash_recovery_code(account_id, "01ab-cdef-ghjk-1234")
    for typed in ("O1AB CDEF GHJK L234", " oiab-cdef-ghjk-i234\t", "01abcdefghjk1234"):
        assert hash_recovery_code(account_id, typed) == kept
    # A code is its account's alone.
    assert hash_recovery_code(UUID(int=2), "01ab-cdef-ghjk-1234") != kept


@pytest.mark.parametrize(
    "typed", ["", "123456", "01ab-cdef-ghjk-123", "u" * 16, "0" * 17, "é" * 16]
)
def test_what_is_no_recovery_code(typed: str) -> None:
    assert hash_recovery_code(UUID(int=1), typed) is None


def test_recovery_codes_are_all_different() -> None:
    codes = {code for _ in range(50) for code in make_recovery_codes()}
    assert len(codes) == 50 * HOW_MANY
    assert len("".join(codes).replace("-", "")) == 50 * HOW_MANY * 16


def test_time_is_that_of_the_clock() -> None:
    seed = make_seed()
    code = pyotp.TOTP(seed).generate_otp(STEP)
    assert find_step(seed, code, NOW + timedelta(hours=1)) is None
