"""The runner's own music files: their tags, and the tempo that their sound has.

Files are read in limited child processes, a few at once, and stored one by one, so that a scan
that is stopped has lost nothing and goes on with what is not measured yet. A file without a title
is called by its name; "Artist - Title.mp3" tells both. Only numbers and names are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from beatrunner.codecs.audio_file import SUFFIXES, AudioTags, read_sound, read_tags
from beatrunner.core.beat import Beat, find_beat
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.db.engine import Database
from beatrunner.imports.refusing import refusal_of
from beatrunner.kit.log import logger
from beatrunner.kit.parser_pool import ParserPool
from beatrunner.music.tempo import OwnSource, TrackTempi

log = logger(__name__)

_LARGEST_BYTES = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one file. `refusal` says why its sound, or all of it, could not be read."""

    path: Path
    is_known: bool = False
    tag_bpm: float | None = None
    measured_bpm: float | None = None
    refusal: Refusal | None = None


def music_files(folder: Path) -> Iterator[Path]:
    """Visible files that are called like music, in order."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def read_file_tags(path: Path) -> AudioTags:
    """Runs in a child. Raises UnreadableFileError."""
    found = read_tags(_bytes_of(path), path.name)
    if found.title is not None:
        return found
    artist, dash, title = path.stem.partition(" - ")
    if dash and title.strip() and found.artist in (None, artist.strip()):
        return replace(found, title=title.strip()[:500], artist=artist.strip()[:500] or None)
    return replace(found, title=path.stem[:500])


def measure_file(path: Path) -> Beat | None:
    """Runs in a child. None where there is no beat. Raises UnreadableFileError."""
    return find_beat(*read_sound(_bytes_of(path)))


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_BYTES:
        raise UnreadableFileError(Refusal.TOO_LARGE)
    return path.read_bytes()


class MusicScanner:
    def __init__(
        self, database: Database, pool: ParserPool, tempi: TrackTempi, at_once: int
    ) -> None:
        self._database = database
        self._pool = pool
        self._tempi = tempi
        self._at_once = at_once

    async def scan(
        self,
        account_id: UUID,
        paths: Iterable[Path],
        on_file: Callable[[Scanned], None],
        *,
        again: bool = False,
    ) -> None:
        """Take each file in, and tell `on_file`; `again` measures also what was measured before."""
        waiting = iter(paths)

        async def work() -> None:
            for path in waiting:
                on_file(await self._take_in(account_id, path, again))

        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(work())

    async def _take_in(self, account_id: UUID, path: Path, again: bool) -> Scanned:
        done = Scanned(path)
        try:
            tags = await self._pool.run(read_file_tags, path)
            done = replace(done, tag_bpm=tags.tempo_bpm)
            track_id, is_measured = await self._store_tags(account_id, tags)
            if is_measured and not again:
                return replace(done, is_known=True)
            beat = await self._pool.run(measure_file, path)
            if beat is not None:
                await self._store_beat(account_id, track_id, beat)
                done = replace(done, measured_bpm=beat.tempo_bpm)
        except Exception as error:
            done = replace(done, refusal=refusal_of(error))
            if done.refusal is Refusal.IMPORTER_FAILED:
                log.error("scan.failed_on_file", exc_info=error)
            else:
                log.info("scan.refused", reason=done.refusal, detail=str(error))
        return done

    async def _store_tags(self, account_id: UUID, tags: AudioTags) -> tuple[UUID, bool]:
        """The track, and whether its sound was measured before."""
        tempi = self._tempi
        async with self._database.write() as tx:
            track_id = await tempi.add_track(
                tx, account_id, tags.title or "", tags.artist or "", tags.album
            )
            await tempi.identify(tx, account_id, track_id, tags.identities)
            if tags.tempo_bpm is not None:
                await tempi.set(tx, account_id, track_id, tags.tempo_bpm, OwnSource.TAG)
            track = await tempi.get(tx, account_id, track_id)
        return track_id, any(word.source == OwnSource.ANALYSIS for word in track.words)

    async def _store_beat(self, account_id: UUID, track_id: UUID, beat: Beat) -> None:
        async with self._database.write() as tx:
            await self._tempi.set(
                tx, account_id, track_id, beat.tempo_bpm, OwnSource.ANALYSIS, beat.first_beat_s
            )
