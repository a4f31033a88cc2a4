from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.account_export import (
    FORMAT,
    MANIFEST,
    Manifest,
    imported_members,
    is_original,
    original_name,
    read_manifest,
    read_part,
    write_manifest,
    write_part,
)
from beatrunner.codecs.archive import ArchiveLimits, list_members
from beatrunner.codecs.sniff import FileKind, sniff
from beatrunner.core.refusals import Refusal, UnreadableFileError

LIMITS = ArchiveLimits()
ROWS = st.lists(st.dictionaries(st.text(), st.none() | st.integers(0, 9) | st.text()))


def manifest(*parts: str) -> Manifest:
    return Manifest(FORMAT, "BeatRunner", "2026-03-01T06:30:00Z", {"tracks": 1}, [*parts], 1, {})


def imported(*names: str, written: bytes | None = None) -> list[str]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
        if written is not None:
            archive.writestr(MANIFEST, written)
    return [x.path for x in imported_members(file, list_members(file, LIMITS), LIMITS)]


@given(ROWS)
def test_a_part_comes_back(rows: list[dict[str, object]]) -> None:
    written = write_part("tracks", rows)
    assert sniff(written, "data/001-tracks.jsonl") is FileKind.ACCOUNT_ROWS
    read = read_part(written)
    assert (read.table, list(read.rows), read.broken) == ("tracks", rows, 0)


def test_lines_that_are_no_rows_are_counted() -> None:
    written = write_part("tracks", [{"a": 1}]) + b'[1]\n{"a": NaN}\n{"a"\n\xff\n' + b"[" * 9_000
    read = read_part(written)
    assert (list(read.rows), read.broken) == ([{"a": 1}], 5)


def test_a_manifest_comes_back_and_is_known() -> None:
    written = write_manifest(manifest("data/001-tracks.jsonl"))
    assert sniff(written, MANIFEST) is FileKind.ACCOUNT_EXPORT
    assert read_manifest(written) == manifest("data/001-tracks.jsonl")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", Refusal.DAMAGED),
        (b"[]", Refusal.DAMAGED),
        (b"{}", Refusal.DAMAGED),
        (b'{"beatrunner_export": "1"}', Refusal.DAMAGED),
        (b'{"beatrunner_export": 0}', Refusal.DAMAGED),
        (b'{"beatrunner_export": 1}', Refusal.DAMAGED),
        (b'{"beatrunner_export": 2, "all": "else is new"}', Refusal.NEWER_EXPORT),
    ],
)
def test_other_manifests_are_refused(written: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_manifest(written)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"\n", Refusal.DAMAGED),
        (b'{"beatrunner_rows":1}\n', Refusal.DAMAGED),
        (b'{"beatrunner_rows":2,"table":"tracks"}\n', Refusal.NEWER_EXPORT),
    ],
)
def test_other_parts_are_refused(written: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_part(written)
    assert refused.value.reason is reason


def test_parts_come_in_their_order_then_originals_then_the_manifest() -> None:
    original = original_name("a" * 64, "fit")
    assert imported(
        original,
        "data/002-b.jsonl",
        "runs/x.fit",
        "data/001-a.jsonl",
        written=write_manifest(manifest("data/001-a.jsonl", "data/002-b.jsonl")),
    ) == ["data/001-a.jsonl", "data/002-b.jsonl", original, MANIFEST]


def test_other_archives_are_left_as_they_are() -> None:
    assert imported("b.fit", "a.fit") == ["b.fit", "a.fit"]


def test_an_export_without_one_of_its_parts_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="damaged_archive"):
        imported("a", written=write_manifest(manifest("data/001-tracks.jsonl")))


def test_an_export_of_a_newer_version_is_refused() -> None:
    written = json.dumps({"beatrunner_export": FORMAT + 1}).encode()
    with pytest.raises(UnreadableFileError, match="newer_export"):
        imported("a", written=written)


def test_originals_are_known_by_their_names() -> None:
    name = original_name("0" * 64, "gpx")
    assert is_original(name)
    assert is_original(f"export.zip/{name}")
    assert not is_original(f"{name}/run.fit")
    assert sniff(b"<gpx/>", name) is FileKind.ACCOUNT_ORIGINAL
