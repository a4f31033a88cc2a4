from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from beatrunner.core.listening import ListenKind
from beatrunner.demo.listening import (
    RUN_PLAYLIST_LENGTH,
    Play,
    everyday_listens,
    listen_of,
    run_playlist,
    run_podcast,
    until,
)
from beatrunner.demo.songs import songs

START = datetime(2026, 5, 3, 6, 30, tzinfo=UTC)
DAYS = [date(2026, 5, 1) + timedelta(days=day) for day in range(60)]


def test_the_music_of_a_run_is_on_before_it_starts_and_never_repeats() -> None:
    plays = run_playlist(3600.0, np.random.default_rng(1))
    assert plays[0].start_s < 0.0
    assert plays[-1].end_s > 3600.0
    assert len({play.song.title for play in plays}) == len(plays)
    for play, after in pairwise(plays):
        assert play.end_s < after.start_s < play.end_s + 1.0


def test_favourites_are_in_more_runs_but_not_earlier_in_a_run() -> None:
    """So that what a song does is not mistaken for what the place in the run does."""
    favourite, other = songs()[1].title, songs()[RUN_PLAYLIST_LENGTH - 1].title
    places: dict[str, list[int]] = {favourite: [], other: []}
    for seed in range(400):
        heard = run_playlist(3000.0, np.random.default_rng(seed))[:17]
        for place, play in enumerate(heard):
            places.get(play.song.title, []).append(place)
    assert len(places[favourite]) > 2 * len(places[other]) > 60
    assert np.mean(places[favourite]) == pytest.approx(8.0, abs=1.0)
    assert np.mean(places[other]) == pytest.approx(8.0, abs=1.5)


def test_a_paused_play_takes_longer_than_it_plays_and_the_file_hides_it() -> None:
    plain = run_playlist(3600.0, np.random.default_rng(1))[3]
    paused = run_playlist(3600.0, np.random.default_rng(1), paused_s=38.0)[3]
    assert paused.end_s == pytest.approx(plain.end_s + 38.0)
    listen = listen_of(paused, START)
    seen_s = (listen.started_at - START).total_seconds()
    assert seen_s == pytest.approx(paused.start_s + 38.0, abs=1.01)


def test_a_podcast_fills_the_run() -> None:
    plays = run_podcast(np.random.default_rng(1))
    assert plays[0].start_s < 0.0
    assert plays[-1].end_s > 7200.0
    assert {listen_of(play, START).kind for play in plays} == {ListenKind.PODCAST}


def test_stopping_the_music_cuts_the_play_and_drops_what_would_follow() -> None:
    plays = run_playlist(3600.0, np.random.default_rng(1))
    heard = until(plays, 1000.0)
    assert heard[-1].end_s == 1000.0
    assert len(heard) < len(plays)


def test_a_listen_has_its_end_to_the_second_and_the_time_played() -> None:
    listen = listen_of(Play(songs()[0], 10.0, 110.5), START)
    assert listen.ended_at == START + timedelta(seconds=110)
    assert listen.ended_at - listen.started_at == timedelta(seconds=100.5)


def test_everyday_listening_is_about_as_much_as_asked_one_at_a_time_and_not_while_busy() -> None:
    busy = [
        (datetime(2026, 5, day, 5, tzinfo=UTC), datetime(2026, 5, day, 6, tzinfo=UTC))
        for day in range(1, 31)
    ]
    listens = everyday_listens(
        DAYS, busy, ZoneInfo("Europe/Berlin"), 1800, np.random.default_rng(1)
    )
    assert len(listens) == pytest.approx(1800, rel=0.15)
    for listen, after in pairwise(listens):
        assert after.started_at >= listen.ended_at - timedelta(seconds=1)
    assert not [
        listen
        for listen in listens
        for start, end in busy
        if listen.started_at < end and start < listen.ended_at
    ]
    assert 0.05 < np.mean([listen.is_skipped for listen in listens]) < 0.15
    assert {listen.kind for listen in listens} == {ListenKind.MUSIC, ListenKind.PODCAST}
    assert any(listen.is_offline for listen in listens)


def test_popular_songs_are_heard_far_more_often_than_others() -> None:
    listens = everyday_listens(DAYS, [], ZoneInfo("UTC"), 1800, np.random.default_rng(1))
    titles = [listen.title for listen in listens]
    assert titles.count(songs()[0].title) > 5 * titles.count(songs()[100].title) > 0
