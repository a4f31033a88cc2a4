from __future__ import annotations

from pathlib import Path

import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.imports.reading import read_file
from beatrunner.imports.unpacking import Place, open_archive
from tests.sample_files import run, strava_table, zipped

FIT = write_fit(run())


def sparse(path: Path) -> Path:
    """Larger than any run, and no room on the disk."""
    with path.open("wb") as file:
        file.truncate(200 << 20)
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
