"""Garmin's account export: what `…_summarizedActivities.json` says about runs.

The export holds the FIT files as they were uploaded, in archives of their own, named by the upload
and not by the activity. Beside them these tables, of a thousand activities each, have the names the
runner gave. Nothing connects the two but when a run began, which both say in UTC.

Figures are in odd units there (milliseconds, centimetres); the files know them better, so only
words are taken. The shape is what public readers of such exports agree upon: a list of
`{"summarizedActivitiesExport": [{"name", "activityType", "beginTimestamp" (in ms), …}, …]}`, now
and then without the outer list or the wrapping object.
"""

from __future__ import annotations

import msgspec

from beatrunner.codecs.sport_names import sport_named
from beatrunner.codecs.told_run import ToldRun
from beatrunner.core.refusals import Refusal, UnreadableFileError


class _Activity(msgspec.Struct):
    name: str | None = None
    description: str | None = None
    activity_type: str | None = msgspec.field(default=None, name="activityType")
    begin_ms: float | None = msgspec.field(default=None, name="beginTimestamp")
    start_gmt_ms: float | None = msgspec.field(default=None, name="startTimeGmt")


class _Wrapped(msgspec.Struct):
    activities: list[_Activity] = msgspec.field(name="summarizedActivitiesExport")


def read_summarized_activities(data: bytes) -> dict[int, ToldRun]:
    """Runs by the second of their start since 1970. Raises `UnreadableFileError` DAMAGED."""
    found = {}
    for activity in _activities(data):
        begin_ms = activity.begin_ms or activity.start_gmt_ms
        if begin_ms:
            found[round(begin_ms / 1000)] = ToldRun(
                name=_text(activity.name),
                description=_text(activity.description),
                gear=None,
                sport=sport_named(activity.activity_type),
            )
    return found


def _activities(data: bytes) -> list[_Activity]:
    try:
        wrapped = msgspec.json.decode(data, type=list[_Wrapped] | _Wrapped)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _unwrapped(data)
    parts = wrapped if isinstance(wrapped, list) else [wrapped]
    return [activity for part in parts for activity in part.activities]


def _unwrapped(data: bytes) -> list[_Activity]:
    try:
        return msgspec.json.decode(data, type=list[_Activity])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error


def _text(text: str | None) -> str | None:
    # PostgreSQL has no place for NUL in a text.
    return (text or "").replace("\0", "").strip() or None
