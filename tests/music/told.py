"""Plays as sources tell them, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs, music_events, track_names
from beatrunner.jobs.store import ClaimedJob
from beatrunner.music.listens import ListensAdded, add_listens
from beatrunner.music.play_table import tabulate
from beatrunner.music.regrouping import PlayGrouper

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """`source` said that a song began so many seconds after noon."""

    source: str
    start_s: float
    title: str = "Go"
    artist: str = "Lamps"
    length_s: float = 200.0
    uncertainty_s: float = 1.0
    source_id: str | None = None

    @property
    def listen(self) -> RawListen:
        started_at = NOON + timedelta(seconds=self.start_s)
        return RawListen(
            kind=ListenKind.MUSIC,
            title=self.title,
            artist=self.artist,
            album=None,
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=self.length_s),
            uncertainty_s=self.uncertainty_s,
            source_id=self.source_id,
            is_skipped=None,
            is_shuffled=None,
            is_offline=False,
        )


async def tell(
    database: Database, account_id: UUID, *plays: Told, batch_id: UUID | None = None
) -> list[ListensAdded]:
    """One import a source, in the order in which sources first appear."""
    done = []
    for source in dict.fromkeys(play.source for play in plays):
        table = tabulate(play.listen for play in plays if play.source == source)
        async with database.write() as tx:
            done.append(await add_listens(tx, account_id, batch_id, source, table, NOON))
    return done


async def groups(database: Database, account_id: UUID) -> set[frozenset[tuple[str, float]]]:
    """The plays, each as the words on it: (source, seconds after noon)."""
    async with database.read() as tx:
        statement = select(music_events).where(music_events.c.account_id == account_id)
        rows = (await tx.execute(statement)).all()
    found: dict[object, set[tuple[str, float]]] = {}
    best: dict[object, int] = {}
    for row in rows:
        play = row.listen_id or (row.started_at, row.name_id, row.provenance)
        word = (row.provenance, (row.started_at - NOON).total_seconds())
        found.setdefault(play, set()).add(word)
        best[play] = best.get(play, 0) + row.is_best
    assert set(best.values()) <= {1}  # exactly one word speaks for each play
    return {frozenset(words) for words in found.values()}


async def songs(database: Database, account_id: UUID) -> set[frozenset[tuple[str, str]]]:
    """The tracks that have plays, each as the names on it."""
    async with database.read() as tx:
        rows = await tx.execute(
            select(music_events.c.track_id, track_names.c.title, track_names.c.artist)
            .join(track_names, track_names.c.id == music_events.c.name_id)
            .where(music_events.c.account_id == account_id)
        )
        found: dict[UUID, set[tuple[str, str]]] = {}
        for track_id, title, artist in rows:
            found.setdefault(track_id, set()).add((title, artist))
    return {frozenset(names) for names in found.values()}


async def finish(database: Database, account_id: UUID) -> None:
    """Do what large imports left to jobs."""
    async with database.write() as tx:
        waiting = await tx.execute(
            delete(jobs).where(jobs.c.kind == "plays.group").returning(jobs.c.payload)
        )
        left = list(waiting.scalars())
    for payload in left:
        claimed = ClaimedJob(account_id, account_id, "plays.group", payload, 1)
        await PlayGrouper(database, lambda: NOON).group(claimed)
