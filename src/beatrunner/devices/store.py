"""Statements on devices and pairing codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.live_tables import devices, pairing_codes
from beatrunner.db.tables import accounts
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id

_NO_SUCH_DEVICE = "There is no such device."


async def insert_pairing_code(
    tx: AsyncConnection,
    account_id: UUID,
    code_hash: str,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Codes that have run out go, and so does the account's earlier one."""
    await tx.execute(
        delete(pairing_codes).where(
            or_(pairing_codes.c.expires_at <= now, pairing_codes.c.account_id == account_id)
        )
    )
    await tx.execute(
        insert(pairing_codes).values(
            code_hash=code_hash,
            account_id=account_id,
            created_at=now,
            expires_at=expires_at,
        )
    )


async def delete_pairing_code(
    tx: AsyncConnection, code_hashes: Collection[str], now: datetime
) -> UUID | None:
    """Use a code up that has one of these hashes: the account that it joins, or None when it does
    not hold any more.

    Of two who come with the same code at once, one gets it.
    """
    rows = await tx.execute(
        delete(pairing_codes)
        .where(pairing_codes.c.code_hash.in_(code_hashes), pairing_codes.c.expires_at > now)
        .returning(pairing_codes.c.account_id)
    )
    return rows.scalar_one_or_none()


async def insert_bridge(
    tx: AsyncConnection,
    account_id: UUID,
    name: str,
    token_hash: str,
    *,
    is_virtual: bool,
    is_own: bool,
    now: datetime,
) -> UUID:
    bridge_id = new_id()
    await tx.execute(
        insert(devices).values(
            id=bridge_id,
            account_id=account_id,
            kind="bridge",
            name=name,
            is_virtual=is_virtual,
            is_own=is_own,
            token_hash=token_hash,
            created_at=now,
        )
    )
    return bridge_id


async def find_own_bridge(
    tx: AsyncConnection, account_id: UUID, name: str, *, is_virtual: bool
) -> AnyRow | None:
    """The newest of this name and kind that was started here and is not withdrawn."""
    rows = await tx.execute(
        select(devices)
        .where(
            devices.c.account_id == account_id,
            devices.c.kind == "bridge",
            devices.c.is_own,
            devices.c.name == name,
            devices.c.is_virtual.is_(is_virtual),
            devices.c.withdrawn_at.is_(None),
        )
        .order_by(devices.c.created_at.desc())
        .limit(1)
    )
    return rows.one_or_none()


async def find_bridge_by_token(tx: AsyncConnection, token_hash: str) -> AnyRow | None:
    """Also one whose token was withdrawn; none of an account that was closed."""
    rows = await tx.execute(
        select(devices)
        .join(accounts, accounts.c.id == devices.c.account_id)
        .where(devices.c.token_hash == token_hash, accounts.c.disabled_at.is_(None))
    )
    return rows.one_or_none()


async def get_bridge(
    tx: AsyncConnection, bridge_id: UUID, *, account_id: UUID | None = None, lock: bool = False
) -> AnyRow:
    """A bridge that is not withdrawn, of this account if one is named. Raises NotFoundError."""
    statement = select(devices).where(
        devices.c.id == bridge_id, devices.c.kind == "bridge", devices.c.withdrawn_at.is_(None)
    )
    if account_id is not None:
        statement = statement.where(devices.c.account_id == account_id)
    if lock:
        # "Key share" lets workouts that name the bridge be written all the same.
        statement = statement.with_for_update(key_share=True)
    row = (await tx.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such bridge.")
    return row


async def list_devices(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """Bridges and what they have seen, oldest first, without what belongs to a withdrawn one."""
    withdrawn = select(devices.c.id).where(
        devices.c.account_id == account_id, devices.c.withdrawn_at.is_not(None)
    )
    rows = await tx.execute(
        select(devices)
        .where(
            devices.c.account_id == account_id,
            devices.c.withdrawn_at.is_(None),
            or_(devices.c.bridge_id.is_(None), devices.c.bridge_id.not_in(withdrawn)),
        )
        .order_by(devices.c.created_at, devices.c.id)
    )
    return rows.all()


async def get_device(tx: AsyncConnection, account_id: UUID, device_id: UUID) -> AnyRow:
    """Raises NotFoundError, also for somebody else's and for a withdrawn bridge."""
    rows = await tx.execute(
        select(devices).where(
            devices.c.id == device_id,
            devices.c.account_id == account_id,
            devices.c.withdrawn_at.is_(None),
        )
    )
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError(_NO_SUCH_DEVICE)
    return row


async def list_seen(tx: AsyncConnection, bridge_id: UUID) -> Sequence[AnyRow]:
    """What a bridge sees or has seen, the latest first."""
    rows = await tx.execute(
        select(devices)
        .where(devices.c.bridge_id == bridge_id)
        .order_by(devices.c.seen_at.desc(), devices.c.id)
    )
    return rows.all()


async def find_calibrated(tx: AsyncConnection, account_id: UUID, address: str) -> AnyRow | None:
    """The account's treadmill of this address that was calibrated last, by whichever bridge."""
    rows = await tx.execute(
        select(devices)
        .where(
            devices.c.account_id == account_id,
            devices.c.kind == "treadmill",
            devices.c.address == address,
            devices.c.calibration.is_not(None),
        )
        .order_by(devices.c.calibrated_at.desc())
        .limit(1)
    )
    return rows.one_or_none()


async def insert_device(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Does nothing where the bridge has already seen the address."""
    await tx.execute(insert_for(tx, devices).values(id=new_id(), **values).on_conflict_do_nothing())


async def update_device(tx: AsyncConnection, device_id: UUID, values: Mapping[str, Any]) -> None:
    await tx.execute(update(devices).where(devices.c.id == device_id).values(**values))


async def delete_device(tx: AsyncConnection, device_id: UUID) -> None:
    await tx.execute(delete(devices).where(devices.c.id == device_id))
