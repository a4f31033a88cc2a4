"""From everything that was said of a track's tempo to the one that BeatRunner goes by.

Two kinds of words are weighed (`core.tempo.weigh`): the account's own readings (what the runner
typed or tapped, their files' tags, the analysis of their files), and what outside sources said of
the recording, as far as the runner lets that source be asked. The latter is stored once for all
accounts under the recording's name elsewhere (`core.track_identity`). A source that knows a
recording by one name and tells its ISRC thereby names it for sources that know ISRCs alone.

An account's export brings the tempi of its tracks, but not what outside sources said. Such a tempo
stands until the source that told it is asked here, or turned off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.core.tempo import NamedTrack, Reading, Weighed, weigh
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.music import tempo_store
from beatrunner.music.tempo_source import TempoSource
from beatrunner.music.tempo_store import Evidence, OwnReading, TrackRow

#: The runner's own word; the first wins.
OWN_WORDS = ("manual", "tap")
#: What files say, the most trusted first; outside sources come after them.
FILES = ("tag", "analysis", "generated")


@dataclass(frozen=True, slots=True)
class TempoState:
    """A track with everything that was said of it, as far as it is to be gone by."""

    row: TrackRow
    named: NamedTrack
    readings: Sequence[OwnReading]
    evidence: Sequence[Evidence]
    #: Outside sources that may be asked as far as the runner said until now.
    not_off: frozenset[str]


class Settling:
    def __init__(self, clock: Clock, outside: Sequence[TempoSource]) -> None:
        """`outside`: the outside sources, the most trusted first."""
        self._clock = clock
        self._outside = outside
        self._order = [*OWN_WORDS, *FILES]

    async def load(
        self, tx: AsyncConnection, account_id: UUID, rows: Sequence[TrackRow]
    ) -> list[TempoState]:
        """The state of each of these tracks, a thousand at most, in their order."""
        track_ids = [row.id for row in rows]
        rows_on = await tempo_store.list_tempo_sources(tx, account_id)
        on = [x for x in self._outside if x.name in rows_on and rows_on[x.name].is_on]
        off = {name for name, row in rows_on.items() if not row.is_on}
        not_off = frozenset(x.name for x in self._outside if x.name not in off)
        identities = await tempo_store.list_identities(tx, account_id, track_ids)
        readings = await tempo_store.list_readings(tx, account_id, track_ids)
        named = [
            NamedTrack(row.title, row.artist, tuple(identities.get(row.id, ()))) for row in rows
        ]
        found = await _evidence_on(tx, on, named)
        # Who was told an ISRC by one source can ask the others for it.
        named = [_with_learned(track, answers) for track, answers in zip(named, found, strict=True)]
        found = await _evidence_on(tx, on, named)
        return [
            TempoState(
                row,
                track,
                sorted(readings.get(row.id, ()), key=lambda x: self._order.index(x.source)),
                answers,
                not_off,
            )
            for row, track, answers in zip(rows, named, found, strict=True)
        ]

    def words_of(self, state: TempoState) -> list[Evidence]:
        """Of each outside source its word: the first answer with a tempo, else a miss."""
        found = []
        for source in self._outside:
            answers = [answer for answer in state.evidence if answer.source == source.name]
            known = [answer for answer in answers if answer.tempo_bpm is not None]
            found += (known or answers)[:1]
        return found

    def weigh(self, state: TempoState) -> Weighed | None:
        said = [Reading(x.source, x.tempo_bpm, x.source in OWN_WORDS) for x in state.readings]
        said += [
            Reading(answer.source, answer.tempo_bpm)
            for answer in self.words_of(state)
            if answer.tempo_bpm is not None
        ]
        return weigh(said)

    def is_settled(self, state: TempoState) -> bool:
        """Whether the track's tempo is what follows from what was said."""
        row, weighed = state.row, self.weigh(state)
        if weighed is None:
            return row.tempo_bpm is None or _stands(state)
        follows = (weighed.tempo_bpm, weighed.source, weighed.verdict)
        return follows == (row.tempo_bpm, row.tempo_source, row.tempo_verdict)

    async def settle(
        self, tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
    ) -> None:
        """Bring the tempi of these tracks up to date, and tell who computed from old ones."""
        rows = await tempo_store.list_songs(tx, account_id, track_ids)
        states = await self.load(tx, account_id, rows)
        changed = {x.row.id: self.weigh(x) for x in states if not self.is_settled(x)}
        await tempo_store.update_song_tempi(tx, changed)
        before = {row.id: row.tempo_bpm for row in rows}
        retimed = [
            str(track_id)
            for track_id, weighed in changed.items()
            if before[track_id] != (weighed.tempo_bpm if weighed else None)
        ]
        if retimed:
            await update_library_version(tx, account_id)
            payload = {"track_ids": retimed}
            await enqueue(
                tx, "track.tempo_changed", payload, account_id=account_id, now=self._clock()
            )


def _stands(state: TempoState) -> bool:
    """Whether the track's tempo came with an export, and nothing was heard here since."""
    source = state.row.tempo_source
    return source in state.not_off and all(x.source != source for x in state.evidence)


async def _evidence_on(
    tx: AsyncConnection, sources: Sequence[TempoSource], named: Sequence[NamedTrack]
) -> list[list[Evidence]]:
    """What these sources said of each track under any of its keys."""
    keys = [[key for source in sources for key in source.keys(track)] for track in named]
    wanted = {key for of_track in keys for key in of_track}
    names = [source.name for source in sources]
    evidence = await tempo_store.list_evidence(tx, wanted, names)
    return [
        [answer for key in dict.fromkeys(of_track) for answer in evidence.get(key, ())]
        for of_track in keys
    ]


def _with_learned(track: NamedTrack, answers: Sequence[Evidence]) -> NamedTrack:
    learned = {answer.isrc for answer in answers if answer.isrc is not None}
    new = sorted(learned - set(track.identities))
    return replace(track, identities=(*track.identities, *new))
