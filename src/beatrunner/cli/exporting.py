"""`beatrunner export`: everything of an account as one file, whether or not a server is running."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from beatrunner.cli.owner import find_account
from beatrunner.cli.processes import migrate
from beatrunner.db.engine import Database
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings
from beatrunner.wiring import build_exporter


def export_for_owner(settings: Settings, path: Path, email: str | None) -> int:
    """Gives the exit code."""
    configure_logs(settings.log_format, "ERROR")
    if path.exists():
        click.echo(f"There is something at {path} already.", err=True)
        return 1
    part = path.with_name(f"{path.name}.part")
    try:
        part.touch(mode=0o600)
        if not asyncio.run(_write(settings, part, email)):
            click.echo(f"There is no account with the address {email}.", err=True)
            return 1
        part.replace(path)
    except OSError as error:
        click.echo(f"BeatRunner cannot write the export: {error}.", err=True)
        return 1
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"Wrote {path}, {path.stat().st_size / 1024**2:.1f} MiB.")
    return 0


async def _write(settings: Settings, part: Path, email: str | None) -> bool:
    """False when there is no such account."""
    await migrate(settings)
    database = Database(settings.database)
    try:
        account_id = await find_account(database, email)
        if account_id is not None:
            await build_exporter(settings, database, system_clock).write_to(part, account_id)
        return account_id is not None
    finally:
        await database.close()
