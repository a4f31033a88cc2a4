from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from prometheus_client.parser import text_string_to_metric_families

from beatrunner.db.engine import Database
from beatrunner.jobs import store as jobs_store
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock
from tests.web.client import make_app, make_client


async def test_health_tells_of_database_and_worker(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock)) as client:
        before = await client.get("/health")
        assert before.status_code == 200
        assert before.json()["status"] == "well"
        assert before.json()["worker_seen_s_ago"] is None
        assert before.json()["version"][0].isdigit()
        async with database.write() as tx:
            await jobs_store.upsert_worker(tx, "worker", system_clock() - timedelta(seconds=30))
        seen_s_ago = (await client.get("/health")).json()["worker_seen_s_ago"]
        assert 30 <= seen_s_ago < 60


async def test_health_is_bad_when_the_database_is_away(clock: HeldClock) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    async with make_client(make_app(away, clock)) as client:
        answer = await client.get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "unwell"
        assert answer.json()["database"] == "away"
    await away.close()


async def test_metrics_tell_routes_jobs_and_statements(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    async with make_client(make_app(database, clock)) as client:
        async with database.write() as tx:
            await jobs_store.enqueue(tx, "a.kind", {}, account_id=account_id, now=clock())
        await client.get("/v1/auth/state?token=secret")
        await client.get(f"/runs/{new_id()}")
        await client.get("/v1/nothing")
        await client.request("BREW", "/v1/auth/state")
        text = (await client.get("/metrics")).text
    families = {found.name: found for found in text_string_to_metric_families(text)}
    assert families["beatrunner_database_statement_seconds"].samples
    waiting = [
        sample.value
        for sample in families["beatrunner_jobs"].samples
        if sample.labels == {"state": "waiting"}
    ]
    assert waiting == [1]
    seen = {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"])
        for sample in families["beatrunner_request_seconds"].samples
    }
    # Templates and known methods only: a stranger cannot make the metrics grow.
    assert {
        ("GET", "/v1/auth/state", "200"),
        ("GET", "pages", "200"),
        ("GET", "pages", "404"),
        ("OTHER", "/v1/auth/state", "405"),
    } <= seen
    assert "secret" not in text
