"""Last.fm's scrobbles, as the tools that fetch them write them down.

Last.fm has no export of its own. What people hold in their hands comes from a handful of pages and
scripts, in these forms:

- **lastfm-to-csv** (benjaminbenben): no header; artist, album, title, `13 May 2021 20:14`, the
  newest first. Minutes, UTC.
- **mainstream, ghan**: `uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid`, in
  seconds.
- **lastfmstats**: `Artist;Album;AlbumId;Track;Date#somebody`, in milliseconds of which the last
  three digits are 0; or JSON, `{"username", "scrobbles": [{"track", "artist", "album", "date"}]}`.
- **the interface's own JSON**: pages of
  `{"track": [{"name", "artist": {"#text"}, "date": {"uts"}}]}`, one or an array of them, bare or
  inside `recenttracks`. Numbers are strings; a page of one track
  has an object instead of a list; the song that plays right now has no date and is left out.

Every time is the START of the play, as the player reported it: known to a second, or to the minute
where only that was written. When it ended is not known at all (`codecs.told_plays`). Last.fm's own
MBIDs often name another recording of the same title, so they are not taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

import msgspec

from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.text_table import Columns, cell, read_table
from beatrunner.codecs.told_plays import Telling, spread_over_minutes, unix_ms
from beatrunner.core.listening import ListeningHistory
from beatrunner.core.refusals import Refusal, UnreadableFileError

_MINUTES = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M")


class _Named(msgspec.Struct, gc=False):
    text: str | None = msgspec.field(default=None, name="#text")
    name: str | None = None


class _Date(msgspec.Struct, gc=False):
    uts: str | int | None = None


class _Scrobble(msgspec.Struct, gc=False):
    """One of lastfmstats (`track`), or of the interface (`name`)."""

    name: str | None = None
    track: str | None = None
    artist: _Named | str | None = None
    album: _Named | str | None = None
    date: _Date | int | str | None = None


class _Page(msgspec.Struct):
    track: list[_Scrobble] | _Scrobble | None = None
    scrobbles: list[_Scrobble] | None = None
    recenttracks: _Page | None = None


class _Row(msgspec.Struct):
    """An element of an array: a page, or a scrobble itself."""

    name: str | None = None
    tracks: list[_Scrobble] | _Scrobble | str | None = msgspec.field(default=None, name="track")
    artist: _Named | str | None = None
    album: _Named | str | None = None
    date: _Date | int | str | None = None
    recenttracks: _Page | None = None


def read_lastfm_csv(data: bytes) -> ListeningHistory:
    """Raises UnreadableFileError: EMPTY, NO_LISTENS (a table of something else)."""
    told = Telling()
    rows = read_table(data, told.dropped)
    header = next(rows, [])
    if len(header) == 4 and _minute_ms(header[3]) is not None:
        for artist, album, title, time in _of_four(chain([header], rows)):
            told.add(title, artist, album, _minute_ms(time))
        spread_over_minutes(told.plays)
    else:
        _tell_headed(told, Columns(header), rows)
    return told.history()


def read_lastfm_json(data: bytes) -> ListeningHistory:
    """Raises UnreadableFileError: EMPTY, DAMAGED, NO_LISTENS (JSON of something else)."""
    told = Telling()
    data = utf8(data)
    if data.startswith(b"{"):
        try:
            scrobbles = _scrobbles_of(msgspec.json.decode(data, type=_Page))
        except msgspec.ValidationError as error:
            raise UnreadableFileError(Refusal.NO_LISTENS, str(error)) from error
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error
    else:
        rows = decode_rows(data, _Row, told.dropped)
        scrobbles = [one for row in rows for one in _in_row(row)]
    for scrobble in scrobbles:
        date = scrobble.date.uts if isinstance(scrobble.date, _Date) else scrobble.date
        if date is None:
            told.dropped["not_a_play"] += 1  # It plays right now, or is no scrobble.
            continue
        title, artist = scrobble.name or scrobble.track, _name(scrobble.artist)
        told.add(title, artist, _name(scrobble.album), unix_ms(date))
    return told.history()


def _of_four(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    return ([cell(row, place) for place in range(4)] for row in rows)


def _tell_headed(told: Telling, columns: Columns, rows: Iterable[Sequence[str]]) -> None:
    title, artist = columns.find("track", "name", "title"), columns.find("artist")
    album = columns.find("album")
    time = columns.find("uts")
    if time is None:
        # The name of the column ends in the name of the user.
        time = columns.find_begun("date")
    if title is None or artist is None or time is None:
        raise UnreadableFileError(Refusal.NO_LISTENS, "no columns of scrobbles")
    for row in rows:
        told.add(cell(row, title), cell(row, artist), cell(row, album), unix_ms(cell(row, time)))


def _in_row(row: _Row) -> Sequence[_Scrobble]:
    if row.recenttracks is not None:
        return _scrobbles_of(row.recenttracks)
    if isinstance(row.tracks, list):
        return row.tracks
    if isinstance(row.tracks, _Scrobble):
        return [row.tracks]
    return [_Scrobble(row.name, row.tracks, row.artist, row.album, row.date)]


def _scrobbles_of(page: _Page) -> Sequence[_Scrobble]:
    if page.recenttracks is not None:
        return _scrobbles_of(page.recenttracks)
    if page.scrobbles is not None:
        return page.scrobbles
    return [page.track] if isinstance(page.track, _Scrobble) else page.track or []


def _name(value: _Named | str | None) -> str | None:
    return value.text or value.name if isinstance(value, _Named) else value


def _minute_ms(text: str) -> int | None:
    for form in _MINUTES:
        try:
            time = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return round(time.timestamp() * 1000)
    return None
