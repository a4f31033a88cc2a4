from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.imports.reading import read_file
from beatrunner.imports.unpacking import LIMITS, Place, open_archive
from tests.sample_files import run, strava_table, zipped

FIT = write_fit(run())


def sparse(path: Path) -> Path:
    """Larger than anything that is read as a whole, and no room on the disk."""
    with path.open("wb") as file:
        file.truncate(LIMITS.max_member_bytes + 1)
    return path


def test_the_original_goes_back_only_where_it_will_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(FIT)
    place = Place(path, "run.fit")
    kept = read_file(place, {FileKind.FIT: len}, frozenset({FileKind.FIT}))
    assert (kept.kind, kept.original, kept.content) == (FileKind.FIT, FIT, len(FIT))
    dropped = read_file(place, {FileKind.FIT: len}, frozenset())
    assert (dropped.original, dropped.sha256) == (None, kept.sha256)
    assert read_file(place, {}, frozenset()).content is None


def test_a_film_is_passed_over_and_an_endless_run_refused(tmp_path: Path) -> None:
    path = sparse(tmp_path / "spooled")
    film = read_file(Place(path, "media/lake.mp4"), {}, frozenset())
    assert (film.kind, film.original) == (FileKind.NOTHING, None)
    with pytest.raises(UnreadableFileError) as caught:
        read_file(Place(path, "run.fit"), {FileKind.FIT: len}, frozenset())
    assert caught.value.reason is Refusal.TOO_LARGE


def test_stravas_words_are_found_by_their_place_in_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    table = strava_table({"activities/1.fit": "Lake"})
    path.write_bytes(zipped({"export/activities.csv": table, "export/activities/1.fit": FIT}))
    opened = open_archive(path, "export.zip")
    assert opened is not None
    (told,) = opened.tables
    assert told.by_path["export.zip/export/activities/1.fit"].name == "Lake"
    assert [member.path for member in opened.members.values()] == [
        "export/activities.csv",
        "export/activities/1.fit",
    ]


def test_what_is_no_archive_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(FIT)
    assert open_archive(path, "pretends.zip") is None


def test_a_run_behind_four_gigabytes_of_film_is_found(tmp_path: Path) -> None:
    """ZIP64: sizes and places beyond 32 bits. The film takes no room on the disk."""
    path = tmp_path / "spooled"
    film_bytes = 5 << 30
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("first.fit", FIT)
        film = zipfile.ZipInfo("media/film.mp4")
        film.file_size, film.compress_size, film.CRC = film_bytes, film_bytes, 0
        assert archive.fp is not None
        film.header_offset = archive.fp.tell()
        archive.fp.write(film.FileHeader(zip64=True))
        archive.fp.seek(film_bytes, 1)
        archive.filelist.append(film)
        archive.start_dir = archive.fp.tell()
        archive.writestr("last.fit", FIT)
    assert path.stat().st_size > film_bytes
    opened = open_archive(path, "export.zip")
    assert opened is not None
    first, skipped, last = (
        read_file(Place(path, member.path, member), {}, frozenset())
        for member in opened.members.values()
    )
    assert (first.kind, skipped.kind, last.sha256) == (
        FileKind.FIT,
        FileKind.NOTHING,
        first.sha256,
    )


def test_an_archive_larger_than_any_upload_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate((8 << 30) + 1)
    with pytest.raises(UnreadableFileError) as caught:
        open_archive(path, "export.zip")
    assert caught.value.reason is Refusal.TOO_LARGE
