from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import msgspec
import pytest

from beatrunner.kit.outside import OutsideService, RefusedCallError, RestsError
from tests.conftest import HeldClock
from tests.providers.outside_fakes import SILENCE, OutsideFake, Raw, answer, standing


class Shape(msgspec.Struct):
    value: int


@pytest.fixture
async def fake() -> AsyncIterator[OutsideFake]:
    async with standing(OutsideFake(lambda _path, _query: answer({"value": 7}))) as fake:
        yield fake


@pytest.fixture
async def service(fake: OutsideFake, clock: HeldClock) -> AsyncIterator[OutsideService]:
    made = OutsideService("fake", fake.address, clock, least_interval_s=0.0, patience_s=0.3)
    yield made
    await made.close()


async def rest_of(service: OutsideService, clock: HeldClock) -> float:
    with pytest.raises(RestsError) as caught:
        await service.get(Shape, "/")
    return (caught.value.until - clock.now).total_seconds()


async def test_a_well_service_answers(service: OutsideService, fake: OutsideFake) -> None:
    assert await service.get(Shape, "/songs", {"ids": "a,b"}) == Shape(7)
    assert fake.asked == [("/songs", {"ids": "a,b"})]


@pytest.mark.parametrize(
    "trouble",
    [
        answer({}, 500),
        answer({}, 502),
        answer({}, 429),
        answer({}, 403),
        Raw(302, b"", {"Location": "/"}),  # where a good answer would be
        Raw(body=b"<html>Bad gateway</html>"),
        Raw(body=b'{"value": 7', promised_bytes=500),
        Raw(body=b"\xff\xfe"),
        Raw(body=b"[" * 100_000),
        answer({"value": "seven"}),
        Raw(body=b" " * (2 * 1024**2 + 1)),
        SILENCE,
    ],
    ids=lambda raw: f"{raw.status}-{(raw.body or b'silence')[:12]!r}",
)
async def test_trouble_is_a_rest(
    service: OutsideService, fake: OutsideFake, clock: HeldClock, trouble: Raw
) -> None:
    fake.instead.append(trouble)
    assert await rest_of(service, clock) == 5.0
    asked = len(fake.asked)
    assert await rest_of(service, clock) == 5.0
    assert len(fake.asked) == asked, "a resting service was asked"
    clock.advance(5.0)
    assert await service.get(Shape, "/") == Shape(7)


async def test_a_service_that_is_not_there_is_a_rest(clock: HeldClock) -> None:
    async with standing(OutsideFake(lambda _path, _query: answer({}))) as fake:
        pass
    service = OutsideService("gone", fake.address, clock, least_interval_s=0.0)
    assert await rest_of(service, clock) == 5.0
    await service.close()


async def test_rests_grow_with_failures_in_a_row(
    service: OutsideService, fake: OutsideFake, clock: HeldClock
) -> None:
    async def fail(times: int) -> list[float]:
        rests = []
        for _ in range(times):
            fake.instead.append(answer({}, 500))
            rests.append(await rest_of(service, clock))
            clock.advance(rests[-1])
        return rests

    assert await fail(6) == [5.0, 30.0, 180.0, 1080.0, 3600.0, 3600.0]
    await service.get(Shape, "/")
    assert await fail(1) == [5.0]


@pytest.mark.parametrize(
    ("header", "rest_s"),
    [("12", 12.0), ("0", 1.0), ("-3", 1.0), ("999999999", 86_400.0), ("soon", 5.0), ("nan", 5.0)],
)
async def test_a_service_says_how_long_it_rests(
    service: OutsideService, fake: OutsideFake, clock: HeldClock, header: str, rest_s: float
) -> None:
    fake.instead.append(answer({}, 429, Retry_After=header))
    assert await rest_of(service, clock) == rest_s


async def test_a_service_says_until_when_it_rests(
    service: OutsideService, fake: OutsideFake, clock: HeldClock
) -> None:
    until = format_datetime(clock.now + timedelta(seconds=90), usegmt=True)
    fake.instead.append(answer({}, 503, Retry_After=until))
    assert await rest_of(service, clock) == 90.0


async def test_a_refused_call_is_no_failure_of_the_service(
    service: OutsideService, fake: OutsideFake
) -> None:
    fake.instead += [answer({}, 404), answer({}, 400)]
    for status in (404, 400):
        with pytest.raises(RefusedCallError) as caught:
            await service.get(Shape, "/")
        assert caught.value.status == status
    assert await service.get(Shape, "/") == Shape(7)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"),  # noqa: S104
        *("10.1.2.3", "192.168.1.1", "172.16.0.1", "100.64.0.1", "169.254.169.254", "[fd00::1]"),
    ],
)
async def test_no_name_leads_into_a_private_network(
    host: str, fake: OutsideFake, clock: HeldClock
) -> None:
    port = fake.address.rpartition(":")[2].partition("/")[0]
    service = OutsideService("fake", f"https://{host}:{port}", clock, least_interval_s=0.0)
    with pytest.raises(RestsError, match="private network"):
        await service.get(Shape, "/")
    assert fake.asked == []
    await service.close()
