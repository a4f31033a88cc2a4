"""Telling BeatRunner about oneself, and pairing a bridge, in a real browser."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DARK, DESKTOP, PHONE
from tests.browser.test_new_user import overflow_px


async def enter(page: Page, address: str) -> None:
    await page.get_by_role("button", name="This is my computer").click()
    await expect(page.get_by_role("navigation").first).to_be_visible()
    await page.goto(address)


async def test_what_a_runner_tells_narrows_the_guesses(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter(page, "/settings")
    await page.get_by_role("link", name="About you").click()
    # Other journeys may have brought runs to this computer, which tell something by themselves.
    await expect(page.get_by_text(re.compile("any adult", re.IGNORECASE))).to_be_visible()

    await page.get_by_label("Year of birth").fill("1986")
    await page.get_by_label("Weight").fill("6200")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Between 25 and 300")).to_be_visible()
    await expect(page.get_by_label("Weight")).to_be_focused()
    await page.get_by_label("Weight").fill("62")
    await page.get_by_label("Weight").press("Enter")
    await expect(page.get_by_text(re.compile("19 of 20 people|Your age alone"))).to_be_visible()

    await page.get_by_label("Highest heart rate").fill("188")
    await page.get_by_label("Resting heart rate").fill("52")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Your age alone would say")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Weight")).to_have_value("62")
    await expect(page.get_by_text(re.compile("120–134"))).to_be_visible()  # zone 1


async def test_a_bridge_is_paired_and_removed(visit: Visit, server: str) -> None:
    page = await visit(DESKTOP)
    await enter(page, "/settings/devices")
    await expect(page.get_by_role("heading", name="No treadmill yet")).to_be_visible()
    await page.get_by_role("button", name="Pair a bridge").click()
    command = page.get_by_text(re.compile("beatrunner bridge --server"))
    code = (await command.inner_text()).split()[-1]
    assert f"--server {server} --code {code}" in " ".join((await command.inner_text()).split())
    join(server, code)
    await expect(page.get_by_text("“Cellar” is paired.")).to_be_visible()
    await page.get_by_role("button", name="Done").click()

    await page.get_by_role("button", name="Rename: Cellar").click()
    await page.get_by_label("Name", exact=True).fill("Garage")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Garage")).to_be_visible()

    await page.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove “Garage”?")
    await dialog.get_by_role("button", name="Remove it").click()
    await expect(page.get_by_role("heading", name="No treadmill yet")).to_be_visible()


def join(server: str, code: str) -> None:
    """As a bridge does."""
    request = urllib.request.Request(
        f"{server}/v1/devices/bridges",
        data=json.dumps({"code": code, "name": "Cellar"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201


@pytest.mark.parametrize("device", [DARK, PHONE], ids=["dark", "phone"])
async def test_the_settings_fit(visit: Visit, device: dict[str, Any]) -> None:
    page = await visit(device)
    await enter(page, "/settings/runner")
    await expect(page.get_by_role("heading", name="Training zones")).to_be_visible()
    assert await overflow_px(page) <= 0
    await page.goto("/settings/devices")
    await page.get_by_role("button", name="Pair a bridge").click()
    await expect(page.get_by_text("Waiting for the bridge")).to_be_visible()
    assert await overflow_px(page) <= 0
