from __future__ import annotations

import pytest

from beatrunner.kit.crypto import ServerSecret


def test_each_purpose_has_its_own_key() -> None:
    secret = ServerSecret(b"x" * 32)
    keys = {secret.derive_key(purpose) for purpose in ("a", "b", "kid")}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    assert secret.derive_key("a") == ServerSecret(b"x" * 32).derive_key("a")


def test_its_id_is_its_own_and_tells_nothing() -> None:
    secret = ServerSecret(b"x" * 32)
    assert len(secret.kid) == 8
    assert secret.kid == ServerSecret(b"x" * 32).kid != ServerSecret(b"y" * 32).kid
    assert repr(secret) == f"ServerSecret({secret.kid.hex()})"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        ServerSecret(b"short")
