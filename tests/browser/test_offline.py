"""The app on a phone: it installs, opens while its computer sleeps, and forgets who signs out."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE, serving
from tests.browser.test_new_user import enter_demo
from tests.browser.waiting import until

KEPT = "caches.keys().then(names => names.filter(name => name.includes('kept')).length)"


async def wait_for_worker(page: Page) -> None:
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")


async def test_it_can_be_installed(visit: Visit) -> None:
    page = await visit(PHONE)
    found = await page.evaluate(
        """async () => {
            const link = document.querySelector('link[rel=manifest]');
            const manifest = await (await fetch(link.href)).json();
            const sizes = await Promise.all(manifest.icons.map(async ({src}) => {
                const image = new Image();
                image.src = src;
                await image.decode();
                return image.naturalWidth;
            }));
            return {manifest, sizes};
        }"""
    )
    manifest = found["manifest"]
    assert (manifest["display"], manifest["start_url"], manifest["id"]) == ("standalone", "/", "/")
    assert {192, 512} <= set(found["sizes"])
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    await wait_for_worker(page)
    # Chromium's own word on it, by the protocol of its developer tools.
    tools = await page.context.new_cdp_session(page)
    errors = await tools.send("Page.getInstallabilityErrors")
    # A private window, as each test's is, installs nothing.
    assert {error["errorId"] for error in errors["installabilityErrors"]} <= {"in-incognito"}


async def test_the_last_data_is_there_while_the_computer_sleeps(
    browser: Browser, tmp_path: Path
) -> None:
    with ExitStack() as running:
        address = running.enter_context(serving(tmp_path))
        context = await browser.new_context(base_url=address, locale="en-US", **DESKTOP)
        page = await context.new_page()
        await page.goto("/")
        await enter_demo(page)
        await wait_for_worker(page)
        await page.goto("/runs")
        await page.get_by_role("main").locator("a[href^='/runs/0']").first.click()
        name = await page.get_by_role("heading", level=1).inner_text()
        opened = page.url
        await expect(page.get_by_role("button", name="Share")).to_be_visible()
        running.close()
        note = page.get_by_text("BeatRunner’s computer does not answer")
        await page.goto(opened)
        await expect(note).to_be_visible()
        await expect(page.get_by_role("heading", name=name)).to_be_visible()
        await page.goto("/runs")
        await expect(page.get_by_role("link", name=name).first).to_be_visible()
        await expect(note).to_be_visible()
        await page.goto("/music/artists")
        await expect(page.get_by_text("This is not kept on this device")).to_be_visible()
        await refuse_changes(page)
        await context.close()


async def refuse_changes(page: Page) -> None:
    """In words, and for good: nothing waits to be sent later."""
    await page.goto("/settings")
    await page.get_by_text("Miles", exact=True).click()
    await expect(page.get_by_text("BeatRunner is not answering").first).to_be_visible()


async def test_nothing_stays_after_signing_out(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await wait_for_worker(page)
    await page.goto("/runs")
    await expect(page.get_by_role("main").locator("a[href^='/runs/0']").first).to_be_visible()
    assert await page.evaluate(KEPT) == 1
    await page.goto("/settings")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/welcome"))
    await until(page, f"({KEPT}).then(count => count === 0)")
    assert await page.evaluate("localStorage.getItem('beatrunner.account')") is None


async def test_answers_of_the_server_pass_by_the_worker(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await wait_for_worker(page)
    await page.reload()
    assert await page.evaluate("navigator.serviceWorker.controller !== null")
    status, kept = await page.evaluate(
        """async () => {
            const answer = await fetch('/v1/auth/state');
            const [shell] = await caches.keys();
            const requests = await (await caches.open(shell)).keys();
            return [answer.status, requests.map(({url}) => new URL(url).pathname)];
        }"""
    )
    assert status == 200
    assert "/" in kept
    assert not [path for path in kept if path.startswith(("/v1", "/ws", "/health"))]
