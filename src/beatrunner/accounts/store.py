"""Statements on accounts, what their runners told, sign-ins and the tries to sign in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import IS_BCRYPT, identities, sign_in_attempts, sign_ins
from beatrunner.db.live_tables import runner_profiles
from beatrunner.db.privacy_tables import consents
from beatrunner.db.tables import accounts
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    kind: str
    email: str | None
    display_name: str
    units: str
    theme: str
    time_zone: str | None
    map_style_url: str | None
    disabled_at: datetime | None
    erase_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    id: UUID
    account_id: UUID
    account_kind: str
    disabled_at: datetime | None
    generation: int
    confirmed_at: datetime
    rotated_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    device_name: str | None

    def is_alive(self, now: datetime) -> bool:
        return self.ended_at is None and self.disabled_at is None and now < self.expires_at


_ACCOUNT = (
    accounts.c.id,
    accounts.c.kind,
    accounts.c.email,
    accounts.c.display_name,
    accounts.c.units,
    accounts.c.theme,
    accounts.c.time_zone,
    accounts.c.map_style_url,
    accounts.c.disabled_at,
    accounts.c.erase_at,
)


async def get_account(tx: AsyncConnection, account_id: UUID) -> Account:
    """Raises NotFoundError."""
    row = (await tx.execute(select(*_ACCOUNT).where(accounts.c.id == account_id))).one_or_none()
    if row is None:
        raise NotFoundError("This account is gone.")
    return Account(**row._asdict())


async def find_password(tx: AsyncConnection, email: str) -> tuple[UUID, str | None] | None:
    """`(id, password_hash)` of the account with this address."""
    is_password = (identities.c.account_id == accounts.c.id) & (identities.c.kind == "password")
    found = await tx.execute(
        select(accounts.c.id, identities.c.verifier)
        .outerjoin(identities, is_password)
        .where(accounts.c.email == email)
    )
    row = found.one_or_none()
    return None if row is None else (row.id, row.verifier)


async def find_dearest_bcrypt(tx: AsyncConnection) -> str | None:
    """Of the passwords' hashes that bcrypt made, one of the highest cost (`$2b$12$…`)."""
    cost = func.substr(identities.c.verifier, 5, 2)
    found: str | None = await tx.scalar(
        select(identities.c.verifier).where(IS_BCRYPT).order_by(cost.desc()).limit(1)
    )
    return found


async def find_single_account(tx: AsyncConnection, kind: str) -> Account | None:
    """The owner of this computer, or its demo runner: `kind` has one account at most."""
    row = (await tx.execute(select(*_ACCOUNT).where(accounts.c.kind == kind))).one_or_none()
    return None if row is None else Account(**row._asdict())


async def find_account_id(tx: AsyncConnection, email: str | None) -> UUID | None:
    """The account with this address; without one, the owner of this computer."""
    if email is not None:
        found = await find_password(tx, email)
        return None if found is None else found[0]
    owner = await find_single_account(tx, "owner")
    return None if owner is None else owner.id


async def upsert_single_account(
    tx: AsyncConnection, kind: str, display_name: str, now: datetime
) -> Account:
    """The only account of this kind, made if nobody is there yet."""
    found = await find_single_account(tx, kind)
    if found is None:
        await insert_account(tx, kind=kind, display_name=display_name, now=now)
        found = await find_single_account(tx, kind)
    assert found is not None  # noqa: S101 - it has just been made
    return found


