"""Files that no device wrote: damaged ones of each format, and archives built to do harm."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from beatrunner.codecs.apple_health import split_export
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.recording import RawRecording
from beatrunner.demo.strava_archive import ArchivedActivity, activities_csv
from benchmarks.health_export import export_xml
from benchmarks.runner import listening, one_hour_run

#: File name endings, the tables inside Strava's and Garmin's exports, and of Apple's health data
#: the export (`export.xml`) and what is made of it for one workout.
FORMATS = (
    *("fit", "gpx", "tcx", "fit.gz", "zip", "activities.csv", "json"),
    *("nested.zip", "summarizedActivities.json", "export.xml", "workout.xml"),
)
_INSIDE = frozenset({"nested.zip", "activities.csv", "summarizedActivities.json"})
_SAMPLES = 240
_ZEROS = b"\0" * (1 << 20)
_INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"<", b'"', b"&", b"-", b"]]>", b"1e999", b"\n")


def hostile_files(name: str, count: int, seed: int) -> Iterator[bytes]:
    """`count` files of a format; the same for the same arguments."""
    chance = random.Random(f"{name} {seed}")
    built = _built(name)[:count]
    models = _models(name)
    damages = (damaged(chance.choice(models), chance) for _ in range(count - len(built)))
    for data in chain((make() for make in built), damages):
        yield zipped([(name, data)]) if name in _INSIDE else data


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file after one to eight accidents."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        chance.choice(_ACCIDENTS)(content, chance)
    return bytes(content)


def _turn_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 3, 20))):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _write_over(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) + 1)
    new = chance.choice(_INTERESTING)
    content[at : at + len(new)] = new


def _change_head(content: bytearray, chance: random.Random) -> None:
    """Where sizes and counts are."""
    if content:
        content[chance.randrange(min(len(content), 200))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    start, end = _stretch(content, chance)
    del content[start:end]


def _double(content: bytearray, chance: random.Random) -> None:
    start, end = _stretch(content, chance)
    content[end:end] = content[start:end] * chance.choice((1, 1, 5))


def _blank(content: bytearray, chance: random.Random) -> None:
    start, end = _stretch(content, chance)
    content[start:end] = bytes([chance.choice((0, 32, 255))]) * (end - start)


def _move(content: bytearray, chance: random.Random) -> None:
    start, end = _stretch(content, chance)
    moved = content[start:end]
    del content[start:end]
    at = chance.randrange(len(content) + 1)
    content[at:at] = moved


def _lose_tail(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _stretch(content: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 4, 30, 500)))


_ACCIDENTS: Sequence[Callable[[bytearray, random.Random], None]] = (
    *(_turn_bits, _write_over, _change_head, _cut, _double, _blank, _move, _lose_tail),
)


@cache
def _models(name: str) -> tuple[bytes, ...]:
    """Healthy files of a format, small ones."""
    runs = [_short_run(number) for number in range(3)]
    tables = [
        ArchivedActivity(n, f"activities/{n}.fit.gz", run, "Kestrel 2")
        for n, run in enumerate(runs)
    ]
    history = listening([run.started_at for run in runs])
    make: Mapping[str, Callable[[], Sequence[bytes]]] = {
        "fit": lambda: [write_fit(run) for run in runs] + [b"".join(map(write_fit, runs))],
        "gpx": lambda: [write_gpx(run) for run in runs],
        "tcx": lambda: [write_tcx(run) for run in runs],
        "fit.gz": lambda: [gzip.compress(write_fit(run), mtime=0) for run in runs],
        "zip": lambda: [_strava_zip(runs, tables)],
        "activities.csv": lambda: [activities_csv(tables)],
        "json": lambda: [write_extended_history(history[:60])],
        "nested.zip": lambda: [_uploads_zip(runs)],
        "summarizedActivities.json": lambda: [_garmin_table(runs)],
        "export.xml": lambda: [_health_export()],
        "workout.xml": lambda: _health_workouts(),
    }
    return tuple(make[name]())


def _short_run(number: int) -> RawRecording:
    whole = one_hour_run(number)
    return replace(
        whole,
        sample_s=whole.sample_s[:_SAMPLES],
        columns={name: samples[:_SAMPLES] for name, samples in whole.columns.items()},
        laps=whole.laps[:1],
    )


def _strava_zip(runs: Sequence[RawRecording], tables: Sequence[ArchivedActivity]) -> bytes:
    entries = [("activities.csv", activities_csv(tables))]
    entries += [
        (table.file_name, gzip.compress(write_fit(run), mtime=0))
        for table, run in zip(tables, runs, strict=True)
    ]
    return zipped(entries)


def _uploads_zip(runs: Sequence[RawRecording]) -> bytes:
    return zipped([(f"{number}.fit", write_fit(run)) for number, run in enumerate(runs)])


def _garmin_table(runs: Sequence[RawRecording]) -> bytes:
    rows = [{"name": "Lake", "beginTimestamp": run.started_at.timestamp() * 1000} for run in runs]
    return json.dumps([{"summarizedActivitiesExport": rows}]).encode()


def _health_export() -> bytes:
    """A tenth of a day, all of it beside its one workout."""
    lines = b"".join(export_xml(1)).splitlines(keepends=True)
    workout = next(n for n, line in enumerate(lines) if b"<Workout " in line)
    return b"".join([*lines[:17], *lines[17:workout:10], *lines[workout:]])


def _health_workouts() -> Sequence[bytes]:
    target = io.BytesIO()
    split_export(lambda: iter([_health_export()]), lambda _: None, io.BytesIO(), target)
    with zipfile.ZipFile(target) as archive:
        return [archive.read(name) for name in archive.namelist()]


def zipped(entries: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _built(name: str) -> Sequence[Callable[[], bytes]]:
    by_format: Mapping[str, Sequence[Callable[[], bytes]]] = {
        "fit.gz": (_gzip_bomb, _nested_gzip, _endless_members),
        "zip": (_zip_bomb, _nested_zips, _overlapping, _quine_like, _many_members, _unsafe_paths),
        "gpx": (_billion_laughs, _deep_xml, _outside_entity, _long_text),
        "tcx": (_billion_laughs, _deep_xml, _outside_entity, _long_text),
        "json": (_deep_json, _long_number),
        "activities.csv": (_long_cell, _many_columns),
        "fit": (_fit_of_definitions,),
        "nested.zip": (_zip_bomb, _nested_zips, _quine_like),
        "summarizedActivities.json": (_deep_json,),
        "export.xml": (_billion_laughs_of_health, _deep_health, _endless_workout),
    }
    return by_format.get(name, ())


def _gzip_bomb() -> bytes:
    return gzip.compress(_ZEROS * 150, mtime=0)


def _nested_gzip() -> bytes:
    data = _models("fit")[0]
    for _ in range(4):
        data = gzip.compress(data, mtime=0)
    return data


def _endless_members() -> bytes:
    return gzip.compress(b"", mtime=0) * 50_000


def _zip_bomb() -> bytes:
    return zipped([(f"{number}.gpx", _ZEROS * 100) for number in range(2)])


def _nested_zips() -> bytes:
    data = zipped([("run.fit", _models("fit")[0])])
    for depth in range(6):
        data = zipped([(f"{depth}.zip", data)])
    return data


def _billion_laughs_of_health() -> bytes:
    return _billion_laughs().replace(b"gpx", b"HealthData")


def _deep_health() -> bytes:
    return b"<HealthData>" + b"<Record>" * 20_000


def _endless_workout() -> bytes:
    times = b'startDate="2026-01-01 00:00:00 +0000" endDate="9999-01-01 00:00:00 +0000"'
    return b"<HealthData><Workout %s>" % times + b"<WorkoutEvent/>" * 100_000


def _overlapping() -> bytes:
    """Every entry of the directory names the same bytes."""
    content = zipped([("run.fit", _ZEROS * 10)])
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    directory = content[start:end]
    count = 500
    tail = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory) * count, start, 0
    )
    return content[:start] + directory * count + tail


def _quine_like() -> bytes:
    """An archive that is its own member, as far as its directory says."""
    content = bytearray(zipped([("again.zip", b"PK\x03\x04" * 40)]))
    at = content.index(b"PK\x01\x02")
    content[at + 42 : at + 46] = bytes(4)
    content[at + 20 : at + 28] = struct.pack("<II", len(content), len(content))
    return bytes(content)


def _many_members() -> bytes:
    return zipped([(f"{number}.fit", b"x") for number in range(50_001)])


def _unsafe_paths() -> bytes:
    return zipped([("../../outside.fit", _models("fit")[0]), ("/etc/run.gpx", b"<gpx/>")])


def _billion_laughs() -> bytes:
    entities = [b'<!ENTITY e0 "ha">']
    entities += [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)]
    return b"<?xml version='1.0'?><!DOCTYPE gpx [" + b"".join(entities) + b"]><gpx>&e11;</gpx>"


def _deep_xml() -> bytes:
    return b"<gpx>" + b"<trk>" * 200_000


def _outside_entity() -> bytes:
    return b'<!DOCTYPE gpx [<!ENTITY e SYSTEM "file:///etc/hostname">]><gpx><name>&e;</name></gpx>'


def _long_text() -> bytes:
    return b"<gpx><trk><name>" + b"a" * 12_000_000 + b"</name></trk></gpx>"


def _deep_json() -> bytes:
    return b'[{"ts":' + b"[" * 500_000


def _long_number() -> bytes:
    return b'[{"ts":"2026-01-01T00:00:00Z","ms_played":' + b"9" * 200_000 + b"}]"


def _long_cell() -> bytes:
    return b"Activity ID,Activity Date,Filename\n1," + b"x" * 5_000_000 + b",a.fit\n"


def _many_columns() -> bytes:
    return b"Activity ID," * 100_000 + b"Filename\n" + b"1," * 100_000 + b"a.fit\n"


def _fit_of_definitions() -> bytes:
    """Definitions of the widest messages, and nothing that uses them."""
    definition = b"\x40\x00\x00" + b"\x14\x00" + b"\xff" + b"\x00\xff\x0d" * 255
    body = definition * 4000
    return struct.pack("<BBHI4s", 12, 16, 2100, len(body), b".FIT") + body + b"\0\0"
