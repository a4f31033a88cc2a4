"""`beatrunner keys`: the secrets of the server, their rotation, and their end."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from beatrunner.db.engine import Database
from beatrunner.db.resealing import Resealed, count_sealed, reseal
from beatrunner.kit.keyring import KeptSecret, Keyring, forget, read_secrets, rotate, secret_file
from beatrunner.kit.sealing import Sealer
from beatrunner.kit.settings import Settings

_IN_SETTINGS = (
    "The secrets are in the settings. Put a new one into BEATRUNNER_SECRET_KEY and the one that is "
    "there now in front of BEATRUNNER_OLDER_SECRET_KEYS, start BeatRunner again, then run "
    "`beatrunner keys reseal`."
)


def list_keys(settings: Settings) -> None:
    ring = Keyring.of(settings)
    counts = asyncio.run(_count(settings))
    times = {one.kid: one for one in _kept(settings)}
    for number, secret in enumerate(ring.secrets):
        kept = times.get(secret.kid)
        words = [secret.kid.hex(), "older" if number else "current"]
        if kept and kept.made_at:
            words.append(f"made {kept.made_at:%Y-%m-%d %H:%M}")
        if kept and kept.replaced_at:
            words.append(f"replaced {kept.replaced_at:%Y-%m-%d %H:%M}")
        click.echo("  ".join([*words, f"{counts.pop(secret.kid, 0)} sealed"]))
    for kid, rows in counts.items():
        click.echo(f"{kid.hex()}  MISSING  {rows} sealed, which nothing opens")


def rotate_keys(settings: Settings) -> None:
    path = _file(settings)
    made = rotate(path, datetime.now(UTC))
    click.echo(
        f"{made.kid.hex()} is the current secret now; running processes take it up by themselves, "
        "and nobody is signed out. `beatrunner keys reseal` comes next."
    )


def reseal_all(settings: Settings) -> None:
    done = asyncio.run(_reseal(settings))
    click.echo(f"{done.rows} sealed anew.")
    if done.unreadable:
        places = "\n".join(f"  {place}" for place in done.unreadable[:20])
        raise click.ClickException(
            f"{len(done.unreadable)} could not be opened by any secret and were left:\n{places}"
        )


def forget_keys(settings: Settings, *, now: bool) -> None:
    """Older secrets by which nothing is sealed, and no living sign-in signed unless `now`."""
    path = _file(settings)
    counts = asyncio.run(_count(settings))
    latest = datetime.now(UTC) - timedelta(seconds=settings.refresh_token_s)
    gone, kept = [], []
    for one in read_secrets(path)[1:]:
        is_over = one.replaced_at is not None and one.replaced_at <= latest
        if counts[one.kid]:
            kept.append(f"{one.kid.hex()} stays: {counts[one.kid]} are sealed by it.")
        elif not (is_over or now):
            kept.append(
                f"{one.kid.hex()} stays: whoever signed in by it may still come back. "
                "--now forgets it all the same."
            )
        else:
            gone.append(one.kid)
    forget(path, gone)
    for line in [*kept, *(f"{kid.hex()} is forgotten." for kid in gone)]:
        click.echo(line)


def _file(settings: Settings) -> Path:
    if settings.secret_key is not None:
        raise click.ClickException(_IN_SETTINGS)
    Keyring.of(settings)  # makes the file where there is none
    return secret_file(settings)


def _kept(settings: Settings) -> list[KeptSecret]:
    return [] if settings.secret_key is not None else read_secrets(secret_file(settings))


async def _count(settings: Settings) -> Counter[bytes]:
    database = Database(settings.database, readers=1)
    try:
        async with database.read(is_long=True) as tx:
            return await count_sealed(tx)
    finally:
        await database.close()


async def _reseal(settings: Settings) -> Resealed:
    database = Database(settings.database, readers=1)
    try:
        return await reseal(database, Sealer(Keyring.of(settings)))
    finally:
        await database.close()
