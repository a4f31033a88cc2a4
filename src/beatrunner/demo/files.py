"""The demo runner's files: two archives as the services would send them, and what was planted.

The archives are made by the project's own encoders and carry no more than real ones do: song
tempi and planted effects are in `planted_effects.json` beside them, which nothing imports. Same
seed and day, same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.listening import RawListen
from beatrunner.core.recording import RawRecording
from beatrunner.demo.listening import (
    Play,
    everyday_listens,
    listen_of,
    run_playlist,
    run_podcast,
    until,
)
from beatrunner.demo.plan import DAYS, ZONE, Music, PlannedOuting, plan
from beatrunner.demo.runner import ENTRAINMENT_SHARE, ENTRAINMENT_WINDOW_PCT, simulate_run
from beatrunner.demo.songs import (
    PACE_EFFECTS_PCT,
    STEPPED_SPM,
    TEMPO_EFFECT_PCT_PER_BPM,
    Song,
    songs,
)
from beatrunner.demo.strava_archive import ArchivedActivity, activities_csv

#: How many plays there are in all, about.
LISTENS = 6000

_FIRST_ACTIVITY_ID = 9_700_000_001
_FIRST_UPLOAD_ID = 10_300_000_001
_WRITERS: Mapping[str, Callable[[RawRecording], bytes]] = {
    "fit": write_fit,
    "gpx": write_gpx,
    # The service's archive has these spaces in front of the XML declaration.
    "tcx": lambda recording: b" " * 10 + write_tcx(recording),
}


@dataclass(frozen=True, slots=True)
class DemoOuting:
    """One outing as it truly was: the recording before it was encoded, and the plays in seconds
    since its start. `file_name` is that in the archive."""

    file_name: str
    kind: str
    music: Music
    recording: RawRecording
    plays: tuple[Play, ...]


@dataclass(frozen=True, slots=True)
class DemoManifest:
    """What was written. `effects_file` has the planted effects and the tempo of every song."""

    strava_export: Path
    spotify_export: Path
    effects_file: Path
    outings: tuple[DemoOuting, ...]
    listens: tuple[RawListen, ...]
    songs: tuple[Song, ...]


def write_demo_files(folder: Path, today: date, seed: int = 1) -> DemoManifest:
    """Write the exports of the six months before `today` into `folder`, made when not there."""
    planned = plan(today, np.random.default_rng([seed, 0]))
    outings = tuple(
        _outing(ordinal, one, np.random.default_rng([seed, 1, ordinal]))
        for ordinal, one in enumerate(planned)
    )
    listens = _listens(planned, outings, today, np.random.default_rng([seed, 2]))
    folder.mkdir(parents=True, exist_ok=True)
    manifest = DemoManifest(
        strava_export=folder / "strava_export.zip",
        spotify_export=folder / "my_spotify_data.zip",
        effects_file=folder / "planted_effects.json",
        outings=outings,
        listens=tuple(listens),
        songs=songs(),
    )
    manifest.strava_export.write_bytes(_zipped(_strava_entries(planned, outings), today))
    manifest.spotify_export.write_bytes(_zipped(_spotify_entries(listens), today))
    manifest.effects_file.write_text(_effects(manifest, seed, today), encoding="utf-8")
    return manifest


def _outing(ordinal: int, planned: PlannedOuting, rng: np.random.Generator) -> DemoOuting:
    plays: tuple[Play, ...] = ()
    if planned.music is Music.PODCAST:
        plays = run_podcast(rng)
    elif planned.music is not Music.NONE:
        plays = run_playlist(planned.outing.expected_s, rng, planned.paused_s)
    recording = simulate_run(planned.outing, plays, rng)
    stopped_s = (recording.totals.elapsed_s or 0.0) + float(rng.uniform(5.0, 90.0))
    ending = planned.form + (".gz" if planned.is_gzipped else "")
    file_name = f"activities/{_FIRST_UPLOAD_ID + 7919 * ordinal}.{ending}"
    return DemoOuting(file_name, planned.kind, planned.music, recording, until(plays, stopped_s))


def _listens(
    planned: Sequence[PlannedOuting],
    outings: Sequence[DemoOuting],
    today: date,
    rng: np.random.Generator,
) -> list[RawListen]:
    """All plays in order: those of the outings, and everyday ones around them."""
    while_out = [
        listen_of(
            play,
            one.recording.started_at,
            is_shuffled=one.music is not Music.PODCAST,
            is_offline=one.music is Music.OFFLINE,
        )
        for one in outings
        for play in one.plays
    ]
    busy = [_busy(one.recording) for one in outings]
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    everyday = everyday_listens(days, busy, ZONE, LISTENS - len(while_out), rng)
    return sorted([*while_out, *everyday], key=lambda listen: listen.ended_at)


def _busy(recording: RawRecording) -> tuple[datetime, datetime]:
    """From shortly before the outing (its music is already on) until shortly after."""
    elapsed = timedelta(seconds=recording.totals.elapsed_s or 0.0)
    margin = timedelta(minutes=5)
    return recording.started_at - margin, recording.started_at + elapsed + margin


def _strava_entries(
    planned: Sequence[PlannedOuting], outings: Sequence[DemoOuting]
) -> list[tuple[str, bytes]]:
    table = [
        ArchivedActivity(_FIRST_ACTIVITY_ID + 104_729 * ordinal, one.file_name, one.recording, gear)
        for ordinal, (one, gear) in enumerate(
            zip(outings, (one.gear for one in planned), strict=True)
        )
    ]
    entries = [("activities.csv", activities_csv(table))]
    for one in outings:
        form = one.file_name.split(".")[1]
        data = _WRITERS[form](one.recording)
        if one.file_name.endswith(".gz"):
            data = gzip.compress(data, compresslevel=6, mtime=0)
        entries.append((one.file_name, data))
    return entries


def _spotify_entries(listens: Sequence[RawListen]) -> list[tuple[str, bytes]]:
    first, last = listens[0].ended_at.year, listens[-1].ended_at.year
    years = str(first) if first == last else f"{first}-{last}"
    name = f"Spotify Extended Streaming History/Streaming_History_Audio_{years}_0.json"
    return [(name, write_extended_history(listens))]


def _zipped(entries: Iterable[tuple[str, bytes]], day: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            is_packed_already = name.endswith(".gz")
            entry.compress_type = zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return packed.getvalue()


def _effects(manifest: DemoManifest, seed: int, today: date) -> str:
    """The truth behind the files, for whoever judges statistics by them."""
    paused = [
        {
            "file": one.file_name,
            "title": play.song.title,
            "true_start_s": round(play.start_s, 1),
            "paused_s": play.paused_s,
        }
        for one in manifest.outings
        for play in one.plays
        if play.paused_s
    ]
    truth = {
        "seed": seed,
        "today": today.isoformat(),
        "pace_effects_pct": PACE_EFFECTS_PCT,
        "pace_effect_of_tempo": {
            "pct_per_bpm": TEMPO_EFFECT_PCT_PER_BPM,
            "stepped_to_at_spm": STEPPED_SPM,
        },
        "cadence_entrainment": {
            "window_pct": ENTRAINMENT_WINDOW_PCT,
            "share_of_difference": ENTRAINMENT_SHARE,
        },
        "heart_rate_effect_of_music": "none beyond that of the pace",
        "song_order_in_runs": "random, so that songs and places in the run are independent",
        "paused_plays": paused,
        "songs": [asdict(song) for song in manifest.songs],
    }
    return json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
