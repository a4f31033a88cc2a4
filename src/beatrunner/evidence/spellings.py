"""How a song is written, and which songs are one: shown, taken apart, put together.

Nothing is lost by either. A song that is merged into another one stays behind it, with its names
and what was said of its tempo, and comes out as it was; one that is taken out of another is merged
by no import from then on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, NotFoundError
from beatrunner.kit.ids import new_id
from beatrunner.music import name_store, word_store
from beatrunner.music.grouping import regroup_around
from beatrunner.music.naming import tell_changed
from beatrunner.music.store import get_track


@dataclass(frozen=True, slots=True)
class Source:
    provenance: str
    plays: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which sources write a song; releases that are written alike are one."""

    title: str
    artist: str
    name_ids: Sequence[UUID]
    sources: Sequence[Source]


class Spellings:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def list_of(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID
    ) -> list[Spelling]:
        """Those under which something was played, the most played first. Raises NotFoundError."""
        track = await get_track(tx, account_id, track_id)
        names = await name_store.list_names_of(tx, account_id, track.id)
        plays: dict[UUID, Counter[str]] = {}
        for row in await name_store.count_plays_by_name(tx, account_id, track.id):
            plays.setdefault(row.name_id, Counter())[row.provenance] += row.plays
        alike: dict[tuple[str, str], list[UUID]] = {}
        for name in names:
            if name.id in plays:
                alike.setdefault((name.title, name.artist), []).append(name.id)
        found = []
        for (title, artist), name_ids in alike.items():
            told = sum((plays[name_id] for name_id in name_ids), Counter[str]())
            sources = [Source(*each) for each in told.most_common()]
            found.append(Spelling(title, artist, name_ids, sources))
        return sorted(found, key=lambda each: -sum(source.plays for source in each.sources))

    async def split(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID, name_ids: Collection[UUID]
    ) -> UUID:
        """Make what is written so a song of its own. Raises NotFoundError, ConflictError."""
        await lock_imports(tx, account_id)
        track = await get_track(tx, account_id, track_id)
        names = await name_store.list_names_of(tx, account_id, track.id)
        wanted = [name for name in names if name.id in set(name_ids)]
        if len(wanted) < len(set(name_ids)):
            raise NotFoundError("The song is not written so.")
        if len(wanted) == len(names):
            raise ConflictError("One way to write the song has to stay.", kind="nothing-left")
        if (home_id := _whole_track(wanted, names)) not in (None, track.id):
            await self.take_out(tx, account_id, home_id)
            return home_id
        own_id = new_id()
        await name_store.insert_apart(tx, own_id, track, wanted[0])
        moved = [name.id for name in wanted]
        await name_store.update_name_tracks(tx, account_id, moved, own_id)
        await self._move(tx, account_id, track.id, own_id, moved)
        return own_id

    async def merge(
        self, tx: AsyncConnection, account_id: UUID, track_id: UUID, into_id: UUID
    ) -> UUID:
        """Count a song's plays as another one's. Raises NotFoundError, ConflictError."""
        await lock_imports(tx, account_id)
        track = await get_track(tx, account_id, track_id)
        into = await get_track(tx, account_id, into_id)
        if track.id == into.id:
            raise ConflictError("They are one song already.", kind="same-track")
        if track.kind != into.kind:
            raise ConflictError("A song is no episode.", kind="other-kind")
        await name_store.update_merged(tx, account_id, track.id, into.id)
        await self._move(tx, account_id, track.id, into.id)
        found: UUID = into.id
        return found

    async def take_out(self, tx: AsyncConnection, account_id: UUID, track_id: UUID) -> None:
        """Let a song that is merged stand for itself. Raises NotFoundError, ConflictError."""
        await lock_imports(tx, account_id)
        track = await get_track(tx, account_id, track_id)
        if track.id == track_id:
            raise ConflictError("It is a song of its own.", kind="not-merged")
        names = await name_store.list_names_of(tx, account_id, track.id)
        await name_store.update_apart(tx, account_id, track_id)
        own = [name.id for name in names if name.home_id == track_id]
        await self._move(tx, account_id, track.id, track_id, own)

    async def _move(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        from_id: UUID,
        to_id: UUID,
        name_ids: Collection[UUID] | None = None,
    ) -> None:
        now = self._clock()
        starts = await word_store.list_starts_of(tx, account_id, from_id)
        await name_store.update_plays(tx, account_id, from_id, to_id, name_ids)
        await regroup_around(tx, account_id, starts, now)
        await update_library_version(tx, account_id)
        await tell_changed(tx, account_id, (from_id, to_id), now)


def _whole_track(wanted: Sequence[AnyRow], names: Sequence[AnyRow]) -> UUID | None:
    """The merged track that these names are all of, if they are."""
    homes: set[UUID] = {name.home_id for name in wanted}
    own = [name for name in names if name.home_id in homes]
    return homes.pop() if len(homes) == 1 and len(own) == len(wanted) else None
