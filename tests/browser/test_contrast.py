"""The scan for faint texts finds them, and nothing else."""

from __future__ import annotations

from playwright.async_api import Browser

from tests.browser.contrast import faint_texts

_PAGE = """<!doctype html><body style="background: #fff; color: #000">
<p style="color: #767676">enough</p>
<p style="color: #777777">too little</p>
<p style="color: #949494; font-size: 24px">large enough</p>
<p style="color: #969696; font-size: 24px">large and too little</p>
<p style="opacity: 0.4">seen through</p>
<div style="background: oklch(0.2 0 0)"><p style="color: oklch(0.3 0 0)">dark on dark</p>
<p style="color: oklch(0.9 0 0)">light on dark</p></div>
<div style="background: rgb(0 0 0 / 0.5)"><p>half a ground</p><p style="color: #555">faint</p></div>
<button disabled style="color: #eee; background: #fff">not to be pressed</button>
<p style="color: #fff; background: linear-gradient(#000, #fff)">on a gradient</p>
<p hidden style="color: #fff">hidden</p>
<iframe srcdoc="<p style='color: #ddd'>in a frame</p>"></iframe>
</body>"""


async def test_faint_texts_are_found(browser: Browser) -> None:
    async with await browser.new_page() as page:
        await page.set_content(_PAGE, wait_until="load")
        found = [text.partition(":")[0] for text in await faint_texts(page)]
    assert found == [
        "too little",
        "large and too little",
        "seen through",
        "dark on dark",
        "faint",
        "in a frame",
    ]
