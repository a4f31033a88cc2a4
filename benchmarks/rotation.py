"""What a rotation of the server's secret does to those who are at work meanwhile.

Secrets of that many runners (seeds of authenticator apps, each in a row of its own) are sealed by
one secret. While readers open and writers replace them at random, the real commands run in a
process of their own: `keys rotate`, `keys reseal`, `keys forget --now`. Every read has to give the
seed of its row. Afterwards rows are attacked: a bit of each is flipped, and sealed secrets are
swapped between rows; each has to be refused.

The negative controls are sealing without a place, which a swap must get through, and forgetting the
old secret before anything is sealed anew, which reads must notice.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import totp_factors
from beatrunner.db.migrate import upgrade
from beatrunner.db.resealing import count_sealed
from beatrunner.db.tables import accounts
from beatrunner.kit.ids import new_id
from beatrunner.kit.keyring import Keyring, forget, rotate, secret_file
from beatrunner.kit.sealing import CannotOpenError, Sealer, place
from beatrunner.kit.settings import Settings
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.postgres import postgres

SECRETS, ATTACKED = 100_000, 1000
_READERS, _WRITERS = 4, 2
_ROWS_AT_ONCE = 2000


@dataclass(slots=True)
class Found:
    reads: int = 0
    failed_reads: int = 0
    writes: int = 0
    rotation_s: float = 0.0
    #: Rows that the forgotten secret would be needed for.
    left_behind: int = 0
    attacks: dict[str, int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    control_failed_reads: int = 0


def main() -> Report:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="beatrunner-rotation-") as name, postgres() as make:
        for kind in ("SQLite", "PostgreSQL"):
            folder = Path(name) / kind
            address = make("rotation") if kind == "PostgreSQL" else f"sqlite:///{folder}/a.db"
            found = asyncio.run(measure(folder, address, SECRETS, ATTACKED))
            figures += _figures(kind, found)
    return {"bench": "rotation", "figures": figures}


def _figures(kind: str, found: Found) -> list[Figure]:
    return [
        plain(f"{kind}: rotate, reseal and forget {SECRETS} secrets", found.rotation_s, "s"),
        plain("  reads meanwhile", found.reads, ""),
        at_most("  of these failed", found.failed_reads, "", 0),
        plain("  writes meanwhile", found.writes, ""),
        at_most("  secrets left sealed by the old one", found.left_behind, "", 0),
        *(
            at_most(f"  {name} that open, of {found.attacks[name]}", found.opened[name], "", 0)
            for name in ("bit flips", "row swaps")
        ),
        at_least(
            f"  control that binds to no place: row swaps that open, of {found.attacks['unbound']}",
            found.opened["unbound"],
            "",
            1,
        ),
        at_least(
            "  control that forgets before it seals anew: reads that fail",
            found.control_failed_reads,
            "",
            1,
        ),
    ]


async def measure(folder: Path, address: str, secrets: int, attacked: int) -> Found:
    settings = Settings(data_dir=folder, database_url=address)
    sealer = Sealer(Keyring.of(settings))
    database = Database(address)
    found, chance = Found(), random.Random(1)
    try:
        await upgrade(database)
        ids = await _fill(database, sealer, secrets)
        await _rotate_under_traffic(settings, database, sealer, ids, found)
        async with database.read() as tx:
            counts = await count_sealed(tx)
            rows = [(one, await _sealed_of(tx, one)) for one in chance.sample(ids, attacked)]
        found.left_behind = secrets - counts[Keyring.of(settings).current.kid]
        _attack(secret_file(settings), rows, chance, found)
        # The control, last: it spoils everything.
        path = secret_file(settings)
        old = Keyring.of(settings).current.kid
        rotate(path, datetime.now(UTC))
        forget(path, [old])
        control = Found()
        await _read(database, sealer, ids[: min(100, secrets)], control)
        found.control_failed_reads = control.failed_reads
    finally:
        await database.close()
    return found


async def _fill(database: Database, sealer: Sealer, secrets: int) -> list[UUID]:
    ids = [new_id() for _ in range(secrets)]
    now = datetime.now(UTC)
    for start in range(0, secrets, _ROWS_AT_ONCE):
        some = ids[start : start + _ROWS_AT_ONCE]
        people = [
            {"id": one, "kind": "member", "display_name": "A runner", "created_at": now}
            for one in some
        ]
        factors = [{"account_id": one, "sealed": _sealed(sealer, one)} for one in some]
        async with database.write() as tx:
            await tx.execute(insert(accounts), people)
            await tx.execute(insert(totp_factors), factors)
    return ids


async def _rotate_under_traffic(
    settings: Settings, database: Database, sealer: Sealer, ids: list[UUID], found: Found
) -> None:
    traffic = [
        asyncio.create_task(_keep_reading(database, sealer, ids, found, random.Random(seed)))
        for seed in range(_READERS)
    ]
    traffic += [
        asyncio.create_task(_keep_writing(database, sealer, ids, found, random.Random(seed)))
        for seed in range(_WRITERS)
    ]
    started_at = asyncio.get_running_loop().time()
    try:
        for words in (["rotate"], ["reseal"], ["forget", "--now"]):
            await _run_command(settings, words)
        found.rotation_s = asyncio.get_running_loop().time() - started_at
        # Whatever could have been lost shows itself to who reads on.
        await _read(database, sealer, ids, found, at_most=1000)
    finally:
        for task in traffic:
            task.cancel()
        for task in traffic:
            with suppress(asyncio.CancelledError):
                await task


async def _run_command(settings: Settings, words: list[str]) -> None:
    environment = {
        **os.environ,
        "BEATRUNNER_DATA_DIR": str(settings.folder),
        "BEATRUNNER_DATABASE_URL": settings.database,
    }
    command = [sys.executable, "-m", "beatrunner", "keys", *words]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    if process.returncode != 0 or b"stays" in told:
        raise RuntimeError(f"keys {' '.join(words)}: {told.decode()}")


async def _keep_reading(
    database: Database, sealer: Sealer, ids: list[UUID], found: Found, chance: random.Random
) -> None:
    while True:
        await _read(database, sealer, [chance.choice(ids)], found)
        await asyncio.sleep(0)


async def _keep_writing(
    database: Database, sealer: Sealer, ids: list[UUID], found: Found, chance: random.Random
) -> None:
    while True:
        one = chance.choice(ids)
        async with database.write() as tx:
            await tx.execute(
                update(totp_factors)
                .where(totp_factors.c.account_id == one)
                .values(sealed=_sealed(sealer, one))
            )
        found.writes += 1
        await asyncio.sleep(0.005)


async def _read(
    database: Database, sealer: Sealer, ids: list[UUID], found: Found, at_most: int | None = None
) -> None:
    for one in ids[:at_most]:
        async with database.read() as tx:
            sealed = await _sealed_of(tx, one)
        found.reads += 1
        try:
            is_right = sealer.open(sealed, bound_to=_place_of(one)) == one.bytes
        except CannotOpenError:
            is_right = False
        found.failed_reads += not is_right


def _attack(
    file: Path, rows: list[tuple[UUID, bytes]], chance: random.Random, found: Found
) -> None:
    sealer = Sealer(Keyring.of_file(file))
    found.attacks = {"bit flips": len(rows), "row swaps": len(rows), "unbound": len(rows)}
    found.opened = dict.fromkeys(found.attacks, 0)
    for one, sealed in rows:
        bit = chance.randrange(len(sealed) * 8)
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        found.opened["bit flips"] += _opens(sealer, bytes(flipped), _place_of(one))
    found.opened["row swaps"] = _count_swapped(sealer, rows)
    unbound = _Unbound(Keyring.of_file(file))
    found.opened["unbound"] = _count_swapped(
        unbound, [(one, _sealed(unbound, one)) for one, _ in rows]
    )


def _count_swapped(sealer: Sealer, rows: list[tuple[UUID, bytes]]) -> int:
    """How many open in the row of another."""
    others = [one for one, _ in rows[1:] + rows[:1]]
    return sum(
        _opens(sealer, sealed, _place_of(other))
        for (_, sealed), other in zip(rows, others, strict=True)
    )


class _Unbound(Sealer):
    """What a sealer would be without associated data."""

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        return super().seal(plain, bound_to="")

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        return super().open(sealed, bound_to="")


def _opens(sealer: Sealer, sealed: bytes, bound_to: str) -> bool:
    try:
        sealer.open(sealed, bound_to=bound_to)
    except CannotOpenError:
        return False
    return True


def _sealed(sealer: Sealer, one: UUID) -> bytes:
    return sealer.seal(one.bytes, bound_to=_place_of(one))


def _place_of(one: UUID) -> str:
    return place("totp_factors", one, one)


async def _sealed_of(tx: AsyncConnection, one: UUID) -> bytes:
    found = await tx.scalar(select(totp_factors.c.sealed).where(totp_factors.c.account_id == one))
    if found is None:
        raise LookupError(one)
    return bytes(found)
