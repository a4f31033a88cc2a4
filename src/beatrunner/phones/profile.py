"""What a phone is given so that it trusts this computer's authority."""

from __future__ import annotations

import plistlib
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from beatrunner.kit.local_certificates import fingerprint


def certificate_file(authority: x509.Certificate) -> bytes:
    """DER, which Android, desktop systems and iOS read."""
    return authority.public_bytes(Encoding.DER)


def apple_profile(authority: x509.Certificate) -> bytes:
    """A configuration profile that holds the authority and nothing else.

    The same authority always gives the same identifiers, so that a second download replaces the
    first instead of standing beside it (Apple, Configuration Profile Reference).
    """
    name = str(authority.subject.rdns[0].rfc4514_string()).removeprefix("CN=")
    profile_id, content_id = (
        str(uuid5(NAMESPACE_URL, f"beatrunner:{part}:{fingerprint(authority)}")).upper()
        for part in ("profile", "authority")
    )
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"beatrunner.home.{profile_id}",
            "PayloadUUID": profile_id,
            "PayloadDisplayName": name,
            "PayloadDescription": "Lets this device trust BeatRunner in the home network.",
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [
                {
                    "PayloadType": "com.apple.security.root",
                    "PayloadVersion": 1,
                    "PayloadIdentifier": f"beatrunner.home.{content_id}",
                    "PayloadUUID": content_id,
                    "PayloadDisplayName": name,
                    "PayloadCertificateFileName": "beatrunner.crt",
                    "PayloadContent": certificate_file(authority),
                }
            ],
        }
    )
