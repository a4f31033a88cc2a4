"""The codes of an authenticator app: time-based one-time passwords (RFC 6238).

Six digits that change every 30 s. The step before and the one after are taken as well (RFC 6238
§5.2): clocks differ, and people type.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime

import pyotp

STEP_S = 30

_ISSUER = "BeatRunner"
_DIGITS = re.compile(r"[0-9]{6}")


def make_seed() -> str:
    """160 random bits in base32, as apps take them."""
    return pyotp.random_base32()


def app_uri(seed: str, name: str) -> str:
    """What the QR code says; `name` tells the runner's accounts apart in the app."""
    return pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name=_ISSUER)


def digits_of(typed: str) -> str | None:
    """The code in what was typed, `123 456`; None where there is none."""
    code = typed.replace(" ", "")
    return code if _DIGITS.fullmatch(code) else None


def find_step(seed: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, of the present one and its neighbours."""
    present = int(now.timestamp()) // STEP_S
    app = pyotp.TOTP(seed)
    # All are compared, so that the time tells nothing.
    fitting = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(app.generate_otp(step), code)
    ]
    return max(fitting, default=None)
