"""A run as others see it: the one place where it becomes that.

Whatever shows a run to somebody else (a link, a picture, a preview of either) takes it from
`project`, so that nothing can show more than another.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from beatrunner.activities.naming import without_part_of_day
from beatrunner.activities.shapes import StreamColumn, StreamsAnswer
from beatrunner.codecs.sealed_streams import quantise
from beatrunner.core.align import Span
from beatrunner.core.clip import ShownRun, clip, shown_spans
from beatrunner.core.hiding import PrivacyZone
from beatrunner.core.recording import Samples, Streams
from beatrunner.core.span_figures import span_figures
from beatrunner.db.types import AnyRow
from beatrunner.sharing.shapes import SharedRun, SharedSong, SharedSpan


@dataclass(frozen=True, slots=True)
class Choice:
    """What the runner shows besides."""

    shows_time: bool = False
    shows_heart_rate: bool = False


def project(
    activity: AnyRow,
    streams: Streams,
    played: Sequence[AnyRow],
    zones: Sequence[PrivacyZone],
    key: bytes,
    choice: Choice,
) -> SharedRun | None:
    """`played` are the rows of `store.list_played`, `zones` the runner's, `key` is the server's;
    None when nothing of the run is left to show. A pure function: some milliseconds.
    """
    # No runner's cuts tell anything of another's.
    own_key = hmac.digest(key, activity.account_id.bytes, "sha256")
    shown = clip(streams, zones, own_key, activity.id.bytes)
    if shown is None:
        return None
    figures = asdict(shown.figures)
    columns = dict(shown.streams.columns)
    if not choice.shows_heart_rate:
        figures["mean_heart_rate_bpm"] = None
        columns.pop("heart_rate_bpm", None)
    # Of what is shown: when songs played may be known elsewhere, and would tell what came before.
    started_at = activity.started_at + timedelta(seconds=int(shown.source_rows[0]))
    wrist_time = started_at + timedelta(seconds=activity.utc_offset_s or 0)
    songs, spans = _soundtrack(shown, columns, played)
    return SharedRun(
        name=activity.name if choice.shows_time else without_part_of_day(activity.name),
        sport=activity.sport,
        is_indoor=activity.is_indoor,
        is_clipped=shown.is_clipped,
        day=wrist_time.date(),
        started_at=started_at.replace(second=0, microsecond=0) if choice.shows_time else None,
        utc_offset_s=activity.utc_offset_s if choice.shows_time else None,
        **figures,
        streams=_answer(shown.streams.length_s, columns),
        songs=songs,
        spans=spans,
    )


def _soundtrack(
    shown: ShownRun, columns: Mapping[str, Samples], played: Sequence[AnyRow]
) -> tuple[list[SharedSong], list[SharedSpan]]:
    whole = [
        Span(
            row.track_id and str(row.track_id),
            None,
            row.start_s,
            row.end_s,
            row.start_uncertainty_s,
        )
        for row in played
    ]
    seen = shown_spans(whole, shown.source_rows)
    streams = Streams(shown.streams.length_s, columns, shown.streams.is_moving)
    figures = span_figures([each.span for each in seen], streams)
    numbers: dict[UUID, str] = {}
    songs: list[SharedSong] = []
    spans: list[SharedSpan] = []
    for each, figure in zip(seen, figures, strict=True):
        row, span = played[each.index], each.span
        song_id = _number(row.track_id, numbers) if each.is_whole else None
        if song_id is not None and len(numbers) > len(songs):
            songs.append(
                SharedSong(id=song_id, title=row.title, artist=row.artist, tempo_bpm=row.tempo_bpm)
            )
        spans.append(
            SharedSpan(
                song_id=song_id,
                start_s=span.start_s,
                end_s=span.end_s,
                start_uncertainty_s=span.start_uncertainty_s,
                moving_s=figure.moving_s,
                distance_m=figure.distance_m,
                speed_mps=figure.speed_mps,
                heart_rate_bpm=figure.heart_rate_bpm,
                cadence_spm=figure.cadence_spm,
            )
        )
    return songs, spans


def _number(track_id: UUID | None, numbers: dict[UUID, str]) -> str | None:
    return None if track_id is None else numbers.setdefault(track_id, str(len(numbers) + 1))


def _answer(length_s: int, columns: Mapping[str, Samples]) -> StreamsAnswer:
    encoded = {}
    for name, samples in columns.items():
        scale, deltas = quantise(name, samples)
        encoded[name] = StreamColumn(scale=scale, deltas=deltas)
    return StreamsAnswer(length_s=length_s, columns=encoded)
