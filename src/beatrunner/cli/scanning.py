"""`beatrunner music scan`: take the tempi of a folder of music in, with a progress bar."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from beatrunner.cli.owner import find_account
from beatrunner.cli.processes import migrate
from beatrunner.core.refusals import sentence
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings
from beatrunner.music.scanning import Scanned, music_files
from beatrunner.wiring import build_scanner

_SHOWN_REFUSALS = 20


async def scan_for_owner(settings: Settings, folder: Path, email: str | None, again: bool) -> int:
    configure_logs(settings.log_format, "CRITICAL")
    files = list(music_files(folder))
    if not files:
        click.echo("There is no music there.", err=True)
        return 1
    await migrate(settings)
    parts = build_scanner(settings)
    done: list[Scanned] = []
    try:
        account_id = await find_account(parts.database, email)
        if account_id is None:
            click.echo(f"There is no account with the address {email}.", err=True)
            return 1
        with click.progressbar(length=len(files), label="Listening", show_pos=True) as bar:

            def show(found: Scanned) -> None:
                done.append(found)
                bar.update(1)

            await parts.scanner.scan(account_id, files, show, again=again)
    finally:
        parts.pool.close()
        await parts.database.close()
    _report(done)
    return 0


def _report(done: list[Scanned]) -> None:
    counts = Counter(_outcome(found) for found in done)
    click.echo(
        f"{counts['measured']} songs were measured, {counts['known']} had been before; "
        f"of {counts['tag']} only the tag tells the tempo, of {counts['no beat']} nothing does; "
        f"{counts['refused']} files could not be read."
    )
    refused = [found for found in done if found.refusal is not None]
    for found in refused[:_SHOWN_REFUSALS]:
        click.echo(f"  {found.path}: {sentence(found.refusal)}" if found.refusal else "")
    if len(refused) > _SHOWN_REFUSALS:
        click.echo(f"  … and {len(refused) - _SHOWN_REFUSALS} more.")


def _outcome(found: Scanned) -> str:
    if found.is_known:
        return "known"
    if found.measured_bpm is not None:
        return "measured"
    if found.tag_bpm is not None:
        return "tag"
    return "no beat" if found.refusal is None else "refused"
