"""Somebody new, from the first code to the end of the account, and back from it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.async_api import Geolocation, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP
from tests.browser.test_accounts import add_authenticator, add_passkey, enter_by_passkey, register

EMAIL = "newcomer@example.org"
HOME: Geolocation = {"latitude": 59.911, "longitude": 10.757}


async def test_somebody_new_goes_all_the_way_and_comes_back(
    visit: Visit, server: str, tmp_path: Path
) -> None:
    page = await visit(DESKTOP)
    await add_authenticator(page)
    # Passkeys belong to names; numbers have none.
    here = server.replace("127.0.0.1", "localhost")
    await page.goto(here)
    await register(page, EMAIL)

    await page.goto(f"{here}/settings/security")
    await add_passkey(page)
    await page.goto(f"{here}/settings/runner")
    await tell_of_oneself(page)
    await page.goto(f"{here}/settings/privacy")
    await hide_home(page)
    await page.goto(f"{here}/settings/data")
    held = await export(page, tmp_path)
    for told in (EMAIL, '"label":"Desk"', '"birth_year":1986', '"latitude":59.9'):
        assert told in held

    await erase(page)
    await enter_by_passkey(page)
    note = page.get_by_role("status").filter(has_text="Your account and everything in it go on")
    await expect(note).to_be_visible()
    await page.goto(f"{here}/settings/runner")
    await expect(page.get_by_label("Year of birth", exact=True)).to_have_value("1986")


async def tell_of_oneself(page: Page) -> None:
    born = page.get_by_label("Year of birth", exact=True)
    await born.fill("1986")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.reload()
    await expect(born).to_have_value("1986")


async def hide_home(page: Page) -> None:
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation(HOME)
    await page.get_by_role("button", name="Go to where I am now", exact=True).click()
    add = page.get_by_role("button", name="Add a zone here", exact=True)
    await expect(add).to_be_enabled()
    await add.click()
    await expect(page.get_by_role("button", name="Move Home", exact=True)).to_be_visible()


async def export(page: Page, folder: Path) -> str:
    """What is written in the ZIP, all of it."""
    await page.get_by_role("button", name="Export everything", exact=True).click()
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Download", exact=True).click()
    file = folder / "export.zip"
    await (await saved.value).save_as(file)
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


async def erase(page: Page) -> None:
    await page.get_by_role("button", name="Delete everything", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete your account and everything in it?")
    await dialog.get_by_role("button", name="Delete my account", exact=True).click()
