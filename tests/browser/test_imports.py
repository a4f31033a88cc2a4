"""Files that were brought in, and are taken back: a whole import, and one file of a run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, expect

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP
from tests.browser.test_new_user import drop, enter_demo
from tests.sample_files import run

#: Long before the runs of the demo, which other journeys look at.
LONG_AGO = datetime(2019, 5, 4, 6, 30, tzinfo=UTC)


def write_files(folder: Path, name: str) -> tuple[Path, Path]:
    """One run, by a watch and by a phone."""
    recording = run(LONG_AGO, name=name)
    watch, phone = folder / "watch.fit", folder / "phone.gpx"
    watch.write_bytes(write_fit(recording))
    phone.write_bytes(write_gpx(recording))
    return watch, phone


async def bring_in(page: Page, files: list[Path], what: str) -> None:
    """Drop files, and open their import when it is done and says `what`."""
    told = re.compile(what, re.IGNORECASE)
    await page.goto("/import")
    await expect(page.get_by_role("heading", name="Drop runs and music here")).to_be_visible()
    await drop(page, page.locator("body"), files)
    await page.get_by_role("main").get_by_role("link", name=told).first.click()
    await expect(page.get_by_role("heading", name=told)).to_be_visible()


async def test_an_import_is_undone(visit: Visit, tmp_path: Path) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await bring_in(page, list(write_files(tmp_path, "Taken back")), "^1 activity")
    run_address = await page.get_by_role("link", name="Open the run").first.get_attribute("href")
    assert run_address is not None
    await page.get_by_role("button", name="Undo this import").click()
    dialog = page.get_by_role("dialog", name="Undo this import?")
    await expect(dialog.get_by_text("What goes: 1 run, 2 files in all.")).to_be_visible()
    await dialog.get_by_role("button", name="Undo it").click()
    await expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    await expect(page.get_by_text("The import is undone.")).to_be_visible()
    await expect(page.get_by_role("link", name="Open the run")).to_have_count(0)

    await page.goto("/import")
    await expect(page.get_by_role("link", name=re.compile("^Undone")).first).to_be_visible()
    await page.goto("/runs?q=Taken back")
    await expect(page.get_by_role("link", name="Taken back")).to_have_count(0)


async def open_files(page: Page, count: int) -> None:
    await page.get_by_text("About this recording").click()
    files = page.get_by_role("list", name="Files of this run").get_by_role("listitem")
    await expect(files).to_have_count(count)


async def test_a_run_is_taken_apart_and_put_together(visit: Visit, tmp_path: Path) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    watch, phone = write_files(tmp_path, "Recorded twice")
    await bring_in(page, [watch, phone], "^1 activity")
    await page.get_by_role("link", name="Open the run").first.click()
    await open_files(page, 2)
    whole = page.url

    await page.get_by_role("button", name="Make it its own run").last.click()
    await expect(page).not_to_have_url(whole)
    await open_files(page, 1)
    await expect(page.get_by_text("Looks like the same run")).to_be_visible()
    await page.goto(whole)
    await open_files(page, 1)
    await page.get_by_role("button", name="Join them").click()
    await expect(page.get_by_text("Looks like the same run")).to_be_hidden()
    await open_files(page, 2)

    await page.get_by_role("button", name="Take out").last.click()
    await page.get_by_role("button", name="Take it out").click()
    await expect(page.get_by_text("phone.gpx", exact=True)).to_be_hidden()
    await open_files(page, 1)
    await bring_in(page, [phone], "^1 more file of a run")
    await page.get_by_role("link", name="Open the run").click()
    await open_files(page, 2)

    await page.get_by_role("button", name="Delete this run").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete the run").click()
    await expect(page).to_have_url(re.compile("/runs$"))
