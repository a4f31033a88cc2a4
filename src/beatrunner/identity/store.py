"""Statements on registrations, mailed codes and identities; `factor_store` has second factors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import (
    account_codes,
    identities,
    invitations,
    passkey_challenges,
    pending_sign_ins,
    recovery_codes,
    registrations,
    totp_factors,
)
from beatrunner.db.tables import accounts
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.ids import new_id


async def insert_registration(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    await tx.execute(insert(registrations).values(**values))


async def delete_old_codes(tx: AsyncConnection, now: datetime) -> None:
    """Whatever waited for somebody to go on, and nobody did in time."""
    for table in (
        registrations,
        invitations,
        account_codes,
        pending_sign_ins,
        passkey_challenges,
    ):
        await tx.execute(delete(table).where(table.c.expires_at <= now))


async def count_registration_try(
    tx: AsyncConnection, registration_id: UUID, now: datetime, most: int
) -> AnyRow | None:
    """`(email, display_name, password_hash, code_hash)`, or None when time or tries are up."""
    rows = await tx.execute(
        update(registrations)
        .where(
            registrations.c.id == registration_id,
            registrations.c.expires_at > now,
            registrations.c.tries < most,
        )
        .values(tries=registrations.c.tries + 1)
        .returning(
            registrations.c.email,
            registrations.c.display_name,
            registrations.c.password_hash,
            registrations.c.code_hash,
        )
    )
    return rows.one_or_none()


async def delete_registrations(tx: AsyncConnection, email: str) -> None:
    """All for this address."""
    await tx.execute(delete(registrations).where(registrations.c.email == email))


async def insert_invitation(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    await tx.execute(insert(invitations).values(id=new_id(), **values))


async def find_invitation(tx: AsyncConnection, token_hash: str, now: datetime) -> AnyRow | None:
    """`(email, expires_at)` of one that is still good."""
    rows = await tx.execute(
        select(invitations.c.email, invitations.c.expires_at).where(
            invitations.c.token_hash == token_hash, invitations.c.expires_at > now
        )
    )
    return rows.one_or_none()


async def delete_invitation(tx: AsyncConnection, token_hash: str, now: datetime) -> AnyRow | None:
    """Use it up: `(email, is_mailed)`, or None where it was not good any more."""
    rows = await tx.execute(
        delete(invitations)
        .where(invitations.c.token_hash == token_hash, invitations.c.expires_at > now)
        .returning(invitations.c.email, invitations.c.is_mailed)
    )
    return rows.one_or_none()


async def delete_invitations(tx: AsyncConnection, email: str) -> None:
    """All to this address."""
    await tx.execute(delete(invitations).where(invitations.c.email == email))


async def insert_code(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    await tx.execute(insert(account_codes).values(**values))


async def count_code_try(
    tx: AsyncConnection, code_id: UUID, purpose: str, now: datetime, most: int
) -> AnyRow | None:
    """`(account_id, code_hash, detail)`, or None when time or tries are up."""
    rows = await tx.execute(
        update(account_codes)
        .where(
            account_codes.c.id == code_id,
            account_codes.c.purpose == purpose,
            account_codes.c.expires_at > now,
            account_codes.c.tries < most,
        )
        .values(tries=account_codes.c.tries + 1)
        .returning(account_codes.c.account_id, account_codes.c.code_hash, account_codes.c.detail)
    )
    return rows.one_or_none()


async def delete_codes(tx: AsyncConnection, account_id: UUID) -> None:
    """All that the account was sent, whatever for, and the sign-ins that wait for a second factor:
    each came of an address or a password that may be another now.
    """
    for table in (account_codes, pending_sign_ins):
        await tx.execute(delete(table).where(table.c.account_id == account_id))


async def has_account(tx: AsyncConnection, email: str) -> bool:
    return bool(await tx.scalar(select(exists().where(accounts.c.email == email))))


async def find_addressed(tx: AsyncConnection, email: str) -> UUID | None:
    """The account with this address, unless it is disabled."""
    found: UUID | None = await tx.scalar(
        select(accounts.c.id)
        .where(accounts.c.email == email, accounts.c.disabled_at.is_(None))
        .with_for_update(key_share=True)
    )
    return found


async def get_email_state(tx: AsyncConnection, account_id: UUID) -> AnyRow:
    """`(email, email_verified_at)`"""
    rows = await tx.execute(
        select(accounts.c.email, accounts.c.email_verified_at).where(accounts.c.id == account_id)
    )
    return rows.one()


async def update_email(
    tx: AsyncConnection, account_id: UUID, email: str, verified_at: datetime
) -> None:
    await tx.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(email=email, email_verified_at=verified_at)
    )


async def find_password(tx: AsyncConnection, account_id: UUID) -> str | None:
    """Its hash."""
    found: str | None = await tx.scalar(
        select(identities.c.verifier).where(
            identities.c.account_id == account_id, identities.c.kind == "password"
        )
    )
    return found


async def upsert_password(
    tx: AsyncConnection, account_id: UUID, password_hash: str, now: datetime, *, is_long: bool
) -> bool:
    """Returns whether there was one before. `is_long`: it is enough without a second factor."""
    had_one = await find_password(tx, account_id) is not None
    told = {"verifier": password_hash, "detail": {"is_long": is_long}}
    await tx.execute(
        insert_for(tx, identities)
        .values(
            id=new_id(),
            account_id=account_id,
            kind="password",
            subject=account_id.hex,
            created_at=now,
            **told,
        )
        .on_conflict_do_update(index_elements=["kind", "subject"], set_=told)
    )
    return had_one


async def update_password_used(
    tx: AsyncConnection, account_id: UUID, checked: str, changes: Mapping[str, Any]
) -> bool:
    """Note that it was used whose hash was checked; False where it is another by now."""
    changed = await tx.execute(
        update(identities)
        .where(
            identities.c.account_id == account_id,
            identities.c.kind == "password",
            identities.c.verifier == checked,
        )
        .values(**changes)
    )
    return changed.rowcount == 1


async def delete_identity(tx: AsyncConnection, account_id: UUID, kind: str) -> bool:
    """The account's only one of this kind; False without one."""
    gone = await tx.execute(
        delete(identities).where(identities.c.account_id == account_id, identities.c.kind == kind)
    )
    return gone.rowcount > 0


async def delete_other_ways_in(tx: AsyncConnection, account_id: UUID) -> None:
    """Passkeys and second factors; the password stays."""
    await tx.execute(
        delete(identities).where(
            identities.c.account_id == account_id, identities.c.kind != "password"
        )
    )
    for table in (totp_factors, recovery_codes):
        await tx.execute(delete(table).where(table.c.account_id == account_id))
