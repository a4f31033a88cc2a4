"""`beatrunner accounts …`: what whoever runs the server does about accounts, by their addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.store import find_account_id, update_account
from beatrunner.cli.processes import migrate
from beatrunner.db.engine import Database
from beatrunner.kit.clock import system_clock
from beatrunner.kit.settings import Settings
from beatrunner.privacy import store
from beatrunner.privacy.build import build_eraser
from beatrunner.privacy.erasing import put_out
from beatrunner.wiring import build_mail

Answer = TypeVar("Answer")


def list_accounts(settings: Settings) -> list[str]:
    """A line for each: address, kind and what is special about it."""

    async def run(database: Database) -> list[str]:
        async with database.read() as tx:
            rows = await store.list_accounts(tx)
        lines = []
        for row in rows:
            states = [f"made {row.created_at:%Y-%m-%d}"]
            if row.disabled_at is not None:
                states.append(f"disabled {row.disabled_at:%Y-%m-%d}")
            if row.erase_at is not None:
                states.append(f"erased on {row.erase_at:%Y-%m-%d}")
            lines.append(f"{row.email or '-'}\t{row.kind}\t{', '.join(states)}")
        return lines

    return with_database(settings, run)


def set_disabled(settings: Settings, email: str, *, is_disabled: bool) -> None:
    """Nobody comes in to a disabled account; what is in it stays."""

    async def run(database: Database) -> None:
        now = system_clock()
        event = SecurityEvent.DISABLED if is_disabled else SecurityEvent.ENABLED
        async with database.write() as tx:
            account_id = await find_account(tx, email)
            disabled_at = now if is_disabled else None
            await update_account(tx, account_id, {"disabled_at": disabled_at})
            if is_disabled:
                await put_out(tx, account_id, now)
            await record(tx, account_id, event, now=now)

    with_database(settings, run)


def erase(settings: Settings, email: str) -> None:
    """At once: the grace is for who asks for themself."""

    async def run(database: Database) -> None:
        async with database.read() as tx:
            account_id = await find_account(tx, email)
        post = build_mail(settings, system_clock).post
        eraser = build_eraser(settings, database, system_clock, post)
        await eraser.erase(account_id, system_clock())
        await post.afterwards.close()

    with_database(settings, run)


async def find_account(tx: AsyncConnection, email: str) -> UUID:
    """Ends the command where there is none."""
    found = await find_account_id(tx, email.casefold())
    if found is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return found


def with_database(settings: Settings, use: Callable[[Database], Awaitable[Answer]]) -> Answer:
    async def run() -> Answer:
        await migrate(settings)
        database = Database(settings.database)
        try:
            return await use(database)
        finally:
            await database.close()

    return asyncio.run(run())
