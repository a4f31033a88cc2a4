"""What a new user does, in a real browser: look at the demo, then bring their own files."""

from __future__ import annotations

import base64
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from beatrunner.demo.files import DemoManifest, write_demo_files
from tests.browser.conftest import Visit
from tests.browser.serving import DARK, DESKTOP, PHONE

_IMPORT_PATIENCE_MS = 120_000
_MAP_PATIENCE_S = 60.0


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> DemoManifest:
    """A Strava-like and a Spotify-like export."""
    return write_demo_files(tmp_path_factory.mktemp("exports"), date(2026, 11, 1), seed=7)


async def enter_demo(page: Page) -> None:
    await page.get_by_role("button", name="Try the demo runner").click()
    await expect(page.get_by_text("What you run to most")).to_be_visible(
        timeout=_IMPORT_PATIENCE_MS
    )


async def open_run(page: Page, name: str) -> None:
    await page.goto("/runs")
    await page.get_by_role("link", name=name).first.click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await expect(page.get_by_text("Well matched.")).to_be_visible()


async def drop(page: Page, target: Locator, files: list[Path]) -> None:
    """Drop files from outside the browser onto an element."""
    payload = [
        {"name": file.name, "content": base64.b64encode(file.read_bytes()).decode()}
        for file in files
    ]
    transfer = await page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const {name, content} of files) {
                const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
                transfer.items.add(new File([bytes], name, {type: 'application/zip'}));
            }
            return transfer;
        }""",
        payload,
    )
    for event in ("dragenter", "dragover", "drop"):
        await target.dispatch_event(event, {"dataTransfer": transfer})


def means_are_shown(page: Page) -> Locator:
    """What the chart heads say while no second is pointed at."""
    return page.get_by_text(re.compile(r"/km mean"))


async def hover_map(page: Page) -> None:
    """Go down the middle of the map until its path catches the cursor; drawing takes a while."""
    box = await page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    deadline = time.monotonic() + _MAP_PATIENCE_S
    while time.monotonic() < deadline:
        for part in range(1, 40):
            await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * part / 40)
            if not await means_are_shown(page).is_visible():
                return
    raise AssertionError("no place on the map moved the cursor of the charts")


async def test_try_the_demo_and_look_at_a_run(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await open_run(page, "Chatty pace, nobody to chat with")
    await expect(means_are_shown(page)).to_be_visible()
    await hover_map(page)

    await page.get_by_text("Heart", exact=True).click()
    await expect(page).to_have_url(re.compile("heart_rate"))
    await page.reload()
    await expect(page.get_by_role("radio", name="Heart")).to_be_checked()


async def test_make_this_computer_mine_and_bring_own_files(
    visit: Visit, exports: DemoManifest
) -> None:
    page = await visit(DESKTOP)
    await page.get_by_role("button", name="This is my computer").click()
    await expect(page.get_by_text("Start with the files you have")).to_be_visible()

    await drop(page, page.locator("body"), [exports.strava_export, exports.spotify_export])
    await expect(page.get_by_text(re.compile(r"\d+ of \d+ files")).first).to_be_visible()
    added = re.compile(rf"{len(exports.outings)} activities and [\d,]+ plays")
    await page.goto("/import")
    await expect(page.get_by_text(added).first).to_be_visible(timeout=_IMPORT_PATIENCE_MS)

    outing = next(
        outing
        for outing in reversed(exports.outings)
        if outing.plays and "latitude" in outing.recording.columns
    )
    assert outing.recording.name is not None
    await open_run(page, outing.recording.name)
    await move_the_music(page)

    await page.goto("/import")
    await drop(page, page.locator("body"), [exports.strava_export])
    await expect(page.get_by_text("nothing new").first).to_be_visible(timeout=_IMPORT_PATIENCE_MS)


async def move_the_music(page: Page) -> None:
    """Drag the clock offset, save it, and put it back."""
    await page.get_by_text("Music and run out of step?").click()
    slider = page.get_by_role("slider", name="Move the music along the run")
    box = await slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + box["width"] / 2, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.55, middle, steps=5)
    await page.mouse.up()
    await expect(page.get_by_text("Not saved yet")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("You have shifted the music by hand.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("You have shifted the music by hand.")).to_be_visible()


@pytest.mark.parametrize("device", [DARK, PHONE], ids=["dark", "phone"])
async def test_every_page_fits_and_can_be_read(visit: Visit, device: dict[str, Any]) -> None:
    page = await visit(device)
    await enter_demo(page)
    for address in ("/", "/runs", "/import", "/settings"):
        await page.goto(address)
        await expect(page.get_by_role("navigation").first).to_be_visible()
        assert await overflow_px(page) <= 0, address
    await open_run(page, "Chatty pace, nobody to chat with")
    assert await overflow_px(page) <= 0


async def overflow_px(page: Page) -> int:
    """How far the page is wider than the screen."""
    width: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


async def test_a_treadmill_run_needs_no_map(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.goto("/runs?surface=indoor")
    await page.get_by_role("link", name=re.compile("Tempo indoors")).first.click()
    await expect(page.get_by_text("Well matched.")).to_be_visible()
    await expect(means_are_shown(page)).to_be_visible()
    assert await page.locator("canvas.maplibregl-canvas").count() == 0
