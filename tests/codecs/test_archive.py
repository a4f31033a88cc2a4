"""Archives: what real exports hold opens, what attackers build does not."""

from __future__ import annotations

import gzip
import io
import pickle
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.archive import ArchiveLimits, Member, gunzip, list_members, read_member
from beatrunner.core.refusals import Refusal, UnreadableFileError

LIMITS = ArchiveLimits()
FILES = {"export/activities.csv": b"Activity ID\n1\n", "export/activities/1.fit": bytes(range(256))}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return bytearray(buffer.getvalue())


def members(data: bytes | bytearray, limits: ArchiveLimits = LIMITS) -> list[Member]:
    return list_members(io.BytesIO(data), limits)


def unpacked(data: bytes | bytearray, limits: ArchiveLimits = LIMITS) -> dict[str, bytes]:
    file = io.BytesIO(data)
    return {m.path: read_member(file, m, limits) for m in list_members(file, limits)}


def refusal(call: Callable[[], object]) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        call()
    return caught.value.reason


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_come_out_as_they_went_in(method: int) -> None:
    assert unpacked(zipped(FILES, method)) == FILES


def test_members_can_be_read_by_another_process() -> None:
    data = zipped(FILES)
    member = pickle.loads(pickle.dumps(members(data)[1]))  # noqa: S301 - our own value
    assert read_member(io.BytesIO(data), member, LIMITS) == bytes(range(256))


def test_an_archive_of_nothing_is_empty() -> None:
    assert refusal(lambda: members(zipped({}))) is Refusal.EMPTY
    # Its directory was there, and the record at the end says there is none.
    forgetful = zipped(FILES)
    end = forgetful.index(b"PK\x05\x06")
    forgetful[end + 8 : end + 16] = bytes(8)
    assert refusal(lambda: members(forgetful)) is Refusal.EMPTY


def test_archives_with_something_before_or_after_them_open() -> None:
    assert unpacked(b"stub" * 100 + bytes(zipped(FILES))) == FILES


def test_streamed_64_bit_archives_open() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("a", "w", force_zip64=True) as entry:
        entry.write(b"content")
    assert unpacked(buffer.getvalue()) == {"a": b"content"}


def test_folders_dot_files_and_resource_forks_are_left_out() -> None:
    noise = {"folder/": b"", "__MACOSX/._a": b"x", ".DS_Store": b"x", "a/.git/config": b"x"}
    assert unpacked(zipped(noise | {"a/b": b"kept"})) == {"a/b": b"kept"}


def test_names_without_the_utf8_flag_are_shown_readably() -> None:
    plain = zipped({"l__ufe.gpx": b"x"}).replace(b"l__ufe.gpx", "läufe.gpx".encode())
    assert [member.path for member in members(plain)] == ["läufe.gpx"]
    odd = zipped({"l_ufe.gpx": b"x"}).replace(b"l_ufe.gpx", b"l\x84ufe.gpx")
    assert [member.path for member in members(odd)] == ["läufe.gpx"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "C:\\run.fit", "a\\..\\b"])
def test_paths_that_leave_the_archive_are_refused(name: str) -> None:
    assert refusal(lambda: members(zipped({name: b"x"}))) is Refusal.UNSAFE_PATH


def test_links_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(lambda: members(buffer.getvalue())) is Refusal.UNSAFE_PATH


def test_encrypted_entries_are_refused() -> None:
    data = zipped({"a": b"x"})
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(lambda: members(data)) is Refusal.ENCRYPTED


def test_unknown_compression_is_refused() -> None:
    assert refusal(lambda: members(zipped({"a": b"x"}, zipfile.ZIP_LZMA))) is (
        Refusal.DAMAGED_ARCHIVE
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_names_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "one")
        archive.writestr("a", "two")
    assert refusal(lambda: members(buffer.getvalue())) is Refusal.OVERLAPPING_ENTRIES


