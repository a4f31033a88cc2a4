"""The real application in this process, asked without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

import httpx2
from sqlalchemy import event
from sqlalchemy.engine import Engine

from beatrunner.accounts import store
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import ServerParts, build_server


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[tuple[ServerParts, httpx2.AsyncClient]]:
    """The server's parts and a client of nobody in particular."""
    parts = build_server(settings)
    app = create_app(parts.routers, parts.provided, settings)
    address = f"http://{settings.host}:{settings.port}"
    try:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=address
        ) as client:
            yield parts, client
    finally:
        await parts.database.close()


async def access_token(parts: ServerParts, account_id: UUID) -> str:
    """Of a new sign-in, made without any door."""
    sign_ins = next(found for found in parts.provided if isinstance(found, SignIns))
    async with parts.database.write() as tx:
        account = await store.get_account(tx, account_id)
        return (await sign_ins.open_session(tx, account)).access_token


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """A list that grows by every statement that this process sends; BEGIN is none."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
