from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.kit.errors import RefusedError
from beatrunner.providers.pwned_passwords import PwnedPasswords
from tests.conftest import HeldClock
from tests.providers.outside_fakes import SILENCE, OutsideFake, Raw, answer, standing

# SHA-1: 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8, with lines as they were recorded.
STOLEN = "password"
LINES = b"\r\n".join(
    [
        b"1D2DA4053E34E76F6576ED1DA63134B5E2A:2",
        b"1D72CD07550416C216D8AD296BF5C0AE8E0:10",
        b"1E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004",
        b"1E2AAA439972480CEC7F16C795BBB429372:1",
        b"1E3687A61BFCE35F69B7408158101C8E414:0",
    ]
)


@pytest.fixture
async def fake() -> AsyncIterator[OutsideFake]:
    reply = Raw(body=LINES, headers={"Content-Type": "text/plain"})
    async with standing(OutsideFake(lambda _path, _query: reply)) as fake:
        yield fake


@pytest.fixture
async def stolen(fake: OutsideFake, clock: HeldClock) -> AsyncIterator[PwnedPasswords]:
    made = PwnedPasswords(fake.address, clock, patience_s=10.0)
    yield made
    await made.close()


async def test_a_stolen_password_is_found_by_five_digits(
    stolen: PwnedPasswords, fake: OutsideFake
) -> None:
    assert await stolen.holds(STOLEN)
    assert fake.asked == [("/range/5BAA6", {})]
    assert not await stolen.holds("seven foxes run home at dawn")


async def test_what_only_fills_the_answer_was_not_stolen(
    stolen: PwnedPasswords, fake: OutsideFake
) -> None:
    fake.instead.append(Raw(body=LINES.replace(b":10434004", b":0")))
    assert not await stolen.holds(STOLEN)


@pytest.mark.parametrize(
    "trouble",
    [
        answer({}, 503),
        answer({}, 404),
        answer({}, 429),
        Raw(body=b"\xff"),
        Raw(body=b"{}"),
    ],
    ids=["503", "404", "429", "no text", "other text"],
)
async def test_its_trouble_sends_nobody_away(
    stolen: PwnedPasswords, fake: OutsideFake, trouble: Raw
) -> None:
    fake.instead.append(trouble)
    assert not await stolen.holds(STOLEN)


async def test_its_silence_keeps_nobody_waiting(fake: OutsideFake, clock: HeldClock) -> None:
    fake.instead.append(SILENCE)
    stolen = PwnedPasswords(fake.address, clock, patience_s=0.1)
    assert not await stolen.holds(STOLEN)
    await stolen.close()


async def test_it_is_asked_about_new_passwords_alone(
    stolen: PwnedPasswords, fake: OutsideFake
) -> None:
    hasher = PasswordHasher(1, stolen)
    with pytest.raises(RefusedError) as refused:
        await hasher.hash_new(STOLEN)
    assert refused.value.kind == "stolen-password"
    kept = await hasher.hash_new("seven foxes run home at dawn")
    asked = len(fake.asked)
    # Whoever has such a password already signs in with it.
    assert await hasher.verify(STOLEN, await hasher.hash(STOLEN))
    assert not await hasher.verify(STOLEN, kept)
    assert len(fake.asked) == asked == 2
