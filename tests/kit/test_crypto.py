from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.settings import Settings


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    first = ServerSecret.of(settings).derive_key("a")
    assert ServerSecret.of(settings).derive_key("a") == first
    (file,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ServerSecret.of(Settings(data_dir=tmp_path / "other")).derive_key("a") != first


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: ServerSecret.of(settings).derive_key("a"), range(40)))
    assert len(keys) == 1


def test_each_purpose_has_its_own_key() -> None:
    secret = ServerSecret.of(Settings(secret_key="x" * 32))
    assert secret.derive_key("a") != secret.derive_key("b")
    assert len(secret.derive_key("a")) == 32


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(ValueError, match="at least 32 bytes"):
        ServerSecret.of(Settings(data_dir=tmp_path))
