from __future__ import annotations

import pytest

from beatrunner.core.tempo import Heard, NamedTrack
from beatrunner.kit.outside import RestsError
from beatrunner.providers.deezer import Deezer
from tests.conftest import HeldClock
from tests.providers.outside_fakes import QUOTA, Known, OutsideFake, answer, deezer, standing

KEY = "isrc:GBAYE0000001"
SONG = Known("x", "GBAYE0000001", deezer_bpm=86.5)


async def ask(fake: OutsideFake, clock: HeldClock, *keys: str) -> dict[str, Heard]:
    async with standing(fake):
        source = Deezer(fake.address, clock, least_interval_s=0.0)
        try:
            return dict(await source.ask(keys))
        finally:
            await source.close()


async def test_a_known_tempo_is_heard(clock: HeldClock) -> None:
    assert await ask(deezer(SONG), clock, KEY) == {KEY: Heard(86.5)}


async def test_nought_is_no_tempo(clock: HeldClock) -> None:
    assert await ask(deezer(Known("x", "GBAYE0000001")), clock, KEY) == {KEY: Heard(None)}


async def test_a_song_that_is_not_there_is_no_failure(clock: HeldClock) -> None:
    other = "isrc:GBAYE0000002"
    assert await ask(deezer(SONG), clock, other, KEY) == {KEY: Heard(86.5)}
    assert await ask(OutsideFake(lambda _path, _query: answer({}, 404)), clock, KEY) == {}


async def test_the_quota_is_a_rest(clock: HeldClock) -> None:
    fake = deezer(SONG)
    fake.instead.append(answer(QUOTA))
    with pytest.raises(RestsError) as caught:
        await ask(fake, clock, KEY)
    assert (caught.value.until - clock.now).total_seconds() == 6.0


@pytest.mark.parametrize("page", [[], 7, None, "no"])
async def test_another_shape_is_a_failure(clock: HeldClock, page: object) -> None:
    with pytest.raises(RestsError):
        await ask(OutsideFake(lambda _path, _query: answer(page)), clock, KEY)


def test_only_songs_with_an_isrc_can_be_asked_about(clock: HeldClock) -> None:
    track = NamedTrack("Title", "Artist", ("spotify:track:1", KEY))
    assert Deezer("http://127.0.0.1", clock).keys(track) == [KEY]
