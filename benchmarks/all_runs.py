"""How soon 10,000 runs are on the map, and how smoothly it moves, in Chromium on this machine.

There is no graphics card here: Chromium draws by the processor (SwiftShader), on which MapLibre
alone, with nothing on it, moves at a third of the wanted rate. So the map of all runs is painted
once and slid. Chromium starts with an empty cache, signs in through "this computer" and opens the
page; then the mouse drags the map to and fro over runs, songs in colour. Control: the same number
of lines the usual way, as a layer of MapLibre's own, must fall short.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import statistics
import struct
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
from playwright.sync_api import APIRequestContext, Browser, Page, sync_playwright

from beatrunner.activities.figures import METHOD
from beatrunner.activities.preparing import prepare
from beatrunner.codecs.drawn_path import pack_drawn_path
from beatrunner.core.drawn_path import DrawnPath, drawn_path
from beatrunner.core.resample import to_grid
from beatrunner.db.bulk import insert_columns
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import activities, run_figures, spans, tracks
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.populated import make_account
from benchmarks.runner import HOUR_S, one_hour_run
from benchmarks.serving import serving
from tests.browser.serving import free_port

RUNS = 10_000
MOST_FIRST_DRAW_MS = 2000
LEAST_FRAMES_PER_S = 30
REPETITIONS = 5
_TRACKS = 1_500
_SONGS_A_RUN = 17
_ROUTES = 8
_DRAG_S = 4.0
_PATIENCE_MS = 60_000
_MAPLIBRE = Path(__file__).parents[1] / "frontend" / "node_modules" / "maplibre-gl" / "dist"
_COUNT_FRAMES = """() => {
  window.frames_ms = [];
  const tick = (now) => { window.frames_ms.push(now); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        return measure(Settings(data_dir=Path(name), port=free_port()))


def measure(settings: Settings, runs: int = RUNS) -> Report:
    asyncio.run(_fill(settings, runs))
    with serving(settings) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        payload_kb, slowest_ms = _payload(browser, address)
        seen = [_open(browser, address, runs) for _ in range(REPETITIONS)]
        control = _control(browser, address, runs)
        browser.close()
    what = f"map of {runs:,} runs"
    first, whole, rate, worst = (statistics.median(column) for column in zip(*seen, strict=True))
    return {
        "bench": "all-runs",
        "figures": [
            at_most(f"{what}, first draw", first, "ms", MOST_FIRST_DRAW_MS),
            plain("  all of them drawn", whole, "ms"),
            at_least(f"{what}, dragged by the mouse", rate, "frames/s", LEAST_FRAMES_PER_S),
            plain("  longest frame of a drag", worst, "ms"),
            plain("  payload, gzipped", payload_kb, "kB"),
            plain("  slowest of its answers", slowest_ms, "ms"),
            at_most("control: as lines of MapLibre", control, "frames/s", LEAST_FRAMES_PER_S / 2),
        ],
    }


async def _fill(settings: Settings, runs: int) -> None:
    """Runs of an hour along a few routes, each turned and moved a little, all within a town."""
    database = Database(settings.database)
    await upgrade(database)
    account_id = await make_account(database, "owner")
    rng = np.random.default_rng(1)
    models = [_model(number) for number in range(_ROUTES)]
    ids = [new_id() for _ in range(runs)]
    track_ids = [new_id() for _ in range(_TRACKS)]
    async with database.write() as tx:
        await insert_columns(tx, activities, _activities(ids), _whole_hour(account_id))
        await insert_columns(
            tx,
            run_figures,
            {
                "activity_id": ids,
                "path": [pack_drawn_path(_moved(models[n % _ROUTES], rng)) for n in range(runs)],
            },
            {"account_id": account_id, "method": METHOD},
        )
        await insert_columns(tx, tracks, _tracks(track_ids), {"account_id": account_id})
        await insert_columns(tx, spans, _spans(ids, track_ids, rng), {"account_id": account_id})
    await database.close()


def _model(number: int) -> DrawnPath:
    path = drawn_path(to_grid(one_hour_run(number))[0])
    assert path is not None
    return path


def _moved(path: DrawnPath, rng: np.random.Generator) -> DrawnPath:
    north, east = rng.normal(0.0, 0.012, 2)
    angle = rng.uniform(0.0, 2 * np.pi)
    y, x = path.latitudes - path.latitudes[0], path.longitudes - path.longitudes[0]
    return replace(
        path,
        latitudes=path.latitudes[0] + north + y * np.cos(angle) + x * np.sin(angle) * 0.6,
        longitudes=path.longitudes[0] + east - y * np.sin(angle) / 0.6 + x * np.cos(angle),
    )


def _whole_hour(account_id: UUID) -> dict[str, Any]:
    told = prepare(one_hour_run(0))
    return {
        "account_id": account_id,
        "name": "Evening run",
        "sport": "run",
        "is_indoor": False,
        "length_s": told.length_s,
        "elapsed_s": told.summary.elapsed_s,
        "moving_s": told.summary.moving_s,
        "distance_m": told.summary.distance_m,
        "mean_speed_mps": told.summary.mean_speed_mps,
        "has_path": True,
        "laps": [],
        "pauses": [],
        "repairs": [],
        "clock_offset_s": 0.0,
        "track_count": _SONGS_A_RUN,
        "created_at": system_clock(),
    }


def _activities(ids: Sequence[UUID]) -> dict[str, Any]:
    starts = [system_clock() - timedelta(hours=14 * number) for number in range(len(ids))]
    return {
        "id": ids,
        "started_at": starts,
        "ended_at": [start + timedelta(seconds=HOUR_S) for start in starts],
    }


def _tracks(ids: Sequence[UUID]) -> dict[str, Any]:
    return {
        "id": ids,
        "match_key": [str(number) for number in range(len(ids))],
        "kind": ["music"] * len(ids),
        "title": [f"A song of some length {number}" for number in range(len(ids))],
        "artist": [f"Artist {number % 300}" for number in range(len(ids))],
        "created_at": [system_clock()] * len(ids),
    }


def _spans(
    ids: Sequence[UUID], track_ids: Sequence[UUID], rng: np.random.Generator
) -> dict[str, Any]:
    edges_s = np.linspace(0, HOUR_S + 1, _SONGS_A_RUN + 1).astype(int).tolist()
    picked = rng.integers(0, len(track_ids), (len(ids), _SONGS_A_RUN)).tolist()
    count = len(ids) * _SONGS_A_RUN
    return {
        "activity_id": [each for each in ids for _ in range(_SONGS_A_RUN)],
        "ordinal": list(range(_SONGS_A_RUN)) * len(ids),
        "track_id": [track_ids[place] for places in picked for place in places],
        "start_s": edges_s[:-1] * len(ids),
        "end_s": edges_s[1:] * len(ids),
        "start_uncertainty_s": [1.0] * count,
        "moving_s": [float(HOUR_S / _SONGS_A_RUN)] * count,
    }


def _payload(browser: Browser, address: str) -> tuple[float, float]:
    """Kilobytes of all pages as they travel, and milliseconds of the slowest."""
    with browser.new_context() as context:
        token = _sign_in(context.request, address)
        size, slowest_ms, cursor = 0, 0.0, None
        while True:
            words = f"?limit=2000&{urlencode({'cursor': cursor} if cursor else {})}"
            started = time.perf_counter()
            answer = context.request.get(
                f"{address}/v1/retrospect/map{words}", headers={"Authorization": f"Bearer {token}"}
            )
            slowest_ms = max(slowest_ms, (time.perf_counter() - started) * 1000)
            page = answer.body()
            # As the server packs it.
            size += len(gzip.compress(page, 1))
            (length,) = struct.unpack_from("<I", page)
            cursor = json.loads(page[4 : 4 + length])["next_cursor"]
            answer.dispose()
            if cursor is None:
                return size / 1000, slowest_ms


def _sign_in(request: APIRequestContext, address: str) -> str:
    answer = request.post(f"{address}/v1/auth/this-computer", data={})
    token: str = answer.json()["access_token"]
    return token


def _open(browser: Browser, address: str, runs: int) -> tuple[float, float, float, float]:
    """Milliseconds to the first draw and to the last, frames a second, the longest in ms."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        _sign_in(context.request, address)
        page = context.new_page()
        page.goto(f"{address}/runs/map", wait_until="commit")
        first = _painted(page, "1")
        whole = _painted(page, str(runs))
        # Until the ground is laid, too.
        page.wait_for_selector(".maplibregl-canvas")
        page.wait_for_timeout(1500)
        rate, worst = _drag(page, "[role=application]")
        return first, whole, rate, worst


def _painted(page: Page, least: str) -> float:
    """Since the navigation began."""
    drawn = page.wait_for_function(
        "least => Number(document.querySelector('[data-painted]')?.dataset.painted) >= least"
        " && performance.now()",
        arg=int(least),
        timeout=_PATIENCE_MS,
    )
    return float(drawn.json_value())


def _drag(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_COUNT_FRAMES)
    ends_at = time.monotonic() + _DRAG_S
    step = 0
    while time.monotonic() < ends_at:
        step += 1
        # To the left and back again, 400 px each time.
        away = abs((step * 8) % 800 - 400) - 400
        page.mouse.move(x + away, y + away / 4)
    frames_ms = np.array(page.evaluate("window.frames_ms"))
    page.mouse.up()
    lasted_ms = float(frames_ms[-1] - frames_ms[0])
    return 1000 * (len(frames_ms) - 1) / lasted_ms, float(np.diff(frames_ms).max())


def _control(browser: Browser, address: str, runs: int) -> float:
    """Frames a second of as many lines in MapLibre, dragged alike."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route(
        "**/control/*", lambda route: route.fulfill(path=_MAPLIBRE / Path(route.request.url).name)
    )
    page.route(
        "**/control",
        lambda route: route.fulfill(
            content_type="text/html", body=_CONTROL.replace("RUNS", str(runs))
        ),
    )
    page.goto(f"{address}/control")
    page.wait_for_function("window.isReady", timeout=_PATIENCE_MS)
    rate, _ = _drag(page, "#map")
    page.close()
    return rate


_CONTROL = """<!doctype html><style>html, body, #map { height: 100%; margin: 0 }</style>
<div id="map"></div><script type="module">
import { Map, setWorkerUrl } from './control/maplibre-gl.mjs';
setWorkerUrl('./control/maplibre-gl-worker.mjs');
const line = () => {
  let [x, y, turn] = [13.4 + Math.random() / 10, 52.5 + Math.random() / 20, Math.random() * 6.3];
  return Array.from({ length: 80 }, () => {
    turn += Math.random() - 0.5;
    return [(x += Math.cos(turn) / 600), (y += Math.sin(turn) / 1000)];
  });
};
const data = { type: 'Feature', properties: {}, geometry: {
  type: 'MultiLineString', coordinates: Array.from({ length: RUNS }, line) } };
const map = new Map({ container: 'map', center: [13.45, 52.52], zoom: 12, style: { version: 8,
  sources: { runs: { type: 'geojson', data } },
  layers: [{ id: 'runs', type: 'line', source: 'runs' }] } });
map.once('idle', () => (window.isReady = true));
</script>"""


if __name__ == "__main__":
    print(json.dumps(main()))
