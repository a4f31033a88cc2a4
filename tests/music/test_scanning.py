"""A folder of music, read by real children."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.core.refusals import Refusal
from beatrunner.core.simulation.drumming import Drumming, Pattern, drum
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import tempo_readings
from beatrunner.db.tables import track_source_ids, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.parser_pool import ParserPool
from beatrunner.music.scanning import MusicScanner, Scanned, music_files
from beatrunner.music.tempo import TrackTempi
from tests.codecs.test_audio_file import audio, id3
from tests.conftest import HeldClock

SONG = drum(Drumming(150.0, Pattern.ROCK, seed=1, length_s=12.0, rate_hz=22_050))
TAGS = id3(TIT2="Harbour Lights", TPE1="The Tide", TBPM="75", TSRC="GBAYE0000001")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    (folder / "Quay").mkdir(parents=True)
    (folder / "Quay" / "01.mp3").write_bytes(TAGS + audio("MP3", SONG))
    (folder / "The Tide - Neap.flac").write_bytes(audio("FLAC", SONG * 0.0))
    (folder / "broken.mp3").write_bytes(os.urandom(5_000))
    (folder / "cover.jpg").write_bytes(b"no music")
    (folder / ".hidden.mp3").write_bytes(b"not to be seen")
    return folder


@pytest.fixture
def scanner(database: Database, clock: HeldClock, parser_pool: ParserPool) -> MusicScanner:
    return MusicScanner(database, parser_pool, TrackTempi(clock, []), at_once=2)


async def scan(
    scanner: MusicScanner, account_id: UUID, folder: Path, *, again: bool = False
) -> dict[str, Scanned]:
    done: list[Scanned] = []
    await scanner.scan(account_id, music_files(folder), done.append, again=again)
    return {found.path.name: found for found in done}


async def songs(database: Database) -> dict[str, AnyRow]:
    async with database.read() as tx:
        return {row.title: row for row in await tx.execute(select(tracks))}


async def test_a_folder_is_listened_to(
    scanner: MusicScanner, database: Database, account_id: UUID, folder: Path
) -> None:
    done = await scan(scanner, account_id, folder)
    assert set(done) == {"01.mp3", "The Tide - Neap.flac", "broken.mp3"}
    assert done["01.mp3"].tag_bpm == 75.0
    assert done["01.mp3"].measured_bpm == pytest.approx(150.0, rel=0.01)
    assert done["The Tide - Neap.flac"].measured_bpm is None
    assert done["broken.mp3"].refusal is Refusal.NO_MUSIC
    found = await songs(database)
    assert {(row.title, row.artist) for row in found.values()} >= {
        ("Harbour Lights", "The Tide"),
        ("Neap", "The Tide"),
    }
    song = found["Harbour Lights"]
    assert (song.tempo_bpm, song.tempo_source, song.tempo_verdict) == (75.0, "tag", "confirmed")
    async with database.read() as tx:
        readings = (await tx.execute(select(tempo_readings))).all()
        identities = (await tx.scalars(select(track_source_ids.c.source_id))).all()
    assert {row.source for row in readings} == {"tag", "analysis"}
    assert identities == ["isrc:GBAYE0000001"]
    first_beats = [row.first_beat_s for row in readings if row.source == "analysis"]
    assert first_beats[0] is not None


async def test_what_was_measured_is_not_measured_again(
    scanner: MusicScanner, account_id: UUID, folder: Path
) -> None:
    await scan(scanner, account_id, folder)
    done = await scan(scanner, account_id, folder)
    assert done["01.mp3"].is_known
    done = await scan(scanner, account_id, folder, again=True)
    assert not done["01.mp3"].is_known


async def test_what_the_runner_said_survives_a_scan(
    scanner: MusicScanner, database: Database, clock: HeldClock, account_id: UUID, folder: Path
) -> None:
    await scan(scanner, account_id, folder)
    song = (await songs(database))["Harbour Lights"]
    tempi = TrackTempi(clock, [])
    async with database.write() as tx:
        await tempi.fold(tx, account_id, song.id, 2.0)
    await scan(scanner, account_id, folder, again=True)
    song = (await songs(database))["Harbour Lights"]
    assert (song.tempo_bpm, song.tempo_source, song.tempo_verdict) == (150.0, "manual", "own")


async def test_a_file_that_is_gone_or_endless_is_refused(
    scanner: MusicScanner, account_id: UUID, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.wav"
    with endless.open("wb") as file:
        file.truncate(300 * 1024**2)
    done: list[Scanned] = []
    await scanner.scan(account_id, [endless, tmp_path / "gone.mp3"], done.append)
    assert {found.path.name: found.refusal for found in done} == {
        "endless.wav": Refusal.TOO_LARGE,
        "gone.mp3": Refusal.IMPORTER_FAILED,
    }
