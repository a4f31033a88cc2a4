"""Spotify's extended streaming history: JSON bytes <-> plays with honest start times.

The export is an array of plays (`Streaming_History_Audio_*.json`, `..._Video_*.json`; before 2023
`endsong_*.json`). Only the fields of `_Row` are decoded: addresses, user agents, user names and
countries never become Python values.

Theory of operation. `ts` is the END of a play in whole seconds, so a play starts at
`ts - ms_played`, unless it was paused: pauses inside a play are not written down. Three things
bound the true start from below, and the best of them becomes the listen's uncertainty:

- the end of the play before, as one account plays one thing at a time. It binds fully when the
  play began *because* that one ended (`reason_start` trackdone, fwdbtn, backbtn): all silence
  between the two was then spent paused inside this play. A play begun by hand has usually just
  been preceded by silence, so only `UNSEEN_PAUSE_S` is allowed for a pause nobody can see;
- `offline_timestamp`, which real histories also carry for plays made online: the moment the
  player loaded the play (seconds in new files and before 2015, milliseconds between);
- an overlap with the play before proves that one of the two times is off by that much.

For offline plays `ts` may be the time of the upload, and `offline_timestamp` is the start: in
published real histories consecutive offline timestamps differ by exactly the length played while
`ts` is minutes late or shared. It is taken as the start; a neighbour that ends right there
confirms it. An offline play without one cannot be placed (uncertainty: a day) unless it fits its
neighbour to the second.

Skips: from 2015 to 2022 Spotify wrote `skipped: false` for everything, so the reason a play ended
counts as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import msgspec

from beatrunner.codecs.clean_text import CleanTexts
from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.told_plays import time_of_ms, utc_ms
from beatrunner.core.listening import ListeningHistory, ListenKind, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

#: `ts` is written in whole seconds.
RESOLUTION_S = 1.0
#: A neighbour this near confirms a time that could not be trusted by itself.
CONFIRMED_WITHIN_S = 2.0
#: Allowance for a pause inside a play that was begun by hand after a silence; a judgement.
UNSEEN_PAUSE_S = 30.0
#: Trust in a phone's own clock where no neighbour confirms it.
OFFLINE_CLOCK_S = 10.0
#: "Cannot be placed": no bound wider than this says anything about a run.
MAX_UNCERTAINTY_S = 86_400.0

_DAY_MS = 86_400_000
_MAX_PLAYED_MS = _DAY_MS
#: Phones may stay offline for 30 days before downloads stop playing.
_MAX_UPLOAD_DELAY_MS = 31 * _DAY_MS
#: A logged start may be this much later than `ts - ms_played` and still belong to the play.
_CLOCK_SLACK_MS = 120_000
_MILLISECONDS_FROM = 100_000_000_000
_DUPLICATE_WITHIN_MS = 30_000
_EARLIEST_MS = int(datetime(2006, 1, 1, tzinfo=UTC).timestamp() * 1000)
_LATEST_MS = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp() * 1000)

_BEGUN_BY_THE_PLAY_BEFORE = frozenset({"trackdone", "fwdbtn", "backbtn", "trackerror"})
_ENDED_BY_SKIPPING = frozenset({"fwdbtn", "backbtn"})
_SOURCE_ID = re.compile(r"spotify:[a-z_]+:[0-9A-Za-z]{1,64}")


class _Row(msgspec.Struct, gc=False):
    ts: str | None = None
    ms_played: float | None = None
    master_metadata_track_name: str | None = None
    master_metadata_album_artist_name: str | None = None
    master_metadata_album_album_name: str | None = None
    spotify_track_uri: str | None = None
    episode_name: str | None = None
    episode_show_name: str | None = None
    spotify_episode_uri: str | None = None
    audiobook_title: str | None = None
    audiobook_uri: str | None = None
    audiobook_chapter_uri: str | None = None
    audiobook_chapter_title: str | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    offline_timestamp: float | None = None


class _Placed(Enum):
    BY_END = auto()
    BY_LOGGED_START = auto()
    BY_UPLOAD = auto()


@dataclass(slots=True)
class _Play:
    start_ms: int
    end_ms: int
    placed: _Placed
    logged_ms: int | None
    row: _Row

    @property
    def played_ms(self) -> int:
        return self.end_ms - self.start_ms


def read_extended_history(data: bytes) -> ListeningHistory:
    """Every play of one file of the export, whatever generation, in order of their ends.

    A damaged file gives the plays before the damage. Dropped are zero_length, impossible_length,
    impossible_time, unnamed, duplicate, not_a_play and cut_off. Raises UnreadableFileError: EMPTY,
    NO_LISTENS (not an array of plays), DAMAGED (nothing readable before the damage).
    """
    dropped: Counter[str] = Counter()
    rows = _decode(data, dropped)
    if not any(row.ts is not None for row in rows):
        raise UnreadableFileError(Refusal.DAMAGED if dropped["cut_off"] else Refusal.NO_LISTENS)
    plays = [play for row in rows if (play := _place(row, dropped)) is not None]
    plays.sort(key=lambda play: (play.end_ms, play.start_ms))
    listens: list[RawListen] = []
    texts = CleanTexts()
    known_end_ms: int | None = None
    for play in _without_duplicates(plays, dropped):
        if play.played_ms == 0:
            dropped["zero_length"] += 1
        elif (listen := _listen(play, known_end_ms, texts)) is not None:
            listens.append(listen)
        else:
            dropped["unnamed"] += 1
        if play.placed is not _Placed.BY_UPLOAD:
            known_end_ms = play.end_ms
    return ListeningHistory(listens, dict(+dropped))


def _decode(data: bytes, dropped: Counter[str]) -> list[_Row]:
    data = utf8(data)
    if not data.startswith(b"["):
        is_json = data.startswith(b"{")
        raise UnreadableFileError(Refusal.NO_LISTENS if is_json else Refusal.DAMAGED)
    return decode_rows(data, _Row, dropped)


def _place(row: _Row, dropped: Counter[str]) -> _Play | None:
    """The play on the UTC clock, or None with the reason counted."""
    ended_ms = _end_time_ms(row.ts)
    if ended_ms is None:
        dropped["not_a_play" if row.ts is None else "impossible_time"] += 1
        return None
    if row.ms_played is None or not 0 <= row.ms_played <= _MAX_PLAYED_MS:
        dropped["impossible_length"] += 1
        return None
    played_ms = round(row.ms_played)
    start_ms = ended_ms - played_ms
    logged_ms = _logged_start_ms(row.offline_timestamp)
    if logged_ms is not None and not (
        -_CLOCK_SLACK_MS <= start_ms - logged_ms <= _MAX_UPLOAD_DELAY_MS
    ):
        logged_ms = None
    placed = _Placed.BY_END
    if row.offline:
        placed = _Placed.BY_UPLOAD if logged_ms is None else _Placed.BY_LOGGED_START
        start_ms = start_ms if logged_ms is None else logged_ms
    if not _EARLIEST_MS <= start_ms <= start_ms + played_ms < _LATEST_MS:
        dropped["impossible_time"] += 1
        return None
    return _Play(start_ms, start_ms + played_ms, placed, logged_ms, row)


def _end_time_ms(text: str | None) -> int | None:
    if text is None:
        return None
    ended_ms = utc_ms(text.removesuffix(" UTC"))
    return None if ended_ms is None else round(ended_ms)


def _logged_start_ms(value: float | None) -> int | None:
    """`offline_timestamp` in milliseconds; the unit is told by its magnitude, 0 means none."""
    if value is None or not 0 < value < _LATEST_MS:
        return None
    return round(value if value >= _MILLISECONDS_FROM else value * 1000)


def _without_duplicates(plays: Iterable[_Play], dropped: Counter[str]) -> Iterable[_Play]:
    """Leave out a play that repeats an earlier one: same thing, same length, overlapping it.

    Real exports hold the same play twice, seconds apart, and long ones minutes apart. Two true
    plays in a row start a whole length apart, so half a length is far from either.
    """
    last_ends: dict[tuple[object, ...], int] = {}
    for play in plays:
        row = play.row
        key = (
            row.spotify_track_uri or row.spotify_episode_uri or row.audiobook_chapter_uri,
            row.master_metadata_track_name,
            play.played_ms,
        )
        last_end_ms = last_ends.get(key)
        window_ms = max(_DUPLICATE_WITHIN_MS, play.played_ms // 2)
        if play.played_ms and last_end_ms is not None and play.end_ms - last_end_ms < window_ms:
            dropped["duplicate"] += 1
            continue
        last_ends[key] = play.end_ms
        yield play


def _uncertainty_s(play: _Play, known_end_ms: int | None) -> float:
    """How far the true start may lie from `play.start_ms`; see the theory above."""
    gap_s = None if known_end_ms is None else (play.start_ms - known_end_ms) / 1000
    is_confirmed = gap_s is not None and abs(gap_s) <= CONFIRMED_WITHIN_S
    if play.placed is _Placed.BY_LOGGED_START:
        return RESOLUTION_S if is_confirmed else OFFLINE_CLOCK_S
    if play.placed is _Placed.BY_UPLOAD:
        return CONFIRMED_WITHIN_S if is_confirmed else MAX_UNCERTAINTY_S
    if gap_s is not None and gap_s < 0:
        return max(RESOLUTION_S, -gap_s)
    slack_s = UNSEEN_PAUSE_S if gap_s is None else gap_s
    if play.row.reason_start not in _BEGUN_BY_THE_PLAY_BEFORE:
        slack_s = min(slack_s, UNSEEN_PAUSE_S)
    if play.logged_ms is not None:
        slack_s = min(slack_s, abs(play.start_ms - play.logged_ms) / 1000)
    return min(max(slack_s, RESOLUTION_S), MAX_UNCERTAINTY_S)


def _listen(play: _Play, known_end_ms: int | None, texts: CleanTexts) -> RawListen | None:
    """None when Spotify no longer says what was played."""
    row = play.row
    kind, source_id, title, artist, album = _identity(row, texts)
    if not title:
        return None
    return RawListen(
        kind=kind,
        title=title,
        artist=artist,
        album=album or None,
        started_at=time_of_ms(play.start_ms),
        ended_at=time_of_ms(play.end_ms),
        uncertainty_s=_uncertainty_s(play, known_end_ms),
        source_id=source_id if source_id and _SOURCE_ID.fullmatch(source_id) else None,
        is_skipped=True if row.reason_end in _ENDED_BY_SKIPPING else row.skipped,
        is_shuffled=row.shuffle,
        is_offline=bool(row.offline),
    )


def _identity(row: _Row, texts: CleanTexts) -> tuple[ListenKind, str | None, str, str, str]:
    """(kind, source id, title, artist, album); texts are "" where unknown.

    Files from the runner's own disk come without an id, or with spotify:local:..., which names
    no track of Spotify's.
    """
    if row.audiobook_title or row.audiobook_uri or row.audiobook_chapter_uri:
        book = texts[row.audiobook_title]
        return (
            ListenKind.AUDIOBOOK,
            row.audiobook_chapter_uri or row.audiobook_uri,
            texts[row.audiobook_chapter_title] or book,
            "",
            book,
        )
    if row.episode_name or row.spotify_episode_uri:
        show = texts[row.episode_show_name]
        return ListenKind.PODCAST, row.spotify_episode_uri, texts[row.episode_name], show, ""
    return (
        ListenKind.MUSIC,
        row.spotify_track_uri,
        texts[row.master_metadata_track_name],
        texts[row.master_metadata_album_artist_name],
        texts[row.master_metadata_album_album_name],
    )


def write_extended_history(listens: Sequence[RawListen]) -> bytes:
    """A file of the present generation, as Spotify would write it (without its personal fields).

    Times end up in whole seconds, as there. A play that starts where the one before ended is
    written as begun by it, any other as begun by hand.
    """
    rows: list[dict[str, object]] = []
    previous_end: datetime | None = None
    for listen in listens:
        follows_on = (
            previous_end is not None
            and abs((listen.started_at - previous_end).total_seconds()) <= CONFIRMED_WITHIN_S
        )
        rows.append(_row_of(listen, "trackdone" if follows_on else "clickrow"))
        previous_end = listen.ended_at
    return msgspec.json.format(msgspec.json.encode(rows), indent=2)


def _row_of(listen: RawListen, reason_start: str) -> dict[str, object]:
    is_music = listen.kind is ListenKind.MUSIC
    is_podcast = listen.kind is ListenKind.PODCAST
    is_book = listen.kind is ListenKind.AUDIOBOOK
    ended_at = listen.ended_at.astimezone(UTC) + timedelta(milliseconds=500)
    return {
        "ts": ended_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "ios",
        "ms_played": round((listen.ended_at - listen.started_at).total_seconds() * 1000),
        "conn_country": "ZZ",
        "ip_addr": None,
        "master_metadata_track_name": listen.title if is_music else None,
        "master_metadata_album_artist_name": listen.artist if is_music else None,
        "master_metadata_album_album_name": listen.album if is_music else None,
        "spotify_track_uri": listen.source_id if is_music else None,
        "episode_name": listen.title if is_podcast else None,
        "episode_show_name": listen.artist if is_podcast else None,
        "spotify_episode_uri": listen.source_id if is_podcast else None,
        "audiobook_title": listen.album if is_book else None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": listen.source_id if is_book else None,
        "audiobook_chapter_title": listen.title if is_book else None,
        "reason_start": reason_start,
        "reason_end": "fwdbtn" if listen.is_skipped else "trackdone",
        "shuffle": listen.is_shuffled,
        "skipped": listen.is_skipped,
        "offline": listen.is_offline,
        "offline_timestamp": (round(listen.started_at.timestamp()) if listen.is_offline else None),
        "incognito_mode": False,
    }
