from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from beatrunner.db.engine import Database
from beatrunner.kit.parser_pool import ParserPool
from tests.conftest import HeldClock
from tests.library import Library


@pytest.fixture
def library(
    database: Database, clock: HeldClock, account_id: UUID, parser_pool: ParserPool, tmp_path: Path
) -> Library:
    return Library(database, clock, account_id, parser_pool, tmp_path)
