"""What counts as home, and under which names this computer answers there."""

from __future__ import annotations

from pathlib import Path

import pytest

from beatrunner.kit.home_network import HomeNetwork, home_addresses, is_at_home, local_name
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock


@pytest.mark.parametrize(
    ("host", "is_home"),
    [
        ("192.168.1.5", True),
        ("10.1.2.3", True),
        ("172.31.255.1", True),
        ("172.32.0.1", False),
        ("169.254.7.7", True),
        ("fd00::1", True),
        ("fe80::1", True),
        ("8.8.8.8", False),
        ("2002:c0a8:105::1", False),
        ("::ffff:192.168.1.5", False),
        ("192.168.1.5.evil.example", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_home_is_what_no_router_passes_on(host: str, is_home: bool) -> None:
    assert is_at_home(host) == is_home


def test_found_addresses_are_at_home() -> None:
    assert all(map(is_at_home, home_addresses()))


def test_the_name_is_one_label() -> None:
    label, _, rest = local_name().partition(".")
    assert label
    assert rest == "local"


def test_names_and_certificate_follow_the_addresses(tmp_path: Path, clock: HeldClock) -> None:
    addresses = ["192.168.1.5"]
    home = HomeNetwork(Settings(data_dir=tmp_path), clock, addresses=lambda: addresses)
    assert not home.answers_to("192.168.1.5:8443")
    assert home.refresh()
    assert not home.refresh()
    assert home.answers_to("192.168.1.5:8443")
    assert home.answers_to(f"{local_name()}:8443")
    for stranger in ("192.168.1.5", "192.168.1.5:8000", "192.168.1.6:8443", "evil.example:8443"):
        assert not home.answers_to(stranger)
    assert home.origins() == ["https://192.168.1.5:8443", f"https://{local_name()}:8443"]
    addresses[:] = ["192.168.1.6"]
    assert home.refresh()
    assert not home.answers_to("192.168.1.5:8443")
    assert home.answers_to("192.168.1.6:8443")


def test_without_a_network_there_is_nowhere_to_go(tmp_path: Path, clock: HeldClock) -> None:
    home = HomeNetwork(Settings(data_dir=tmp_path), clock, addresses=list)
    assert home.refresh()
    assert home.origins() == []


def test_addresses_can_be_told(tmp_path: Path, clock: HeldClock) -> None:
    settings = Settings(data_dir=tmp_path, lan_addresses=("10.0.0.9",), lan_port=9443)
    home = HomeNetwork(settings, clock, addresses=list)
    assert home.origins()[0] == "https://10.0.0.9:9443"
