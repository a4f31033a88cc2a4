"""Certificates of the home network, as a phone's TLS judges them."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from beatrunner.kit.home_network import HOME_IPV4
from beatrunner.kit.local_certificates import LocalCertificates, fingerprint

NAMES = ("192.168.1.5", "10.0.0.7", "tower.local")
NOW = datetime.now(UTC)


def made(folder: Path, *names: str) -> LocalCertificates:
    found = LocalCertificates(folder, HOME_IPV4)
    found.renew(names or NAMES, NOW)
    return found


def leaf_of(certificates: LocalCertificates) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificates.leaf_path.read_bytes())


def shake_hands(certificates: LocalCertificates, name: str) -> None:
    """TLS in memory, with a client that trusts the authority. Raises SSLCertVerificationError."""
    authority = certificates.authority().public_bytes(Encoding.PEM).decode()
    client_context = ssl.create_default_context(cadata=authority)
    server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_context.load_cert_chain(certificates.leaf_path)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("name", NAMES)
def test_who_trusts_the_authority_trusts_every_name(tmp_path: Path, name: str) -> None:
    shake_hands(made(tmp_path), name)


def test_another_name_is_not_trusted(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(made(tmp_path), "192.168.1.6")


@pytest.mark.parametrize("name", ["bank.example", "8.8.8.8", "local.example"])
def test_the_authority_is_good_for_nothing_beyond_home(tmp_path: Path, name: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands(made(tmp_path, name), name)


def test_the_leaf_is_as_phones_ask_for(tmp_path: Path) -> None:
    leaf = leaf_of(made(tmp_path))
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_keys_are_for_their_user_alone(tmp_path: Path) -> None:
    made(tmp_path / "https")
    files = list((tmp_path / "https").iterdir())
    assert {path.name for path in files} == {"authority.pem", "server.pem"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (tmp_path / "https").stat().st_mode & 0o777 == 0o700


def test_nothing_is_renewed_without_need(tmp_path: Path) -> None:
    certificates = made(tmp_path)
    before = leaf_of(certificates)
    assert not certificates.renew(NAMES[::-1], NOW + timedelta(days=300))
    assert leaf_of(certificates) == before


@pytest.mark.parametrize(
    ("names", "later"),
    [
        (NAMES, timedelta(days=365)),
        ((*NAMES, "192.168.1.6"), timedelta()),
        (NAMES[:1], timedelta()),
    ],
)
def test_the_leaf_is_renewed_and_the_authority_stays(
    tmp_path: Path, names: tuple[str, ...], later: timedelta
) -> None:
    certificates = made(tmp_path)
    authority, before = fingerprint(certificates.authority()), leaf_of(certificates)
    assert certificates.renew(names, NOW + later)
    assert leaf_of(certificates) != before
    assert fingerprint(certificates.authority()) == authority


def test_an_authority_at_its_end_takes_its_leaf_along(tmp_path: Path) -> None:
    certificates = made(tmp_path)
    before = fingerprint(certificates.authority())
    assert certificates.renew(NAMES, NOW + timedelta(days=3640))
    assert fingerprint(certificates.authority()) != before
    assert leaf_of(certificates).issuer == certificates.authority().subject


@pytest.mark.parametrize("damage", [b"", b"\x00 not a key", b"-----BEGIN CERTIFICATE-----\n"])
def test_damaged_files_are_replaced(tmp_path: Path, damage: bytes) -> None:
    certificates = made(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(damage)
    assert certificates.renew(NAMES, NOW)
    shake_hands(certificates, NAMES[0])
