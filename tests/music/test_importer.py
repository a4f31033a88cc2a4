from __future__ import annotations

from uuid import UUID

from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from beatrunner.imports.outcomes import Outcome, SourceFile
from beatrunner.kit.ids import new_id
from beatrunner.music.importer import ListenImporter
from tests.conftest import HeldClock
from tests.music.test_listens import at


async def test_a_history_is_imported_once(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    importer = ListenImporter(clock)
    source = SourceFile(
        account_id=account_id,
        batch_id=new_id(),
        path="Spotify Extended Streaming History/Streaming_History_Audio_2024_1.json",
        kind=FileKind.SPOTIFY_EXTENDED,
        sha256="0" * 64,
        provenance=Provenance.FILE,
    )
    data = write_extended_history([at(0), at(10)])
    history = importer.readers[FileKind.SPOTIFY_EXTENDED](data)
    async with database.write() as tx:
        first = await importer.store(tx, source, history)
        again = await importer.store(tx, source, history)
    assert (first.outcome, first.listens_added) == (Outcome.IMPORTED, 2)
    assert (again.outcome, again.listens_added) == (Outcome.ALREADY_THERE, 0)


def test_the_original_with_its_addresses_is_not_kept(clock: HeldClock) -> None:
    assert not ListenImporter(clock).keeps_original
