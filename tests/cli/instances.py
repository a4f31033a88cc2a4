"""Instances of BeatRunner, as far as commands see them: a data folder and a database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from beatrunner.cli import main
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.db.moving import Digest, digest_table
from tests.sample_files import MORNING, plays, run, spotify_zip, zipped


@dataclass(frozen=True, slots=True)
class Instance:
    folder: Path
    address: str

    def beatrunner(self, *words: str | Path) -> Result:
        environment = {
            "BEATRUNNER_DATA_DIR": str(self.folder),
            "BEATRUNNER_DATABASE_URL": self.address,
        }
        return CliRunner(env=environment).invoke(main, [str(word) for word in words])

    def fill(self, folder: Path) -> None:
        """Two runs with songs."""
        files = {
            "runs.zip": zipped(
                {"a.fit": write_fit(run()), "b.gpx": write_gpx(run(MORNING.replace(day=3)))}
            ),
            "music.zip": spotify_zip(plays(MORNING, 3)),
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)
        done = self.beatrunner("import", *(folder / name for name in files))
        assert done.exit_code == 0, done.output
        (self.folder / "secret").write_bytes(b"s" * 32)

    def digests(self) -> dict[str, Digest]:
        """What each table holds, in an order that does not matter."""
        return asyncio.run(self._digests())

    async def _digests(self) -> dict[str, Digest]:
        database = Database(self.address, readers=1)
        async with database.snapshot() as tx:
            found = {table.name: await digest_table(tx, table) for table in all_tables()}
        await database.close()
        return found

    def files(self) -> dict[str, bytes]:
        """Original files and the secret."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in [*self.folder.glob("originals/*/*"), self.folder / "secret"]
            if path.is_file()
        }
