"""A listening history as columns: what the child process that reads a file hands over.

Tens of thousands of plays cross from the child as a few lists instead of as many objects, and
what takes time (reading, folding titles into match keys) has been done in the child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.refusals import Refusal
from beatrunner.core.track_identity import match_key_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TrackName:
    """How a source names a track. Equal `match_key`s mean one track (`core.track_identity`)."""

    match_key: str
    source_id: str | None
    kind: ListenKind
    title: str
    artist: str
    album: str | None


@dataclass(slots=True)
class PlayTable:
    """One row a play; `track` is an index into `names`, times are microseconds since 1970.

    `knows_lengths` is False when the ends are guesses of the codec's. `left_out` says why not all
    plays of the file are here.
    """

    names: list[TrackName] = field(default_factory=list)
    track: list[int] = field(default_factory=list)
    started_at_us: list[int] = field(default_factory=list)
    ended_at_us: list[int] = field(default_factory=list)
    uncertainty_s: list[float] = field(default_factory=list)
    is_skipped: list[bool | None] = field(default_factory=list)
    is_shuffled: list[bool | None] = field(default_factory=list)
    is_offline: list[bool] = field(default_factory=list)
    knows_lengths: bool = True
    left_out: Refusal | None = None

    def __len__(self) -> int:
        return len(self.track)


def tabulate(listens: Iterable[RawListen], *, knows_lengths: bool = True) -> PlayTable:
    table = PlayTable(knows_lengths=knows_lengths)
    indices: dict[tuple[ListenKind, str | None, str, str], int] = {}
    for listen in listens:
        name = (listen.kind, listen.source_id, listen.title, listen.artist)
        index = indices.get(name)
        if index is None:
            index = indices[name] = len(table.names)
            table.names.append(_track_name(listen))
        table.track.append(index)
        table.started_at_us.append(microseconds_of(listen.started_at))
        table.ended_at_us.append(microseconds_of(listen.ended_at))
        table.uncertainty_s.append(listen.uncertainty_s)
        table.is_skipped.append(listen.is_skipped)
        table.is_shuffled.append(listen.is_shuffled)
        table.is_offline.append(listen.is_offline)
    return table


def time_of(microseconds: int) -> datetime:
    """The time of a table's `*_at_us`."""
    return _EPOCH + timedelta(microseconds=microseconds)


def microseconds_of(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _track_name(listen: RawListen) -> TrackName:
    return TrackName(
        match_key=match_key_of(listen.kind, listen.title, listen.artist),
        source_id=listen.source_id,
        kind=listen.kind,
        title=listen.title,
        artist=listen.artist,
        album=listen.album,
    )