async def insert_account(
    tx: AsyncConnection,
    *,
    kind: str,
    display_name: str,
    now: datetime,
    email: str | None = None,
    is_verified: bool = True,
) -> UUID | None:
    """Does nothing where the address, or the single account of its kind, is already there.

    `is_verified`: somebody has seen that the address is theirs. Returns the account's id if it is
    new.
    """
    account_id = new_id()
    made = await tx.execute(
        insert_for(tx, accounts)
        .values(
            id=account_id,
            kind=kind,
            email=email,
            email_verified_at=now if email is not None and is_verified else None,
            display_name=display_name,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(accounts.c.id)
    )
    if made.one_or_none() is None:
        return None
    if kind == "owner":
        await insert_identity(tx, account_id, "this_computer", kind, now)
    if kind in ("owner", "demo"):
        # With the words of the welcome page; members are asked (`privacy.consents`).
        await tx.execute(
            insert(consents).values(account_id=account_id, kind="heart_rate", given_at=now)
        )
    return account_id


async def insert_identity(
    tx: AsyncConnection,
    account_id: UUID,
    kind: str,
    subject: str,
    now: datetime,
    verifier: str | None = None,
) -> None:
    await tx.execute(
        insert(identities).values(
            id=new_id(),
            account_id=account_id,
            kind=kind,
            subject=subject,
            verifier=verifier,
            created_at=now,
        )
    )


async def update_account(
    tx: AsyncConnection, account_id: UUID, changes: Mapping[str, Any]
) -> Account:
    if changes:
        await tx.execute(update(accounts).where(accounts.c.id == account_id).values(**changes))
    return await get_account(tx, account_id)


async def find_runner_profile(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    """What the runner told, without whose it is."""
    told = [column for column in runner_profiles.c if column.name != "account_id"]
    rows = await tx.execute(select(*told).where(runner_profiles.c.account_id == account_id))
    return rows.one_or_none()


async def upsert_runner_profile(
    tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any], now: datetime
) -> None:
    told = {**values, "updated_at": now}
    await tx.execute(
        insert_for(tx, runner_profiles)
        .values(account_id=account_id, **told)
        .on_conflict_do_update(index_elements=["account_id"], set_=told)
    )


async def list_sign_ins(tx: AsyncConnection, account_id: UUID, now: datetime) -> Sequence[AnyRow]:
    """Those that have neither ended nor run out, the last used first."""
    rows = await tx.execute(
        select(sign_ins)
        .where(
            sign_ins.c.account_id == account_id,
            sign_ins.c.ended_at.is_(None),
            sign_ins.c.expires_at > now,
        )
        .order_by(sign_ins.c.rotated_at.desc(), sign_ins.c.id.desc())
    )
    return rows.all()


async def list_alive_sign_ins(
    tx: AsyncConnection, sign_in_ids: Collection[UUID], now: datetime
) -> set[UUID]:
    """Those of them that have neither ended nor run out."""
    rows = await tx.execute(
        select(sign_ins.c.id)
        .join(accounts, accounts.c.id == sign_ins.c.account_id)
        .where(
            sign_ins.c.id.in_(sign_in_ids),
            sign_ins.c.ended_at.is_(None),
            sign_ins.c.expires_at > now,
            accounts.c.disabled_at.is_(None),
        )
    )
    return set(rows.scalars())


async def insert_sign_in(
    tx: AsyncConnection,
    account_id: UUID,
    now: datetime,
    expires_at: datetime,
    device_name: str | None = None,
) -> UUID:
    sign_in_id = new_id()
    await tx.execute(
        insert(sign_ins).values(
            id=sign_in_id,
            account_id=account_id,
            generation=0,
            device_name=device_name,
            created_at=now,
            confirmed_at=now,
            rotated_at=now,
            expires_at=expires_at,
        )
    )
    return sign_in_id


async def find_sign_in(
    tx: AsyncConnection, sign_in_id: UUID, *, lock: bool = False
) -> SignIn | None:
    statement = (
        select(
            sign_ins.c.id,
            sign_ins.c.account_id,
            accounts.c.kind,
            accounts.c.disabled_at,
            sign_ins.c.generation,
            sign_ins.c.confirmed_at,
            sign_ins.c.rotated_at,
            sign_ins.c.expires_at,
            sign_ins.c.ended_at,
            sign_ins.c.device_name,
        )
        .join(accounts, accounts.c.id == sign_ins.c.account_id)
        .where(sign_ins.c.id == sign_in_id)
    )
    if lock:
        # SQLite has no row locks and needs none: it has one writer.
        statement = statement.with_for_update(of=sign_ins)
    row: AnyRow | None = (await tx.execute(statement)).one_or_none()
    return None if row is None else SignIn(*row)


async def rotate_sign_in(tx: AsyncConnection, sign_in_id: UUID, now: datetime) -> None:
    await tx.execute(
        update(sign_ins)
        .where(sign_ins.c.id == sign_in_id)
        .values(generation=sign_ins.c.generation + 1, rotated_at=now)
    )


async def end_sign_in(tx: AsyncConnection, sign_in_id: UUID, now: datetime) -> None:
    await tx.execute(
        update(sign_ins)
        .where(sign_ins.c.id == sign_in_id, sign_ins.c.ended_at.is_(None))
        .values(ended_at=now)
    )


async def end_sign_ins(
    tx: AsyncConnection, account_id: UUID, now: datetime, *, but: UUID | None = None
) -> list[UUID]:
    """All of the account that have not ended, except `but`; returns which."""
    ended = await tx.execute(
        update(sign_ins)
        .where(
            sign_ins.c.account_id == account_id,
            sign_ins.c.ended_at.is_(None),
            *([] if but is None else [sign_ins.c.id != but]),
        )
        .values(ended_at=now)
        .returning(sign_ins.c.id)
    )
    return list(ended.scalars())


async def update_confirmed_at(tx: AsyncConnection, sign_in_id: UUID, now: datetime) -> None:
    await tx.execute(update(sign_ins).where(sign_ins.c.id == sign_in_id).values(confirmed_at=now))


async def delete_spent_sign_ins(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Those that have ended or expired; no token brings them back."""
    await tx.execute(
        delete(sign_ins).where(
            sign_ins.c.account_id == account_id,
            or_(sign_ins.c.ended_at.is_not(None), sign_ins.c.expires_at <= now),
        )
    )


async def count_attempt(tx: AsyncConnection, subject: str, now: datetime) -> tuple[int, datetime]:
    """Count one more try; returns the tries in the running window, and when it began."""
    statement = insert_for(tx, sign_in_attempts).values(
        subject=subject, window_started_at=now, attempts=1
    )
    row = (
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=["subject"], set_={"attempts": sign_in_attempts.c.attempts + 1}
            ).returning(sign_in_attempts.c.attempts, sign_in_attempts.c.window_started_at)
        )
    ).one()
    return row.attempts, row.window_started_at


async def list_attempts(
    tx: AsyncConnection, subjects: Sequence[str], since: datetime
) -> Sequence[AnyRow]:
    """Of windows that began after then."""
    attempts = sign_in_attempts.c
    statement = select(attempts.subject, attempts.attempts, attempts.window_started_at)
    found = await tx.execute(
        statement.where(attempts.subject.in_(subjects), attempts.window_started_at > since)
    )
    return found.all()


async def uncount_attempt(tx: AsyncConnection, subject: str) -> None:
    await tx.execute(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.subject == subject, sign_in_attempts.c.attempts > 0)
        .values(attempts=sign_in_attempts.c.attempts - 1)
    )


async def delete_old_attempts(tx: AsyncConnection, before: datetime) -> None:
    await tx.execute(delete(sign_in_attempts).where(sign_in_attempts.c.window_started_at <= before))


async def update_library_version(tx: AsyncConnection, account_id: UUID) -> None:
    """Say that the account's runs, plays or soundtracks are about to be others."""
    await tx.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(library_version=accounts.c.library_version + 1)
    )


async def get_library_version(tx: AsyncConnection, account_id: UUID) -> int:
    """Raises NotFoundError."""
    found = await tx.scalar(select(accounts.c.library_version).where(accounts.c.id == account_id))
    if found is None:
        raise NotFoundError("This account is gone.")
    return int(found)
