from __future__ import annotations

from beatrunner.db.engine import Database
from tests.conftest import HeldClock
from tests.web.client import make_app, make_client


async def test_the_owner_signs_in_without_a_password(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock)) as client:
        state = (await client.get("/v1/auth/state")).json()
        assert state == {
            "this_computer": True,
            "registration": True,
            "demo": True,
            "has_owner": False,
        }
        session = await client.post("/v1/auth/this-computer", json={})
        assert session.status_code == 200, session.text
        assert session.json()["account"]["kind"] == "owner"
        token = session.json()["access_token"]
        profile = await client.get("/v1/profile", headers={"Authorization": f"Bearer {token}"})
        assert profile.json()["units"] == "km", profile.text
        again = await client.post("/v1/auth/this-computer", json={})
        assert again.json()["account"] == session.json()["account"]
        assert (await client.get("/v1/auth/state")).json()["has_owner"]
        assert (await client.get("/v1/profile")).status_code == 401
