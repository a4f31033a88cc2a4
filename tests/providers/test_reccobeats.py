from __future__ import annotations

import pytest

from beatrunner.core.tempo import Heard, NamedTrack
from beatrunner.kit.outside import RestsError
from beatrunner.providers.reccobeats import ReccoBeats
from tests.conftest import HeldClock
from tests.providers.outside_fakes import Known, OutsideFake, answer, reccobeats, standing


def spotify_id(number: int) -> str:
    return f"{number:022d}"


def key(number: int) -> str:
    return f"spotify:track:{spotify_id(number)}"


async def ask(fake: OutsideFake, clock: HeldClock, *keys: str) -> dict[str, Heard]:
    async with standing(fake):
        source = ReccoBeats(fake.address, clock, least_interval_s=0.0)
        try:
            return dict(await source.ask(keys))
        finally:
            await source.close()


async def test_answers_are_told_apart_by_their_page(clock: HeldClock) -> None:
    fake = reccobeats(
        Known(spotify_id(1), "GBAYE0000001", 171.9),
        Known(spotify_id(2), None, 128.0),
        Known(spotify_id(3), "GBAYE0000003"),
    )
    assert await ask(fake, clock, key(1), key(2), key(3)) == {
        key(1): Heard(171.9, "isrc:GBAYE0000001"),
        key(2): Heard(128.0, None),
    }
    assert len(fake.asked) == 1


async def test_one_bad_identifier_costs_no_other_its_answer(clock: HeldClock) -> None:
    fake = reccobeats(*(Known(spotify_id(number), None, 100.0 + number) for number in range(7)))
    fake.instead.append(answer({"error": "invalid id"}, 400))
    heard = await ask(fake, clock, *(key(number) for number in range(7)))
    assert [heard[key(number)].tempo_bpm for number in range(7)] == [100.0 + n for n in range(7)]


@pytest.mark.parametrize("tempo", [0, -1, 1e9, None, "120", [120], True])
async def test_what_is_no_tempo_is_none(clock: HeldClock, tempo: object) -> None:
    href = f"https://open.spotify.com/track/{spotify_id(1)}?si=x"
    page = [None, 3, {"href": href, "tempo": tempo, "isrc": 5}, {"tempo": 120}]
    fake = OutsideFake(
        lambda _path, _query: answer({"content": [x for x in page if x is not None and x != 3]})
    )
    assert await ask(fake, clock, key(1)) == {key(1): Heard(None, None)}


@pytest.mark.parametrize("page", [[], {"content": None}, {"songs": []}, {"content": [7]}])
async def test_another_shape_is_a_failure(clock: HeldClock, page: object) -> None:
    with pytest.raises(RestsError):
        await ask(OutsideFake(lambda _path, _query: answer(page)), clock, key(1))


def test_only_songs_of_spotify_can_be_asked_about(clock: HeldClock) -> None:
    identities = (key(1), "isrc:GBAYE0000001", "spotify:track:short", "mbid:x", key(2))
    source = ReccoBeats("http://127.0.0.1", clock)
    assert source.keys(NamedTrack("Title", "Artist", identities)) == [key(1), key(2)]
