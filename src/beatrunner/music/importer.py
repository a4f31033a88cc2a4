"""Store what a child process read from a listening history."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.kit.clock import Clock
from beatrunner.music.apple_artists import give_artists
from beatrunner.music.listens import add_listens
from beatrunner.music.play_table import PlayTable
from beatrunner.music.sources import SOURCES


class ListenImporter:
    """A history's originals are not kept: they are full of addresses."""

    readers: Mapping[FileKind, Reader] = {
        kind: source.read_table for kind, source in SOURCES.items()
    }
    keeps_original = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(self, tx: AsyncConnection, source: SourceFile, content: PlayTable) -> Stored:
        provenance = SOURCES[source.kind].provenance
        if provenance is Provenance.APPLE_MUSIC:
            await give_artists(tx, source.account_id, content)
        done = await add_listens(
            tx, source.account_id, source.batch_id, provenance, content, self._clock()
        )
        # A history in which nothing was played to any length has nothing that could be missing.
        outcome = Outcome.IMPORTED if done.added else Outcome.ALREADY_THERE
        return Stored(outcome, listens_added=done.added, reason=content.left_out)
