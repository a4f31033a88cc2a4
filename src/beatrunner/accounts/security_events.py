"""The log of what concerns the safety of an account, for its runner to read.

An event is written in the transaction of the change it tells of: neither is there without the
other. It tells when, what, with what kind of device and from which network; the network is cut to
what an internet provider gives a household or a street (IPv4 /24, IPv6 /48), which is enough to
tell home from elsewhere. It never holds a secret, and is kept for a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import event_store
from beatrunner.accounts.this_computer import Caller

KEPT_FOR = timedelta(days=365)

#: Failures of strangers are told once in this time, so that they can neither fill the log nor
#: push out of sight what else is in it.
_FAILURES_APART = timedelta(minutes=10)


class SecurityEvent(StrEnum):
    ACCOUNT_MADE = "account_made"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SIGNED_OUT = "signed_out"
    SIGN_IN_ENDED = "sign_in_ended"
    OTHER_SIGN_INS_ENDED = "other_sign_ins_ended"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 - what happened, no secret
    CONFIRMED = "confirmed"
    CONFIRMATION_FAILED = "confirmation_failed"
    PASSWORD_SET = "password_set"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_REMOVED = "password_removed"  # noqa: S105
    PASSWORD_RESET_ASKED = "password_reset_asked"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    #: Its counter went back: there may be a copy.
    PASSKEY_SUSPECT = "passkey_suspect"
    TOTP_TURNED_ON = "totp_turned_on"
    TOTP_TURNED_OFF = "totp_turned_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_FIRST_USED = "token_first_used"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    BRIDGE_PAIRED = "bridge_paired"
    BRIDGE_WITHDRAWN = "bridge_withdrawn"
    BECAME_MEMBER = "became_member"
    DISABLED = "disabled"
    ENABLED = "enabled"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    EXPORT_ASKED = "export_asked"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_WITHDRAWN = "erasure_withdrawn"


#: What anybody can bring about who knows an address.
_BY_STRANGERS = frozenset(
    {
        SecurityEvent.SIGN_IN_FAILED,
        SecurityEvent.SECOND_FACTOR_FAILED,
        SecurityEvent.CONFIRMATION_FAILED,
        SecurityEvent.PASSWORD_RESET_ASKED,
    }
)


async def record(
    tx: AsyncConnection,
    account_id: UUID,
    kind: SecurityEvent,
    *,
    caller: Caller | None = None,
    detail: Mapping[str, str | int] | None = None,
    now: datetime,
) -> None:
    """Write down what the transaction does. `detail` is shown to the runner: names, no secrets.

    Without `caller` it was the server, or its administrator.
    What strangers can bring about is written down once in ten minutes.
    """
    if kind in _BY_STRANGERS and await event_store.has_security_event(
        tx, account_id, kind, since=now - _FAILURES_APART
    ):
        return
    await event_store.insert_security_event(
        tx,
        account_id,
        {
            "at": now,
            "kind": kind.value,
            "device_name": caller.device_name if caller else None,
            "network": network_of(caller.peer) if caller else None,
            "detail": dict(detail) if detail else None,
        },
    )


def network_of(peer: str) -> str | None:
    """Where a peer is, as closely as the log may know: `192.0.2.0/24`, `2001:db8:1::/48`."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    prefix = 24 if address.version == 4 else 48
    return str(ip_network(f"{address}/{prefix}", strict=False))


async def forget_old(tx: AsyncConnection, now: datetime) -> None:
    """Delete what was kept long enough."""
    await event_store.delete_old_security_events(tx, now - KEPT_FOR)
