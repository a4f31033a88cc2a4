from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from beatrunner.exports import api as exports_api
from tests.library import Library
from tests.web.client import make_app, signed_in_client


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_app(
        library.database,
        library.clock,
        routers=[exports_api.router],
        provided=[library.originals],
    )
    async with await signed_in_client(app, library.account_id) as client:
        yield client
