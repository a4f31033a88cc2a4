"""Runs worth comparing with one: those of the same route first, then those of about its length."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from math import log
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.store import get_activity
from beatrunner.core.path import decode_polyline
from beatrunner.core.same_route import LEAST_SHARED, Route, route_of, shared_way
from beatrunner.db.types import AnyRow
from beatrunner.retrospect import store
from beatrunner.retrospect.shapes import SimilarRuns

#: Of its length: a route of another length is another one.
_LEAST_RATIO, _MOST_RATIO = 0.85, 1.18
#: The latest ones are looked at.
_MOST_LOOKED_AT = 2_000
_MOST_NAMED = 8


async def find_similar(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> SimilarRuns:
    """Nothing for a run of unknown length. Raises NotFoundError for a run that is not there."""
    run = await get_activity(tx, account_id, activity_id)
    if not run.distance_m:
        return SimilarRuns(same_route=[], similar_length=[])
    bounds_m = run.distance_m * _LEAST_RATIO, run.distance_m * _MOST_RATIO
    others = await store.list_runs_of_length(tx, run, bounds_m, _MOST_LOOKED_AT)
    return await asyncio.to_thread(_similar, run, others)


def _similar(run: AnyRow, others: Sequence[AnyRow]) -> SimilarRuns:
    """`others` the latest first, in which order those of the route stay."""
    route = _route_of(run)
    same = [other for other in others if _is_same(route, _route_of(other))]
    known = {other.id for other in same}
    rest = [other for other in others if other.id not in known]
    rest.sort(key=lambda other: abs(log(other.distance_m / run.distance_m)))
    return SimilarRuns(same_route=_named(same), similar_length=_named(rest))


def _is_same(one: Route | None, other: Route | None) -> bool:
    return one is not None and other is not None and shared_way(one, other) >= LEAST_SHARED


def _route_of(run: AnyRow) -> Route | None:
    return route_of(*decode_polyline(run.thumbnail)) if run.thumbnail else None


def _named(runs: Sequence[AnyRow]) -> list[Any]:
    return [run._mapping for run in runs[:_MOST_NAMED]]
