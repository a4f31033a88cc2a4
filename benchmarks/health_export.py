"""An invented runner's Apple Health export, as an iPhone writes it, of any size."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

FIRST_DAY = datetime(2022, 3, 1, tzinfo=UTC)
FOLDER = "apple_health_export"
#: What a day weighs, with every other day's run.
DAY_BYTES = 1_340_000
_ZONE = timezone(timedelta(hours=2))
_RUN_S = 3600
_DEVICE = (
    "&lt;&lt;HKDevice: 0x{pointer:x}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, "
    "hardware:Watch6,10, software:10.6.1, creation date:2021-08-24 17:12:03 +0000&gt;"
)
_PROLOGUE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
]>
<HealthData locale="en_DE">
"""


@dataclass(frozen=True, slots=True)
class _Quantity:
    """`every_s` outside and inside of runs; `value` by seconds since the first day."""

    name: str
    unit: str
    every_s: tuple[int, int]
    value: Callable[[int, bool], float]
    lasts: bool = True


_QUANTITIES = (
    _Quantity("ActiveEnergyBurned", "kcal", (120, 10), lambda s, runs: 2.2 if runs else 0.4),
    _Quantity("BasalEnergyBurned", "kcal", (600, 600), lambda s, runs: 11.5),
    _Quantity("DistanceWalkingRunning", "km", (600, 10), lambda s, runs: 0.03 if runs else 0.1),
    _Quantity(
        "HeartRate",
        "count/min",
        (300, 5),
        lambda s, runs: round(150 + 12 * math.sin(s / 200)) if runs else 62,
        lasts=False,
    ),
    _Quantity("RunningPower", "W", (0, 5), lambda s, runs: 240, lasts=False),
    _Quantity(
        "RunningSpeed", "km/hr", (0, 5), lambda s, runs: 10.8 + math.sin(s / 90) / 2, lasts=False
    ),
    _Quantity("StepCount", "count", (400, 10), lambda s, runs: 28 if runs else 40),
)


def export_xml(days: int, pointer: int = 0x283D3E2B0) -> Iterator[bytes]:
    """`pointer` is where the phone had the watch in its memory, which every export tells."""
    device = _DEVICE.format(pointer=pointer)
    yield _PROLOGUE.encode()
    yield b' <ExportDate value="2026-11-20 08:00:00 +0200"/>\n <Me HKCharacteristic="x"/>\n'
    for quantity in _QUANTITIES:
        for day in range(days):
            yield "".join(_records(quantity, day, device)).encode()
    for day in range(0, days, 2):
        yield _workout(day, device).encode()
    yield b' <ActivitySummary dateComponents="2022-03-01" activeEnergyBurned="612"/>\n'
    yield b"</HealthData>\n"


def routes(days: int) -> Iterator[tuple[str, bytes]]:
    """Paths in the export, and the files."""
    for day in range(0, days, 4):
        yield f"workout-routes/{_route_name(day)}", _route(day)


def write_export(path: Path, days: int, pointer: int = 0x283D3E2B0) -> None:
    """The ZIP as the phone shares it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in routes(days):
            archive.writestr(f"{FOLDER}/{name}", data)
        with archive.open(f"{FOLDER}/export.xml", "w", force_zip64=True) as file:
            for part in export_xml(days, pointer):
                file.write(part)
        archive.writestr(f"{FOLDER}/export_cda.xml", "<?xml version='1.0'?>\n<ClinicalDocument/>\n")


def run_start(day: int) -> datetime:
    return FIRST_DAY + timedelta(days=day, hours=6)


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M:%S %z}"


def _records(quantity: _Quantity, day: int, device: str) -> Iterator[str]:
    head = (
        f' <Record type="HKQuantityTypeIdentifier{quantity.name}" sourceName="Ada’s Apple Watch"'
        f' sourceVersion="10.6.1" device="{device}" unit="{quantity.unit}"'
    )
    has_run = day % 2 == 0
    second, start = 0, FIRST_DAY + timedelta(days=day)
    while second < 86_400:
        is_running = has_run and 6 * 3600 <= second < 6 * 3600 + _RUN_S
        every_s = quantity.every_s[is_running]
        if not every_s:
            second = 6 * 3600 if second < 6 * 3600 and has_run else 86_400
            continue
        begin = start + timedelta(seconds=second)
        end = begin + timedelta(seconds=every_s) if quantity.lasts else begin
        value = quantity.value(second, is_running)
        yield (
            f'{head} creationDate="{_text(end)}" startDate="{_text(begin)}"'
            f' endDate="{_text(end)}" value="{value:g}"/>\n'
        )
        second += every_s


def _workout(day: int, device: str) -> str:
    start = run_start(day)
    end = start + timedelta(seconds=_RUN_S)
    is_indoor = day % 4 != 0
    times = f'startDate="{_text(start)}" endDate="{_text(end)}"'
    source = f'sourceName="Ada’s Apple Watch" sourceVersion="10.6.1" device="{device}"'
    pause, resume = start + timedelta(seconds=600), start + timedelta(seconds=660)
    route = (
        f"  <WorkoutRoute {source} {times}>\n"
        f'   <FileReference path="/workout-routes/{_route_name(day)}"/>\n  </WorkoutRoute>\n'
    )
    return (
        f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="59.0"'
        f' durationUnit="min" {source} creationDate="{_text(end)}" {times}>\n'
        f'  <MetadataEntry key="HKIndoorWorkout" value="{is_indoor:d}"/>\n'
        '  <MetadataEntry key="HKTimeZone" value="Europe/Berlin"/>\n'
        f'  <WorkoutEvent type="HKWorkoutEventTypePause" date="{_text(pause)}"/>\n'
        f'  <WorkoutEvent type="HKWorkoutEventTypeResume" date="{_text(resume)}"/>\n'
        f'  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" {times}'
        ' sum="10.8" unit="km"/>\n'
        f"{'' if is_indoor else route} </Workout>\n"
    )


def _route_name(day: int) -> str:
    return f"route_{run_start(day):%Y-%m-%d}_9.00am.gpx"


def _route(day: int) -> bytes:
    start = run_start(day)
    points = "".join(
        f'<trkpt lon="{13.4 + second * 3 / 67_700:.6f}" lat="52.500000"><ele>40.1</ele>'
        f"<time>{start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</time><extensions>"
        "<speed>3.0</speed><course>90.0</course><hAcc>4.2</hAcc><vAcc>3.1</vAcc></extensions>"
        "</trkpt>\n"
        for second in range(_RUN_S)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Apple Health Export"'
        ' xmlns="http://www.topografix.com/GPX/1/1">\n'
        "<metadata><time>2026-11-20T06:00:00Z</time></metadata>\n"
        f"<trk><name>Route</name><trkseg>\n{points}</trkseg></trk>\n</gpx>\n"
    ).encode()
