"""Apple Music's play activity: `Apple Music Play Activity.csv` of "Request a copy of your data".

One row per event, about 145 columns, of which these are read (older exports write `Content Name`
for `Song Name`, and some know `Artist Name`). Rows are `PLAY_END` and others (lyrics shown, play
started), or of no type at all in old exports, and then all are plays.

- **A row is a stretch, not a play.** Apple writes one whenever the sound stops: a pause, a scrub,
  an application that goes to the background. Stretches of the same song on the same device are
  joined when the one before ended in a pause (`_GOES_ON`) and the next followed within
  `MOST_PAUSE_S`. Any other reason ends the play, an unknown one too: joining can invent a play.
- **Times are UTC in milliseconds. The END is what the clock said**, the start follows from it and
  from the length played, so that pauses are outside of a stretch and it is known to a second.
- A row that ends in a scrub tells the way of the playhead, not a length: it joins, and adds none.

**Artists are missing.** The activity names song and album alone; artists stand in
`Apple Music - Play History Daily Tracks.csv` and `Apple Music Library Tracks.json` of the same
export (`read_apple_artists`). A song is recognised by title and album until then.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from beatrunner.codecs.clean_text import CleanTexts
from beatrunner.codecs.text_table import Columns, cell, read_table
from beatrunner.codecs.told_plays import MAX_PLAYED_S, is_possible, of_told_rows, time_of_ms, utc_ms
from beatrunner.core.listening import ListeningHistory, ListenKind, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.track_identity import APPLE

#: A longer pause is silence that the soundtrack shows.
MOST_PAUSE_S = 120
#: Two rows of one moment differ by less.
_SAME_MOMENT_MS = 1_500
_RESOLUTION_S = 1.0

_PLAYED = "PLAY_END"
_GOES_ON = frozenset(
    {
        "SCRUB_BEGIN",
        "SCRUB_END",
        "PLAYBACK_MANUALLY_PAUSED",
        "PLAYBACK_SUSPENDED",
        "EXITED_APPLICATION",
    }
)
_SKIPPED = frozenset({"TRACK_SKIPPED_FORWARDS", "TRACK_SKIPPED_BACKWARDS"})
_TO_ITS_END = "NATURAL_END_OF_TRACK"
_YES_NO = {"SHUFFLE_ON": True, "SHUFFLE_OFF": False}

_COLUMNS = {
    "title": ("Song Name", "Content Name", "Title"),
    "artist": ("Artist Name", "Artist", "Container Artist Name"),
    "album": ("Album Name", "Container Album Name", "Container Name"),
    "event": ("Event Type",),
    "start": ("Event Start Timestamp",),
    "end": ("Event End Timestamp", "Event Timestamp"),
    "played": ("Play Duration Milliseconds",),
    "reason": ("End Reason Type",),
    "shuffle": ("Shuffle Play",),
    "offline": ("Offline",),
    "device": ("Device Identifier", "Device Type"),
}


@dataclass(slots=True)
class _Play:
    title: str
    artist: str
    album: str
    device: str
    start_ms: int
    end_ms: int
    reason: str
    is_shuffled: bool | None
    is_offline: bool


def read_apple_activity(data: bytes) -> ListeningHistory:
    """Plays, each of the stretches that are one.

    Dropped are other_event, unnamed, zero_length, impossible_length, impossible_time and cut_off;
    stretches that were joined to others are none of them. Raises UnreadableFileError: EMPTY,
    NO_LISTENS.
    """
    dropped: Counter[str] = Counter()
    rows = read_table(data, dropped)
    columns = Columns(next(rows, []))
    places = {field: columns.find(*names) for field, names in _COLUMNS.items()}
    if places["title"] is None or places["played"] is None or places["end"] is None:
        raise UnreadableFileError(Refusal.NO_LISTENS, "no columns of plays")
    stretches = list(_stretches(rows, places, dropped))
    rows_told = len(stretches) + sum(dropped.values()) - dropped["cut_off"]
    listens = [_listen(play) for play in _joined(stretches) if _was_heard(play, dropped)]
    return of_told_rows(listens, rows_told, dropped)


def _stretches(
    rows: Iterable[Sequence[str]], places: dict[str, int | None], dropped: Counter[str]
) -> Iterator[_Play]:
    texts = CleanTexts()
    for row in rows:
        found = {field: cell(row, place) for field, place in places.items()}
        if found["event"] not in ("", _PLAYED):
            dropped["other_event"] += 1
            continue
        title = texts[found["title"]]
        played_ms = _played_ms(found["played"], found["reason"])
        end_ms = _time_ms(found["end"])
        start_ms = _time_ms(found["start"])
        if end_ms is None and start_ms is not None and played_ms is not None:
            end_ms = start_ms + played_ms
        if not title:
            dropped["unnamed"] += 1
        elif played_ms is None:
            dropped["impossible_length"] += 1
        elif end_ms is None:
            dropped["impossible_time"] += 1
        else:
            yield _Play(
                title,
                texts[found["artist"]],
                texts[found["album"]],
                found["device"],
                end_ms - played_ms,
                end_ms,
                found["reason"],
                _YES_NO.get(found["shuffle"]),
                found["offline"].casefold() == "true",
            )


def _played_ms(text: str, reason: str) -> int | None:
    """None for what is no length; 0 for the way of a scrub."""
    if reason == "SCRUB_END":
        return 0
    try:
        played_ms = float(text or 0)
    except ValueError:
        return None
    return round(played_ms) if 0 <= played_ms <= MAX_PLAYED_S * 1000 else None


def _time_ms(text: str) -> int | None:
    time_ms = utc_ms(text)
    return round(time_ms) if is_possible(time_ms) else None


def _joined(stretches: list[_Play]) -> list[_Play]:
    stretches.sort(key=lambda play: (play.end_ms, play.start_ms))
    open_plays: dict[str, _Play] = {}
    plays: list[_Play] = []
    for stretch in stretches:
        before = open_plays.get(stretch.device)
        if before is not None and _goes_on(before, stretch):
            before.end_ms = max(before.end_ms, stretch.end_ms)
            before.reason = stretch.reason
            continue
        open_plays[stretch.device] = stretch
        plays.append(stretch)
    return plays


def _goes_on(before: _Play, stretch: _Play) -> bool:
    is_same = (before.title, before.album) == (stretch.title, stretch.album)
    pause_ms = stretch.start_ms - before.end_ms
    return (
        is_same
        and before.reason in _GOES_ON
        and -_SAME_MOMENT_MS <= pause_ms <= MOST_PAUSE_S * 1000
    )


def _was_heard(play: _Play, dropped: Counter[str]) -> bool:
    if play.end_ms > play.start_ms:
        return True
    dropped["zero_length"] += 1
    return False


def _listen(play: _Play) -> RawListen:
    return RawListen(
        kind=ListenKind.MUSIC,
        title=play.title,
        artist=play.artist,
        album=play.album or None,
        started_at=time_of_ms(play.start_ms),
        ended_at=time_of_ms(play.end_ms),
        uncertainty_s=_RESOLUTION_S,
        source_id=apple_identity(play.title, play.album),
        is_skipped=_is_skipped(play.reason),
        is_shuffled=play.is_shuffled,
        is_offline=play.is_offline,
    )


def _is_skipped(reason: str) -> bool | None:
    if reason in _SKIPPED:
        return True
    return False if reason == _TO_ITS_END else None


def apple_identity(title: str, album: str) -> str:
    told = f"{title}\x1f{album}".encode("utf-8", "ignore")
    return APPLE + hashlib.sha256(told).hexdigest()[:32]
