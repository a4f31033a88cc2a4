"""An activity as its recordings tell it.

An activity has nothing of its own but what the runner wrote. All else follows from the set of its
recordings, and is computed anew whenever one comes or goes: of one recording it is what that one
says, of several `core.choose_columns` chooses. What was chosen is written to the recordings, for
`activities.streams` to put together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store, store
from beatrunner.activities.naming import default_name
from beatrunner.activities.streams import unseal_streams
from beatrunner.core.choose_columns import Choice, Part, Source, choose, put_together
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import Lap, RepairCode, Samples, Streams
from beatrunner.core.same_run import RecordedRun
from beatrunner.core.summary import Summary, summarise_together
from beatrunner.db.types import AnyRow
from beatrunner.jobs.store import enqueue

#: Columns that a recording says and an activity shows, besides the figures of a summary.
_SAID = ("description", "gear_name", "sport", "is_indoor", "started_at", "utc_offset_s", "length_s")
_SHOWN = ("thumbnail", "pauses", "repairs")
_FIGURES = tuple(name for name in Summary.__slots__ if name != "laps")

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Composition:
    """What is shown of the activity, and what each recording gives, in their order."""

    shown: Mapping[str, Any]
    parts: Sequence[tuple[int, list[str] | None]]


async def recompose(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> bool:
    """After a recording came, went or says something else. Without any the activity goes, too:
    False.

    The caller tells of it when the streams or the times may be others.
    """
    rows = await recording_store.list_recordings(tx, activity_id)
    if not rows:
        await store.delete_activity(tx, account_id, activity_id)
        return False
    activity = await store.lock_activity(tx, account_id, activity_id)
    if activity.streams_gone_at is not None:
        return True  # what it showed by them stays
    if len(rows) == 1:
        composed = Composition(shown_of_one(rows[0]._asdict()), [(0, None)])
    else:
        parts = await recording_store.list_parts(tx, [row.id for row in rows])
        composed = await asyncio.to_thread(_compose, rows, parts)
    for row, (shift_s, gives) in zip(rows, composed.parts, strict=True):
        await recording_store.update_recording(tx, row.id, {"shift_s": shift_s, "gives": gives})
    await store.update_said(tx, activity, composed.shown)
    return True


async def tell(tx: AsyncConnection, account_id: UUID, activity_id: UUID, now: datetime) -> None:
    """That the activity is new, or another one than it was."""
    payload = {"activity_id": str(activity_id)}
    await enqueue(tx, "activity.imported", payload, account_id=account_id, now=now)


def shown_of_one(said: Said) -> dict[str, Any]:
    """An activity of one recording."""
    shown = {name: said[name] for name in (*_SAID, *_SHOWN, *_FIGURES, "laps")}
    return {**shown, "name": said["name"] or _default_name(shown)}


def _default_name(shown: Mapping[str, Any]) -> str:
    return default_name(shown["sport"], shown["started_at"], shown["utc_offset_s"])


def recorded_run(said: Said, streams: Streams) -> RecordedRun:
    return RecordedRun(
        started_at=said["started_at"],
        sport=said["sport"],
        is_sport_guessed=said["is_sport_guessed"],
        is_indoor=said["is_indoor"],
        streams=streams,
    )


def _compose(rows: Sequence[AnyRow], blobs: Mapping[UUID, Sequence[bytes]]) -> Composition:
    by_key = {f"{row.content_sha256}/{row.session_index}": row for row in rows}
    streams = {
        key: unseal_streams(blobs.get(row.id, ()), row.length_s) for key, row in by_key.items()
    }
    choice = choose([_source(key, row, streams[key]) for key, row in by_key.items()])
    given = [(part, _columns(streams[key])) for key, part in choice.parts.items()]
    leading = by_key[choice.leading]
    shown = _shown_of_several(
        choice,
        {key: by_key[key]._asdict() for key in choice.parts},
        put_together(leading.length_s, given),
    )
    parts = [choice.parts[key] for key in by_key]
    return Composition(shown, [(part.shift_s, list(part.columns)) for part in parts])


def _source(key: str, row: AnyRow, streams: Streams) -> Source:
    return Source(
        key=key,
        run=recorded_run(row._asdict(), streams),
        provenance=row.provenance,
        format=row.format,
        repairs=frozenset(RepairCode(repair["code"]) for repair in row.repairs),
    )


def _columns(streams: Streams) -> dict[str, Samples]:
    return {**streams.columns, "is_moving": streams.is_moving.astype(float)}


def _shown_of_several(choice: Choice, said: Mapping[str, Said], streams: Streams) -> dict[str, Any]:
    """`said` by key, the leading recording first."""
    leading = said[choice.leading]
    shown = shown_of_one(leading)
    shown |= {name: _first_said(said, name) for name in ("description", "gear_name")}
    if shown["utc_offset_s"] is None:
        shown["utc_offset_s"] = _first_said(said, "utc_offset_s")
    if leading["is_sport_guessed"]:
        known = [each["sport"] for each in said.values() if not each["is_sport_guessed"]]
        shown["sport"] = known[0] if known else leading["sport"]
    figures = asdict(summarise_together(_summary(leading), streams))
    del figures["laps"]
    for giver, names in (
        (choice.giver("altitude_m"), ("ascent_m", "descent_m")),
        (choice.giver("latitude"), ("thumbnail",)),
    ):
        shown |= {name: said[giver or choice.leading][name] for name in names}
        figures |= {name: shown[name] for name in names if name in figures}
    shown |= figures
    shown["laps"] = _laps(choice, said)
    shown["repairs"] = _repairs(choice, said)
    shown["name"] = _first_said(said, "name") or _default_name(shown)
    return shown


def _first_said(said: Mapping[str, Said], name: str) -> Any:
    """What the runner wrote at Strava, then what the leading recording says, then the others."""
    in_order = sorted(
        said.values(), key=lambda each: each["provenance"] != Provenance.STRAVA_EXPORT
    )
    return next((each[name] for each in in_order if each[name] is not None), None)


def _summary(said: Said) -> Summary:
    laps = tuple(Lap(**lap) for lap in said["laps"])
    return Summary(**{name: said[name] for name in _FIGURES}, laps=laps)


def _laps(choice: Choice, said: Mapping[str, Said]) -> list[dict[str, Any]]:
    """The leading recording's; another's when that one has a single one, which is no lap."""
    leading = said[choice.leading]
    giver = next((key for key, each in said.items() if len(each["laps"]) > 1), choice.leading)
    part: Part = choice.parts[giver]
    laps = []
    for lap in said[giver]["laps"]:
        start_s = max(lap["start_s"] + part.shift_s, 0.0)
        end_s = min(lap["end_s"] + part.shift_s, float(leading["length_s"]))
        if start_s < end_s:
            laps.append({**lap, "start_s": start_s, "end_s": end_s})
    return laps


def _repairs(choice: Choice, said: Mapping[str, Said]) -> list[dict[str, Any]]:
    """Of all recordings that give something."""
    counts: dict[str, int] = {}
    for key, each in said.items():
        if choice.parts[key].columns:
            for repair in each["repairs"]:
                counts[repair["code"]] = counts.get(repair["code"], 0) + repair["count"]
    return [{"code": code, "count": count} for code, count in sorted(counts.items())]
