"""Playlists in an order that chance decided, to be told from the runs in which they were played.

Where the runner picks songs as they feel, logged plays show what goes together, and no more. An
experiment is a list of songs, shuffled here: what is then heard in that order was put there by
chance, and tells causes. The songs are those that would teach most (`core.effects.experiment`).

A stretch of a run counts as the experiment when it has a few of its songs one after the other in
its order, with hardly any missing between them; by chance that happens to one run in many. What
skipping means for it is written in `recognising`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import get_library_version
from beatrunner.core.effects import SPEED, Candidate, Proposal, folded_tempo_bpm, proposal
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.insights import store
from beatrunner.insights.fitting import KnownRun, own_cadence, plays_for
from beatrunner.insights.known import known_runs
from beatrunner.insights.recognising import experiment_of
from beatrunner.insights.refit import ask_to_refit
from beatrunner.insights.shapes import (
    ExperimentOut,
    Experiments,
    ExperimentTrack,
    ProposalOut,
)
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError
from beatrunner.kit.ids import new_id
from beatrunner.kit.remembered import Remembered
from beatrunner.music.store import list_spotify_uris

#: Songs among which is chosen: those heard most in runs.
_CANDIDATES = 300


class ExperimentDesk:
    """Finding what would teach most is dear, so each process remembers it until something else is
    known of the runner."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._proposals = Remembered[tuple[UUID, int], ProposalOut | None]()

    async def list_all(self, account_id: UUID) -> Experiments:
        """The latest first, each with the runs in which it was recognised."""
        async with self._database.read(is_long=True) as tx:
            rows = await store.list_experiments(tx, account_id)
            if not rows:
                return Experiments(items=[])
            runs = await store.list_measured_runs(tx, account_id, since=rows[-1].created_at)
            songs = await _songs_of(tx, account_id, [key for row in rows for key in row.track_ids])
        found = await asyncio.to_thread(_runs_of, rows, runs)
        return Experiments(items=[_experiment(row, songs, found[row.id]) for row in rows])

    async def propose(self, account_id: UUID, tracks: int) -> ProposalOut | None:
        """The songs that would teach most next; None before there are runs to as many."""
        async with self._database.read() as tx:
            state = await _state(tx, account_id)

        async def find() -> ProposalOut | None:
            return await self._propose(account_id, tracks)

        return await self._proposals.get((account_id, tracks), state, find)

    async def _propose(self, account_id: UUID, tracks: int) -> ProposalOut | None:
        async with self._database.read(is_long=True) as tx:
            measured = await store.list_measured_runs(tx, account_id)
            experiments = await store.list_experiments(tx, account_id)
            runs = await asyncio.to_thread(known_runs, measured, experiments)
            heard = {row.track_id for run in runs for row in run.plays}
            titles = await store.list_titles(tx, account_id, heard)
        found = await asyncio.to_thread(_propose, runs, titles, tracks)
        if found is None:
            return None
        async with self._database.read() as tx:
            songs = await _songs_of(tx, account_id, found.tracks)
        return ProposalOut(
            tracks=[songs[key] for key in found.tracks if key in songs],
            sd_pct=round(found.sd, 3),
            sd_after_pct=round(found.sd_after, 3),
            tempo_sd_pct=_rounded(found.tempo_sd),
            tempo_sd_after_pct=_rounded(found.tempo_sd_after),
        )

    async def make(self, account_id: UUID, tracks: int) -> ExperimentOut:
        """Raises ConflictError before there are runs to as many songs."""
        proposed = await self.propose(account_id, tracks)
        if proposed is None:
            raise ConflictError(
                "There have to be runs to as many songs first.", kind="too-little-music"
            )
        order = [str(track.track_id) for track in proposed.tracks]
        secrets.SystemRandom().shuffle(order)
        experiment_id = new_id()
        async with self._database.write() as tx:
            await store.insert_experiment(tx, account_id, experiment_id, order, self._clock())
            row = await store.get_experiment(tx, account_id, experiment_id)
        songs = {str(track.track_id): track for track in proposed.tracks}
        return _experiment(row, songs, runs=0)

    async def delete(self, account_id: UUID, experiment_id: UUID) -> None:
        """Its plays are taken as any others from then on. Raises NotFoundError."""
        async with self._database.write() as tx:
            await store.delete_experiment(tx, account_id, experiment_id)
            await ask_to_refit(tx, account_id, self._clock())


async def _state(tx: AsyncConnection, account_id: UUID) -> object:
    """Another one whenever something else is known of the runner."""
    fitted = await store.find_insights(tx, account_id)
    experiments = await store.list_experiments(tx, account_id)
    version = await get_library_version(tx, account_id)
    return version, fitted and fitted.computed_at, [row.id for row in experiments]


async def _songs_of(
    tx: AsyncConnection, account_id: UUID, track_ids: Iterable[str]
) -> dict[str, ExperimentTrack]:
    """Those that are still there, by id."""
    titles = await store.list_titles(tx, account_id, track_ids)
    uris = await list_spotify_uris(tx, account_id, [UUID(key) for key in titles])
    return {
        key: ExperimentTrack(
            track_id=row.id,
            title=row.title,
            artist=row.artist,
            tempo_bpm=row.tempo_bpm,
            spotify_uri=uris.get(row.id),
        )
        for key, row in titles.items()
    }


def _runs_of(experiments: Sequence[store.Experiment], runs: Sequence[AnyRow]) -> Counter[UUID]:
    """By experiment, how many runs had it."""
    return Counter(row.id for run in runs for row in experiments if experiment_of(run, row))


def _propose(
    runs: Sequence[KnownRun], titles: Mapping[str, AnyRow], tracks: int
) -> Proposal | None:
    heard = Counter(row.track_id for run in runs for row in run.plays if row.track_id in titles)
    if len(heard) < tracks:
        return None
    cadence_spm = own_cadence(runs)
    tempi = {key: row.tempo_bpm for key, row in titles.items() if row.tempo_bpm is not None}
    plays = plays_for(SPEED, runs, tempi, cadence_spm)
    candidates = [
        Candidate(track, folded_tempo_bpm(tempi[track], cadence_spm) if track in tempi else None)
        for track, _ in heard.most_common(_CANDIDATES)
    ]
    return proposal([play for play in plays if play.is_randomised], candidates, SPEED, tracks)


def _experiment(
    row: store.Experiment, songs: Mapping[str, ExperimentTrack], runs: int
) -> ExperimentOut:
    return ExperimentOut(
        id=row.id,
        created_at=row.created_at,
        runs=runs,
        tracks=[songs[key] for key in row.track_ids if key in songs],
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
