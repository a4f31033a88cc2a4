"""For whoever runs BeatRunner: is it well, and how busy is it."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel

from beatrunner.db.api import ProvidedDatabase
from beatrunner.jobs import store as jobs_store
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import logger

_PATIENCE_S = 2.0

log = logger(__name__)
router = APIRouter(tags=["operations"])
metrics_router = APIRouter(tags=["operations"])

JOBS = Gauge("beatrunner_jobs", "Jobs in the table", ["state"])


class Health(BaseModel):
    status: Literal["well", "unwell"]
    version: str
    database: Literal["well", "away"]
    worker_seen_s_ago: float | None


@router.get("/health", responses={503: {"model": Health}})
async def get_health(response: Response, database: ProvidedDatabase) -> Health:
    """503 when the database does not answer within two seconds."""
    found = Health(
        status="well", version=version("beatrunner"), database="well", worker_seen_s_ago=None
    )
    try:
        async with asyncio.timeout(_PATIENCE_S), database.read() as tx:
            seen_at = await jobs_store.find_worker_seen_at(tx)
    except Exception as error:
        log.warning("health.database_away", error=repr(error))
        response.status_code = 503
        return found.model_copy(update={"status": "unwell", "database": "away"})
    if seen_at is not None:
        found.worker_seen_s_ago = round((system_clock() - seen_at).total_seconds(), 1)
    return found


@metrics_router.get("/metrics", response_class=Response)
async def get_metrics(database: ProvidedDatabase) -> Response:
    """Prometheus text, of this process; the counts of jobs are everybody's."""
    async with database.read() as tx:
        counts = await jobs_store.count_by_state(tx)
    for state in ("waiting", "running", "done", "dead"):
        JOBS.labels(state).set(counts.get(state, 0))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
