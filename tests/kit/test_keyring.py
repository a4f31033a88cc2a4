from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from beatrunner.kit.keyring import Keyring, forget, read_secrets, rotate, secret_file
from beatrunner.kit.settings import Settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "not there yet" / "new")
    first = Keyring.of(settings).current.kid
    assert Keyring.of(settings).current.kid == first
    (file,) = settings.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keyring.of(Settings(data_dir=tmp_path / "other")).current.kid != first


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        kids = set(threads.map(lambda _: Keyring.of(settings).current.kid, range(40)))
    assert len(kids) == 1


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Keyring.of(Settings(data_dir=tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b'{"secrets":[],"first":""}',
        b'{"secrets":[],"first":"%s"}' % base64.b64encode(bytes(range(32))),
        b'{"secrets":',
        b'{"secrets":[{"a":1}]}',
    ],
)
def test_a_broken_file_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's words, or ours
        Keyring.of(Settings(data_dir=tmp_path))
    assert (tmp_path / "secret").read_bytes() == content


def test_settings_name_the_current_secret_and_older_ones(tmp_path: Path) -> None:
    before = Keyring.of(Settings(data_dir=tmp_path, secret_key="a" * 32)).current
    after = Keyring.of(
        Settings(data_dir=tmp_path, secret_key="b" * 32, older_secret_keys=("a" * 32,))
    )
    assert after.current.kid != before.kid
    assert after.secrets[1].kid == before.kid
    assert after.first.kid == before.kid
    alone = Settings(secret_key="b" * 32, first_secret_key="a" * 32)
    assert Keyring.of(alone).first.kid == before.kid
    assert Keyring.of(alone).find(before.kid) is None
    assert not secret_file(Settings(data_dir=tmp_path)).exists()
    with pytest.raises(ValidationError):
        Settings(secret_key="b" * 32, older_secret_keys=("short",))


def test_a_running_ring_sees_a_rotation_at_once(tmp_path: Path) -> None:
    """Also when the first file was written by a version that knew but one secret."""
    settings = Settings(data_dir=tmp_path)
    (tmp_path / "secret").write_bytes(bytes(range(32)))
    running = Keyring.of(settings)
    first = running.current
    second = rotate(secret_file(settings), NOW)
    assert running.find(second.kid) is running.current
    assert [secret.kid for secret in running.secrets] == [second.kid, first.kid]
    assert running.find(first.kid).derive_key("a") == first.derive_key("a")  # type: ignore[union-attr]
    assert [one.replaced_at for one in read_secrets(secret_file(settings))] == [None, NOW]
    assert stat.S_IMODE(secret_file(settings).stat().st_mode) == 0o600
    forget(secret_file(settings), [first.kid, second.kid])
    assert running.first.derive_key("shared-runs") == first.derive_key("shared-runs")
    assert [secret.kid for secret in running.secrets] == [second.kid]
    assert running.find(first.kid) is None
    secret_file(settings).unlink()
    assert running.current.kid == second.kid


def test_a_file_that_is_put_back_is_read_at_whatever_is_asked_first(tmp_path: Path) -> None:
    running = Keyring.of_file(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(bytes(range(32)))
    assert running.first.kid == Keyring.of_file(tmp_path / "secret").current.kid


def test_rotations_at_the_same_time_lose_no_secret(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    kids = {Keyring.of(settings).current.kid}
    with ThreadPoolExecutor(8) as threads:
        made = threads.map(lambda _: rotate(secret_file(settings), NOW), range(20))
        kids |= {one.kid for one in made}
    assert {secret.kid for secret in Keyring.of(settings).secrets} == kids
    assert len(kids) == 21


def test_no_secret_is_told(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    kept = rotate(_made(settings), NOW)
    told = repr((kept, Keyring.of(settings).current, Settings(secret_key="s" * 32)))
    assert repr(kept.secret)[2:-1] not in told
    assert kept.secret.hex() not in told
    assert "sss" not in told


def test_hashes_find_what_was_stored_before_a_rotation(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    ring = Keyring.of(settings)
    stored = ring.hash("codes", "123456")
    assert ring.hashes("codes", "123456") == [stored]
    assert ring.hash("other", "123456") != stored
    rotate(secret_file(settings), NOW)
    assert ring.hash("codes", "123456") != stored
    assert ring.hashes("codes", "123456")[1] == stored


def _made(settings: Settings) -> Path:
    Keyring.of(settings)
    return secret_file(settings)
