from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from beatrunner.kit.blob import FolderBlobStore

CONTENT = b"a run" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_can_be_got_and_deleted(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    store.put(SHA256, CONTENT)
    assert store.get(SHA256) == CONTENT
    (path,) = files_below(tmp_path)
    assert path.stat().st_size < len(CONTENT)
    store.delete(SHA256)
    store.delete(SHA256)
    assert files_below(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        store.get(SHA256)


def test_the_same_is_kept_once(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    store.put(SHA256, CONTENT)
    (path,) = files_below(tmp_path)
    before = path.stat()
    store.put(SHA256, CONTENT)
    assert [path] == files_below(tmp_path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_many_may_put_the_same_at_once(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.put(SHA256, CONTENT), range(32)))
    assert len(files_below(tmp_path)) == 1
    assert store.get(SHA256) == CONTENT


def test_a_put_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    with pytest.raises(TypeError):
        store.put(SHA256, "text")  # type: ignore[arg-type]
    assert files_below(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["", "ab", "../" * 21 + "x", SHA256.upper(), "é" * 64, SHA256 + "\n"]
)
def test_only_hashes_are_names(tmp_path: Path, name: str) -> None:
    store = FolderBlobStore(tmp_path)
    for use in (store.get, store.delete):
        with pytest.raises(ValueError, match="SHA-256"):
            use(name)