def test_entries_that_share_bytes_are_refused() -> None:
    data = zipped({"a": b"x" * 100, "b": b"y" * 100}, zipfile.ZIP_STORED)
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)  # b's header offset: where a begins
    assert refusal(lambda: members(data)) is Refusal.OVERLAPPING_ENTRIES


def test_entries_that_reach_into_the_directory_are_refused() -> None:
    data = zipped({"a": b"x"}, zipfile.ZIP_STORED)
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 20, 60)  # a's packed size
    assert refusal(lambda: members(data)) is Refusal.OVERLAPPING_ENTRIES


def test_bombs_are_refused_by_their_ratio() -> None:
    data = zipped({"a": bytes(64 << 20)})
    assert refusal(lambda: members(data)) is Refusal.TOO_COMPRESSED
    assert len(members(zipped({"a": bytes(8 << 20)}))) == 1


@pytest.mark.parametrize("claimed", [10, 5_000])
def test_a_size_that_lies_is_refused(claimed: int) -> None:
    data = zipped({"a": bytes(1000)})
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, claimed)
    assert refusal(lambda: unpacked(data)) is Refusal.DAMAGED_ARCHIVE


def test_a_checksum_that_lies_is_refused() -> None:
    data = zipped({"a": b"content"}, zipfile.ZIP_STORED)
    data[data.index(b"content")] ^= 1
    assert refusal(lambda: unpacked(data)) is Refusal.DAMAGED_ARCHIVE


def test_limits_of_size_and_count() -> None:
    data = zipped({str(number): bytes(1000) for number in range(40)})
    for limits, reason in [
        (ArchiveLimits(max_archive_bytes=1000), Refusal.TOO_LARGE),
        (ArchiveLimits(max_members=39), Refusal.TOO_MANY_FILES),
        (ArchiveLimits(max_members=3), Refusal.TOO_MANY_FILES),
        (ArchiveLimits(max_total_bytes=39_999), Refusal.TOO_LARGE),
    ]:
        assert refusal(lambda limits=limits: members(data, limits)) is reason  # type: ignore[misc]
    small = ArchiveLimits(max_member_bytes=999)
    member = members(data, small)[0]
    assert refusal(lambda: read_member(io.BytesIO(data), member, small)) is Refusal.TOO_LARGE


def test_gzip_of_several_members_and_padding() -> None:
    assert gunzip(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(512), LIMITS) == b"one two"
    assert gunzip(gzip.compress(b""), LIMITS) == b""


def test_a_truncated_gzip_gives_what_is_there() -> None:
    content = bytes(range(256)) * 40
    packed = gzip.compress(content, compresslevel=0)
    assert gunzip(packed[:5000], LIMITS) == content[: 5000 - 15]


def test_gzip_refusals() -> None:
    damaged = bytearray(gzip.compress(b"content"))
    damaged[-5] ^= 1
    assert refusal(lambda: gunzip(bytes(damaged), LIMITS)) is Refusal.DAMAGED_ARCHIVE
    assert refusal(lambda: gunzip(b"plain", LIMITS)) is Refusal.DAMAGED_ARCHIVE
    bomb = gzip.compress(bytes(64 << 20))
    assert refusal(lambda: gunzip(bomb, LIMITS)) is Refusal.TOO_COMPRESSED
    small = ArchiveLimits(max_member_bytes=100)
    assert refusal(lambda: gunzip(gzip.compress(bytes(101)), small)) is Refusal.TOO_LARGE


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_only_unreadable_file_error_escapes(data: st.DataObject) -> None:
    mutant = zipped(FILES | {"big": bytes(3000)})
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutant)))
        mutant[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        found = unpacked(bytes(mutant))
    except UnreadableFileError:
        return
    assert sum(map(len, found.values())) <= 10_000


@given(st.binary(max_size=60))
def test_noise_is_refused(noise: bytes) -> None:
    packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + zlib.compress(noise)[2:]
    for call in (lambda: members(noise), lambda: gunzip(noise, LIMITS)):
        try:
            call()
        except UnreadableFileError:
            continue
    assert gunzip(packed[:-4], LIMITS) == noise
