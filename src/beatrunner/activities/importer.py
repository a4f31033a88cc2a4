"""Store what a child process made of a watch file. Idempotent by the file's content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.activities.naming import default_name
from beatrunner.activities.preparing import (
    PreparedActivity,
    prepare_fit,
    prepare_gpx,
    prepare_tcx,
)
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.told_run import ToldRun
from beatrunner.db.locks import lock_imports
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.ids import new_id


class ActivityImporter:
    readers: Mapping[FileKind, Reader] = {
        FileKind.FIT: prepare_fit,
        FileKind.GPX: prepare_gpx,
        FileKind.TCX: prepare_tcx,
    }
    keeps_original = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(
        self, tx: AsyncConnection, source: SourceFile, content: list[PreparedActivity]
    ) -> Stored:
        await lock_imports(tx, source.account_id)
        known = await store.list_known_sessions(tx, source.account_id, source.sha256)
        added = [
            await self._add(tx, source, index, prepared)
            for index, prepared in enumerate(content)
            if index not in known
        ]
        for index, activity_id in known.items():
            told = source.told_of(index, content[index].started_at)
            if told is not None:
                # As if the export had come first.
                plain = _activity_values(content[index], None)
                values = _activity_values(content[index], told)
                await store.replace_values(tx, source.account_id, activity_id, plain, values)
        if added:
            return Stored(Outcome.IMPORTED, tuple(added))
        return Stored(Outcome.ALREADY_THERE, tuple(known.values()))

    async def _add(
        self, tx: AsyncConnection, source: SourceFile, index: int, prepared: PreparedActivity
    ) -> UUID:
        now = self._clock()
        activity_id, recording_id = new_id(), new_id()
        values = _activity_values(prepared, source.told_of(index, prepared.started_at))
        await store.insert_activity(
            tx, {"id": activity_id, "account_id": source.account_id, "created_at": now, **values}
        )
        await store.insert_recording(
            tx,
            {
                "id": recording_id,
                "account_id": source.account_id,
                "activity_id": activity_id,
                "batch_id": source.batch_id,
                "content_sha256": source.sha256,
                "session_index": index,
                "provenance": source.provenance,
                "format": source.kind,
                "file_name": PurePosixPath(source.path).name,
                "device_name": prepared.device_name,
                "created_at": now,
            },
            prepared.parts,
        )
        await enqueue(
            tx,
            "activity.imported",
            {"activity_id": str(activity_id)},
            account_id=source.account_id,
            now=now,
        )
        return activity_id


def _activity_values(prepared: PreparedActivity, told: ToldRun | None) -> dict[str, Any]:
    """What the runner wrote at a service wins over the file, and both over what we make up."""
    summary = asdict(prepared.summary)
    del summary["laps"]
    sport = prepared.sport
    if prepared.is_sport_guessed and told and told.sport:
        sport = told.sport
    return {
        **summary,
        "name": (told and told.name)
        or prepared.name
        or default_name(sport, prepared.started_at, prepared.utc_offset_s),
        "description": (told and told.description) or prepared.description,
        "gear_name": told and told.gear,
        "sport": sport,
        "is_indoor": prepared.is_indoor,
        "started_at": prepared.started_at,
        "utc_offset_s": prepared.utc_offset_s,
        "length_s": prepared.length_s,
        "thumbnail": prepared.thumbnail,
        "laps": [asdict(lap) for lap in prepared.summary.laps],
        "pauses": [list(pause) for pause in prepared.pauses],
        "repairs": [asdict(repair) for repair in prepared.repairs],
    }
