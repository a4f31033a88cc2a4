"""Store what a child process made of a watch file. Idempotent by the file's content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import body_store, recording_store, store
from beatrunner.activities.composing import recompose, tell
from beatrunner.activities.joining import add_recording
from beatrunner.activities.preparing import (
    PreparedActivity,
    prepare_apple_workout,
    prepare_fit,
    prepare_gpx,
    prepare_tcx,
    tells_of_body,
    without_body,
)
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.told_run import ToldRun
from beatrunner.core.recording import RepairCode
from beatrunner.core.refusals import Refusal
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.kit.clock import Clock
from beatrunner.kit.ids import new_id
from beatrunner.privacy.consents import keeps_heart_rate

#: What follows in the file is lost; another export of the run may hold it.
_LOSSES = frozenset({RepairCode.TRUNCATED, RepairCode.UNDEFINED_MESSAGE})


class ActivityImporter:
    readers: Mapping[FileKind, Reader] = {
        FileKind.FIT: prepare_fit,
        FileKind.GPX: prepare_gpx,
        FileKind.TCX: prepare_tcx,
        FileKind.APPLE_WORKOUT: prepare_apple_workout,
    }
    keeps_original = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(
        self, tx: AsyncConnection, source: SourceFile, content: list[PreparedActivity]
    ) -> Stored:
        await lock_imports(tx, source.account_id)
        may_keep = not any(map(tells_of_body, content)) or await keeps_heart_rate(
            tx, source.account_id
        )
        if not may_keep:
            content = [without_body(prepared) for prepared in content]
        known = await recording_store.list_known_sessions(tx, source.account_id, source.sha256)
        added = []
        for index, prepared in enumerate(content):
            if index in known:
                await self._tell_again(tx, source, known[index], prepared)
            else:
                values = self._values(source, index, prepared) | {"keeps_original": may_keep}
                added.append(await add_recording(tx, values, prepared.parts))
        keeps = await body_store.has_kept_original(tx, source.account_id, source.sha256)
        if not added:
            there = tuple(dict.fromkeys(row.activity_id for row in known.values()))
            return Stored(Outcome.ALREADY_THERE, there, may_keep_original=keeps)
        new = sum(not was_there for _, was_there in added)
        return Stored(
            Outcome.IMPORTED if new else Outcome.JOINED,
            tuple(activity_id for activity_id, _ in added),
            activities_added=new,
            reason=_reason(content, may_keep=may_keep),
            may_keep_original=keeps,
        )

    async def _tell_again(
        self, tx: AsyncConnection, source: SourceFile, row: AnyRow, prepared: PreparedActivity
    ) -> None:
        """A file that is there already: note who brought it, and what a service says of it."""
        if source.batch_id is not None and row.batch_id != source.batch_id:
            await recording_store.insert_repeat(tx, row.id, source.batch_id)
        await self._agree_later(tx, source, row, prepared)
        told = source.told_of(row.session_index, prepared.started_at)
        if told is None:
            return
        # As if the export had come first.
        values = _written_values(prepared, told)
        if any(row._asdict()[name] != value for name, value in values.items()):
            await recording_store.update_recording(tx, row.id, values)
            await recompose(tx, source.account_id, row.activity_id)

    async def _agree_later(
        self, tx: AsyncConnection, source: SourceFile, row: AnyRow, prepared: PreparedActivity
    ) -> None:
        """Give a recording its heart rate that was stored without, before its runner agreed."""
        if not tells_of_body(prepared) or await body_store.has_body(tx, row.id):
            return
        if (await store.get_activity(tx, source.account_id, row.activity_id)).streams_gone_at:
            return  # it went with all others
        figures = {name: getattr(prepared.summary, name) for name in body_store.NO_HEART_RATE}
        await body_store.insert_body(tx, row.id, prepared.parts[body_store.BODY], figures)
        await recompose(tx, source.account_id, row.activity_id)
        await tell(tx, source.account_id, row.activity_id, self._clock())

    def _values(self, source: SourceFile, index: int, prepared: PreparedActivity) -> dict[str, Any]:
        return {
            "id": new_id(),
            "account_id": source.account_id,
            "batch_id": source.batch_id,
            "content_sha256": source.sha256,
            "session_index": index,
            "provenance": source.provenance,
            "format": source.kind,
            "file_name": PurePosixPath(source.path).name,
            "device_name": prepared.device_name,
            "created_at": self._clock(),
            **asdict(prepared.summary),
            "is_indoor": prepared.is_indoor,
            "started_at": prepared.started_at,
            "utc_offset_s": prepared.utc_offset_s,
            "length_s": prepared.length_s,
            "thumbnail": prepared.thumbnail,
            "laps": [asdict(lap) for lap in prepared.summary.laps],
            "pauses": [list(pause) for pause in prepared.pauses],
            "repairs": [asdict(repair) for repair in prepared.repairs],
            **_written_values(prepared, source.told_of(index, prepared.started_at)),
        }


def _is_damaged(content: Iterable[PreparedActivity]) -> bool:
    return any(repair.code in _LOSSES for prepared in content for repair in prepared.repairs)


def _reason(content: Iterable[PreparedActivity], *, may_keep: bool) -> Refusal | None:
    """Why not all of the file is stored."""
    if not may_keep:
        return Refusal.WITHOUT_HEART_RATE
    return Refusal.DAMAGED_IN_PART if _is_damaged(content) else None


def _written_values(prepared: PreparedActivity, told: ToldRun | None) -> dict[str, Any]:
    """What the runner wrote at a service wins over the file."""
    sport, is_guessed = prepared.sport, prepared.is_sport_guessed
    if is_guessed and told and told.sport:
        sport, is_guessed = told.sport, False
    return {
        "name": (told and told.name) or prepared.name,
        "description": (told and told.description) or prepared.description,
        "gear_name": told and told.gear,
        "sport": sport,
        "is_sport_guessed": is_guessed,
    }
