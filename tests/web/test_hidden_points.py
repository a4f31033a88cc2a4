"""No route lets a stranger see a hidden point of a run that is public and has a link.

The walk is made from the application's own routes, so that one that is added is walked, too. The
run goes east: a number between the longitudes of what is hidden is a hidden point.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
from sqlalchemy import insert, select, update

from beatrunner import wiring
from beatrunner.codecs.fit import write_fit
from beatrunner.core.path import EARTH_RADIUS_M
from beatrunner.db.privacy_tables import privacy_zones
from beatrunner.db.share_tables import share_links
from beatrunner.db.tables import activities
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from beatrunner.kit.tokens import token_hash
from beatrunner.web.app import create_app
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import run
from tests.web.client import make_client, signed_in_client
from tests.web.owned_things import make_things
from tests.web.test_authorisation import ROUTES, filled, routes_of

LENGTH_S = 2400
TOKEN = "a-token-that-somebody-was-given"
START, STEP = 13.4, 3.0 / 67_700
FRIEND = START + LENGTH_S / 2 * STEP
METRE = 1.0 / (EARTH_RADIUS_M * np.pi / 180.0 * np.cos(np.radians(52.5)))
#: The first and the last 100 m, and 100 m more than the zone's 200.
HIDDEN = (
    (START, START + 99 * METRE),
    (FRIEND - 299 * METRE, FRIEND + 299 * METRE),
    (START + (LENGTH_S - 1) * STEP - 99 * METRE, START + LENGTH_S * STEP),
)


def _columns(found: Any) -> Iterator[list[float]]:
    """Those that are sent as differences."""
    if isinstance(found, dict) and found.keys() == {"scale", "deltas"}:
        steps = [step for step in found["deltas"] if step is not None]
        yield (found["scale"] * np.cumsum(steps)).tolist()
    elif isinstance(found, (dict, list)):
        for each in found.values() if isinstance(found, dict) else found:
            yield from _columns(each)


def hidden_points(answer: httpx2.Response) -> list[float]:
    numbers = [float(word) for word in re.findall(r"\d+\.\d+", answer.text)]
    if answer.text.startswith("{") and "json" in answer.headers["content-type"]:
        for column in _columns(answer.json()):
            numbers += column
    return [x for x in numbers if any(low <= x <= high for low, high in HIDDEN)]


async def _share(library: Library, things: dict[str, UUID]) -> str:
    """Make the one run public, and give out a link; its thumbnail."""
    row = (await library.rows(select(activities).where(activities.c.length_s == LENGTH_S)))[0]
    zone = {"name": "Friend", "latitude": 52.5, "longitude": FRIEND, "radius_m": 200}
    owned = {"account_id": library.account_id, "created_at": library.clock()}
    async with library.database.write() as tx:
        await tx.execute(update(activities).values(visibility="public"))
        await tx.execute(insert(privacy_zones).values(id=new_id(), **zone, **owned))
        await tx.execute(
            update(share_links)
            .where(share_links.c.id == things["link_id"])
            .values(activity_id=row.id, token_hash=token_hash(TOKEN))
        )
    things["activity_id"] = row.id
    return str(row.thumbnail)


async def test_no_hidden_point_leaves_by_any_route(
    library: Library, clock: HeldClock, database_address: str, tmp_path: Path
) -> None:
    await library.take_in(("run.fit", write_fit(run(length_s=LENGTH_S))))
    things = await make_things(library.database, clock, library.account_id)
    thumbnail = await _share(library, things)
    settings = Settings(database_url=database_address, data_dir=tmp_path / "data")
    parts = wiring.build_server(settings, library.clock)
    app = create_app(parts.routers, parts.provided, settings)
    owner = await signed_in_client(app, library.account_id)
    stranger = await signed_in_client(app, await make_account(library.database))
    nobody = make_client(app, peer="203.0.113.9")
    words = defaultdict(new_id, {**things, "form": "gpx", "token": TOKEN, "year": 2026})
    shown = set()
    for key, _ in routes_of(app):
        method, path = key.format_map(words).split(" ")
        for client in (nobody, stranger):
            answer = await client.request(method, path, **filled(ROUTES[key].body, things))
            assert hidden_points(answer) == [], key
            assert thumbnail not in answer.text, key
            if '"latitude":{' in answer.text:
                shown.add(key)
    # They do show the run; and what its runner sees is found by the same means.
    assert shown == {"GET /v1/shared/{token}", "GET /v1/public/activities/{activity_id}"}
    for path in ("/streams", "/export/gpx"):
        own = await owner.get(f"/v1/activities/{things['activity_id']}{path}")
        assert len(hidden_points(own)) > 100, own.text[:200]
    for client in (owner, stranger, nobody):
        await client.aclose()
    await parts.database.close()
