"""Small files of every kind, written by the project's own encoders."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.recording import RawRecording, Samples

MORNING = datetime(2026, 2, 2, 6, 30, tzinfo=UTC)


def run(
    started_at: datetime = MORNING,
    *,
    length_s: int = 180,
    speed_mps: float = 3.0,
    sport: str = "run",
    is_indoor: bool = False,
    name: str | None = None,
    utc_offset_s: int | None = None,
) -> RawRecording:
    """Steadily eastwards, or on a belt; one sample a second."""
    second = np.arange(length_s, dtype=np.float64)
    columns: dict[str, Samples] = {
        "distance_m": second * speed_mps,
        "heart_rate_bpm": 120.0 + second % 40,
        "cadence_spm": np.full(length_s, 172.0),
    }
    if not is_indoor:
        columns["latitude"] = np.full(length_s, 52.5)
        columns["longitude"] = 13.4 + second * speed_mps / 67_700
        columns["altitude_m"] = np.full(length_s, 40.0)
    return RawRecording(
        sport=sport,
        started_at=started_at,
        sample_s=second,
        columns=columns,
        is_indoor=is_indoor,
        name=name,
        utc_offset_s=utc_offset_s,
    )


def plays(
    first_started_at: datetime,
    count: int,
    *,
    length_s: int = 60,
    kind: ListenKind = ListenKind.MUSIC,
) -> list[RawListen]:
    """Songs one after the other, each of them another."""
    starts = [first_started_at + timedelta(seconds=length_s * number) for number in range(count)]
    return [
        RawListen(
            kind=kind,
            title=f"Song {number}",
            artist="The Samples",
            album="Made Up",
            started_at=start,
            ended_at=start + timedelta(seconds=length_s),
            uncertainty_s=1.0,
            source_id=f"spotify:track:{number:022}",
            is_skipped=False,
            is_shuffled=True,
            is_offline=False,
        )
        for number, start in enumerate(starts)
    ]


def spotify_zip(listens: Sequence[RawListen]) -> bytes:
    name = "Spotify Extended Streaming History/Streaming_History_Audio_2026_0.json"
    return zipped({name: write_extended_history(listens)})


def strava_table(names: Mapping[str, str], *, sport: str = "Run") -> bytes:
    """`activities.csv` for files with the runner's name of each."""
    header = (
        "Activity ID,Activity Date,Activity Name,Activity Type,"
        "Activity Description,Activity Gear,Filename"
    )
    rows = [
        f'{number},"Feb 2, 2026, 6:30:00 AM",{name},{sport},About {name},Old shoes,{file}'
        for number, (file, name) in enumerate(names.items(), start=1)
    ]
    return "\n".join([header, *rows]).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
