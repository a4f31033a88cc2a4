"""Who gets what: every route and every first message of a socket, asked by everybody.

The routes, with the bodies that their owner would send, are those of
`tests/web/test_authorisation.py`, which fails when the application has one more. Each is asked by
nobody, by a stranger, and by scripts with a token of the owner that lacks the scope; each must be
turned away, or be shown nothing of the owner's. What sockets are told is in `matrix_sockets`.

Negative control: the same routes in an application that takes whoever asks for the owner.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx2
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from beatrunner.accounts.api import identify
from beatrunner.accounts.personal_tokens import PersonalTokens, Scope
from beatrunner.accounts.sign_ins import Identity
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.folders import originals_folder
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import build_server
from benchmarks.figures import Report, at_least, at_most
from benchmarks.matrix_sockets import after_hello, before_hello
from tests.conftest import HeldClock, make_account
from tests.web.client import make_client, signed_in_client
from tests.web.owned_things import FIT, make_things
from tests.web.test_authorisation import ROUTES, Open, filled, routes_of
from tests.workouts.gym import open_gym


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-matrix-") as folder:
        return asyncio.run(measure(Path(folder)))


async def measure(folder: Path) -> Report:
    address = f"sqlite:///{folder / 'beatrunner.db'}"
    database = Database(address)
    await upgrade(database)
    try:
        cells, leaks, control = await _routes(database, address, folder)
        async with open_gym(database, address, folder) as gym:
            workout_id = await gym.begin()
            said, heard = await before_hello(gym, workout_id)
            out_of_turn, obeyed = await after_hello(gym, workout_id)
    finally:
        await database.close()
    for leak in (*leaks, *heard, *obeyed):
        print(f"  LEAK: {leak}")
    return {
        "bench": "matrix",
        "figures": [
            at_least("routes asked by somebody else", cells, "cases", 3 * len(ROUTES) // 2),
            at_most("routes that tell or do what they should not", len(leaks), "cases", 0),
            at_least("sockets spoken to by somebody else", said, "cases", 20),
            at_most("sockets that answer", len(heard), "cases", 0),
            at_least("messages out of turn, after hello", out_of_turn, "cases", 40),
            at_most("of these heard", len(obeyed), "cases", 0),
            at_least("leaks of unprotected routes (control)", control, "cases", 20),
        ],
    }


async def _routes(database: Database, address: str, folder: Path) -> tuple[int, list[str], int]:
    clock = HeldClock()
    settings = Settings(database_url=address, data_dir=folder)
    parts = build_server(settings, clock)
    FolderBlobStore(originals_folder(settings)).put(sha256(FIT).hexdigest(), FIT)
    app = create_app(parts.routers, parts.provided, settings)
    owner_id, stranger_id = await make_account(database), await make_account(database)
    things = await make_things(database, clock, owner_id)
    askers = {"nobody": make_client(app), "stranger": await signed_in_client(app, stranger_id)}
    for scope in Scope:
        askers[f"a script that may {scope}"] = await _script(app, owner_id, scope)
    try:
        allowed = {key: set(_scopes(route.dependant)) for key, route in routes_of(app)}
        cells, leaks = 0, []
        for who, client in askers.items():
            for key, route in ROUTES.items():
                is_script = who.startswith("a script")
                is_for_it = is_script and who.rpartition(" ")[2] in allowed[key]
                is_own = who == "stranger" and route.open is Open.TO_ACCOUNTS_HERE
                if route.open is Open.TO_ALL or is_for_it or is_own:
                    continue
                cells += 1
                if await _leaks(client, key, owner_id, things, is_strict=who != "stranger"):
                    leaks.append(f"{key} to {who}")
        app.dependency_overrides[identify] = lambda: Identity(owner_id, "member", new_id())
        control = [
            key
            for key, route in ROUTES.items()
            if route.open is not Open.TO_ALL and key.startswith("GET") and "events" not in key
            if await _leaks(askers["nobody"], key, owner_id, things, is_strict=True)
        ]
        return cells, leaks, len(control)
    finally:
        for client in askers.values():
            await client.aclose()
        await parts.database.close()


async def _script(app: FastAPI, account_id: UUID, scope: Scope) -> httpx2.AsyncClient:
    tokens: PersonalTokens = app.state.provided[PersonalTokens]
    database: Database = app.state.provided[Database]
    async with database.write() as tx:
        made = await tokens.make(tx, account_id, scope, [scope], None, Caller("", {}))
    client = make_client(app)
    client.headers["Authorization"] = f"Bearer {made.token}"
    return client


def _scopes(dependant: Dependant) -> Iterator[str]:
    """What a token needs for the route, as the application itself has it."""
    for inner in dependant.dependencies:
        if inner.call is identify:
            yield from inner.own_oauth_scopes or ()
        yield from _scopes(inner)


async def _leaks(
    client: httpx2.AsyncClient,
    key: str,
    owner_id: UUID,
    things: dict[str, UUID],
    *,
    is_strict: bool,
) -> bool:
    """Whether something was done or told; who is signed in may ask for what is their own."""
    method, path = key.format(
        **things, source="deezer", form="csv", year=2026, kind="heart_rate"
    ).split(" ")
    answer = await client.request(method, path, **filled(ROUTES[key].body, things))
    if answer.status_code >= 500:
        return True
    if is_strict or ROUTES[key].open is Open.TO_OWNER:
        return answer.status_code not in {401, 403, 404}
    return any(str(secret) in answer.text for secret in (owner_id, *things.values()))
