from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from beatrunner.kit.settings import DemoDoor, Settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATRUNNER_DATA_DIR", str(tmp_path))


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.folder == tmp_path
    assert settings.database == f"sqlite:///{tmp_path}/beatrunner.db"
    assert (settings.host, settings.port, settings.allowed_hosts) == ("127.0.0.1", 8000, ())
    assert settings.demo is DemoDoor.LOOPBACK


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beatrunner.toml").write_text('port = 9000\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("BEATRUNNER_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.host) == (9001, "0.0.0.0")  # noqa: S104
    assert Settings(port=9002).port == 9002


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("run.example.org", ("run.example.org",)),
        (" a.example , b.example:8443 ,", ("a.example", "b.example:8443")),
        ("", ()),
    ],
)
def test_hosts_in_the_environment_stand_between_commas(
    monkeypatch: pytest.MonkeyPatch, text: str, hosts: tuple[str, ...]
) -> None:
    monkeypatch.setenv("BEATRUNNER_ALLOWED_HOSTS", text)
    assert Settings().allowed_hosts == hosts


def test_trusted_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATRUNNER_TRUSTED_PROXIES", "127.0.0.1, 10.0.7.0/24, fd00::/8")
    assert Settings().trusted_proxies == tuple(
        map(ip_network, ("127.0.0.1/32", "10.0.7.0/24", "fd00::/8"))
    )


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.7.1/24", "127.0.0.1:80", "unix:"])
def test_a_proxy_that_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("BEATRUNNER_TRUSTED_PROXIES", text)
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings()


def test_hosts_in_the_file_are_a_list(tmp_path: Path) -> None:
    (tmp_path / "beatrunner.toml").write_text('allowed_hosts = ["a.example", "b.example"]\n')
    assert Settings().allowed_hosts == ("a.example", "b.example")


def test_a_misspelt_setting_in_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "beatrunner.toml").write_text("prot = 9000\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "http"),
        ("SECRET_KEY", "short"),
        ("LOG_LEVEL", "loud"),
        ("DEMO", "perhaps"),
        ("PARSER_WALL_S", "-1"),
        ("MAX_UPLOAD_BYTES", "0"),
    ],
)
def test_impossible_values_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"BEATRUNNER_{name}", value)
    with pytest.raises(ValidationError):
        Settings()
