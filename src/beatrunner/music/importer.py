"""Store what a child process read from a listening history."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.kit.clock import Clock
from beatrunner.music.listens import add_listens
from beatrunner.music.play_table import PlayTable, read_spotify


class ListenImporter:
    """A history's originals are not kept: they are full of addresses."""

    readers: Mapping[FileKind, Reader] = {FileKind.SPOTIFY_EXTENDED: read_spotify}
    keeps_original = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(self, tx: AsyncConnection, source: SourceFile, content: PlayTable) -> Stored:
        done = await add_listens(
            tx,
            source.account_id,
            source.batch_id,
            Provenance.SPOTIFY_EXPORT,
            content,
            self._clock(),
        )
        # A history in which nothing was played to any length has nothing that could be missing.
        outcome = Outcome.IMPORTED if done.added else Outcome.ALREADY_THERE
        return Stored(outcome, listens_added=done.added)
