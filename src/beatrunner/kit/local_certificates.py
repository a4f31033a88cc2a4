"""Certificates for the home network, made on the spot.

No public authority signs for 192.168.1.5, so this computer is its own: a local authority (CA) signs
a certificate (leaf) for the computer's names. A phone that is told to trust the authority trusts
the computer. What a thief of the authority's key could do with it is bounded by the authority
itself: it may sign for addresses of home networks and for names in `.local`, and for nothing else
(RFC 5280 §4.2.1.10).

Apple asks of a leaf that it lasts 398 days at most, names its hosts as alternative names, and says
that it is for servers (support.apple.com/103769, 103214); others ask for less.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LEAF_LASTS = timedelta(days=390)
_AUTHORITY_LASTS = timedelta(days=3650)
#: Renewed so long before the end.
_LEFT = timedelta(days=30)
#: Clocks of phones are a little behind now and then.
_BACKDATED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Signed:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def to_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ) + self.certificate.public_bytes(serialization.Encoding.PEM)


class LocalCertificates:
    """The authority and the leaf in `folder`, readable by their user alone.

    Both are single files of key and certificate, replaced as a whole: several processes may look
    after the same folder. `networks` are those whose addresses the authority may sign for.
    """

    def __init__(self, folder: Path, networks: Collection[IPv4Network]) -> None:
        self._folder = folder
        self._networks = networks
        #: What a server reads: the leaf's key and certificate.
        self.leaf_path = folder / "server.pem"

    def renew(self, names: Collection[str], now: datetime) -> bool:
        """Make what is missing, near its end, or for other names than `names`; True if it did.

        Names are addresses and host names, the first of them the most important.
        """
        authority, is_new = self._authority(now)
        leaf = None if is_new else _read(self.leaf_path)
        if leaf and not _is_ending(leaf, now) and set(_names_of(leaf.certificate)) == set(names):
            return False
        _write(self.leaf_path, _sign_leaf(authority, names, now))
        return True

    def authority(self) -> x509.Certificate:
        """What phones are to trust. Raises FileNotFoundError before the first `renew`."""
        found = _read(self._authority_path)
        if found is None:
            raise FileNotFoundError(self._authority_path)
        return found.certificate

    @property
    def _authority_path(self) -> Path:
        return self._folder / "authority.pem"

    def _authority(self, now: datetime) -> tuple[_Signed, bool]:
        found = _read(self._authority_path)
        if found is not None and not _is_ending(found, now):
            return found, False
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = _make_authority(self._networks, now)
        _write(self._authority_path, made)
        return made, True


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, as phones show it: `AB CD …`."""
    return certificate.fingerprint(hashes.SHA256()).hex(" ").upper()


def _make_authority(networks: Collection[IPv4Network], now: datetime) -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    # The name tells several computers apart in the list of a phone.
    tag = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:6].upper()
    name = _name(f"BeatRunner at home ({tag})")
    may_sign = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    allowed = [x509.DNSName("local"), *map(x509.IPAddress, networks)]
    builder = (
        _builder(name, name, key, now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(may_sign, critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
    )
    return _Signed(builder.sign(key, hashes.SHA256()), key)


def _sign_leaf(authority: _Signed, names: Collection[str], now: datetime) -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    ends_at = authority.certificate.not_valid_after_utc
    lasts = min(LEAF_LASTS, ends_at - now)
    builder = (
        _builder(_name("BeatRunner"), authority.certificate.subject, key, now, lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(list(map(_general, names))), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    return _Signed(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names_of(leaf: x509.Certificate) -> list[str]:
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    return [*map(str, addresses), *names.get_values_for_type(x509.DNSName)]


def _is_ending(signed: _Signed, now: datetime) -> bool:
    return now > signed.certificate.not_valid_after_utc - _LEFT


def _read(path: Path) -> _Signed | None:
    """None also for a file that is damaged: a new one takes its place."""
    try:
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, None)
        certificate = x509.load_pem_x509_certificate(content)
    except (FileNotFoundError, ValueError):
        return None
    return _Signed(certificate, key) if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _write(path: Path, signed: _Signed) -> None:
    # mkstemp makes the file readable by its owner alone.
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=f".new-{path.stem}-")
    with os.fdopen(handle, "wb") as file:
        file.write(signed.to_pem())
        file.flush()
        os.fsync(file.fileno())
    Path(new).replace(path)
