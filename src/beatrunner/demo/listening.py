"""What the demo runner listens to: during runs, and on the tram, at the desk, over the dishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np

from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.recording import Samples
from beatrunner.demo.songs import Song, episodes, songs

#: Songs that the runner has in the running playlist: the most popular ones.
RUN_PLAYLIST_LENGTH = 48

_ZIPF_EXPONENT = 0.8
_SKIPPED_IN_RUNS = 0.05
_SKIPPED_OTHERWISE = 0.09
_SHUFFLED = 0.6
_OFFLINE = 0.03
_GAP_S = 0.4
_USUAL_LENGTH_S = 210.0
#: Ends are known to the second: a song may seem to begin that much before the last one's end.
_WHOLE_SECOND = timedelta(seconds=1)
#: Local hour, its spread, and the share of sessions that are a podcast episode.
_SESSIONS = ((7.6, 0.2, 0.25), (10.5, 0.6, 0.02), (14.0, 0.5, 0.02), (20.2, 0.7, 0.06))


@dataclass(frozen=True, slots=True)
class Play:
    """One play as it truly was, in seconds since some start (a run's, mostly).

    `paused_s` is how long the music stood still inside the play: the file tells only the end
    and the time played, so a reader will take the start to be that much later than it was.
    """

    song: Song
    start_s: float
    end_s: float
    is_skipped: bool = False
    paused_s: float = 0.0


def run_playlist(
    expected_s: float, rng: np.random.Generator, paused_s: float = 0.0
) -> tuple[Play, ...]:
    """Music for a run, begun a little before it: the whole running playlist, each song once.

    Songs for `expected_s` are drawn by popularity and then shuffled, so that favourites are heard
    in more runs, but no earlier in a run than others. The rest follows, in case the run takes
    longer. The fourth play has the pause, if there is one.
    """
    at_s = -float(rng.uniform(15.0, 140.0))
    plays: list[Play] = []
    for song in _run_order(expected_s, rng):
        is_skipped = bool(rng.random() < _SKIPPED_IN_RUNS)
        pause_s = paused_s if len(plays) == 3 else 0.0
        played_s = float(rng.uniform(4.0, 45.0)) if is_skipped else song.length_s
        plays.append(Play(song, at_s, at_s + played_s + pause_s, is_skipped, pause_s))
        at_s = plays[-1].end_s + _GAP_S
    return tuple(plays)


def _run_order(expected_s: float, rng: np.random.Generator) -> list[Song]:
    liked = songs()[:RUN_PLAYLIST_LENGTH]
    count = min(len(liked), ceil(expected_s / _USUAL_LENGTH_S) + 2)
    drawn = rng.choice(len(liked), count, replace=False, p=_zipf(len(liked)))
    rest = np.setdiff1d(np.arange(len(liked)), drawn)
    order = np.concatenate([rng.permutation(drawn), rng.permutation(rest)])
    return [liked[rank] for rank in order.tolist()]


def run_podcast(rng: np.random.Generator) -> tuple[Play, ...]:
    """Every podcast episode, one after the other, begun a little before a run."""
    at_s, plays = -20.0, []
    for index in rng.permutation(len(episodes())).tolist():
        plays.append(Play(episodes()[index], at_s, at_s + episodes()[index].length_s))
        at_s = plays[-1].end_s + _GAP_S
    return tuple(plays)


def until(plays: Sequence[Play], stop_s: float) -> tuple[Play, ...]:
    """The plays, when the music is stopped at `stop_s`."""
    begun = [play for play in plays if play.start_s < stop_s]
    return tuple(replace(play, end_s=min(play.end_s, stop_s)) for play in begun)


def everyday_listens(
    days: Sequence[date],
    busy: Sequence[tuple[datetime, datetime]],
    zone: ZoneInfo,
    count: int,
    rng: np.random.Generator,
) -> list[RawListen]:
    """About `count` listens spread over the days, none within the `busy` stretches."""
    music_sessions = sum(1.0 - podcast_share for _, _, podcast_share in _SESSIONS)
    per_session = count / len(days) / music_sessions
    listens: list[RawListen] = []
    for day in days:
        for hour, spread_h, podcast_share in _SESSIONS:
            minutes = round(60 * (hour + float(rng.normal(0.0, spread_h))))
            local = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
            session = _session(local.astimezone(UTC), rng.poisson(per_session), podcast_share, rng)
            listens += [listen for listen in session if not _collides(listen, busy)]
    return _one_at_a_time(listens)


def _session(
    begins_at: datetime, count: int, podcast_share: float, rng: np.random.Generator
) -> list[RawListen]:
    if rng.random() < podcast_share:
        episode = episodes()[int(rng.integers(len(episodes())))]
        heard_s = episode.length_s * float(rng.uniform(0.3, 1.0))
        return [listen_of(Play(episode, 0.0, heard_s), begins_at)]
    library = songs()
    chosen = rng.choice(len(library), count, p=_zipf(len(library)))
    is_shuffled, is_offline = bool(rng.random() < _SHUFFLED), bool(rng.random() < _OFFLINE)
    listens, at_s = [], 0.0
    for index in chosen.tolist():
        is_skipped = bool(rng.random() < _SKIPPED_OTHERWISE)
        played_s = float(rng.uniform(1.0, 60.0)) if is_skipped else library[index].length_s
        play = Play(library[index], at_s, at_s + played_s, is_skipped)
        listens.append(listen_of(play, begins_at, is_shuffled, is_offline))
        at_s = play.end_s + _GAP_S
    return listens


def listen_of(
    play: Play, start_at: datetime, is_shuffled: bool = False, is_offline: bool = False
) -> RawListen:
    """The play as the music service saw it: its end to the second, and the time played."""
    ended_at = (start_at + timedelta(seconds=play.end_s)).replace(microsecond=0)
    played_s = round(play.end_s - play.start_s - play.paused_s, 3)
    return RawListen(
        kind=ListenKind.PODCAST if play.song.is_podcast else ListenKind.MUSIC,
        title=play.song.title,
        artist=play.song.artist,
        album=play.song.album,
        started_at=ended_at - timedelta(seconds=played_s),
        ended_at=ended_at,
        uncertainty_s=1.0,
        source_id=play.song.source_id,
        is_skipped=play.is_skipped,
        is_shuffled=is_shuffled,
        is_offline=is_offline,
    )


def _collides(listen: RawListen, busy: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(listen.started_at < end and start < listen.ended_at for start, end in busy)


def _one_at_a_time(listens: list[RawListen]) -> list[RawListen]:
    """In order of time, without those that begin before the one before has ended."""
    kept: list[RawListen] = []
    for listen in sorted(listens, key=lambda listen: listen.started_at):
        if not kept or listen.started_at >= kept[-1].ended_at - _WHOLE_SECOND:
            kept.append(listen)
    return kept


def _zipf(count: int) -> Samples:
    weight: Samples = np.arange(1, count + 1, dtype=np.float64) ** -_ZIPF_EXPONENT
    return np.asarray(weight / weight.sum())
