"""What one runs to, looked up in a real browser; and a tempo that the player finds by itself."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
from playwright.async_api import Page, expect

from beatrunner.core.beat import find_beat
from beatrunner.core.recording import Samples
from beatrunner.core.simulation.drumming import Drumming, Pattern, drum
from beatrunner.core.tempo import agree
from tests.browser.conftest import Visit
from tests.browser.serving import DESKTOP, PHONE
from tests.browser.test_new_user import enter_demo, overflow_px

SONG = "Copper Wire Heart"
#: Of three songs the tempo is found, of hiss there is none.
DRUMMED = [
    Drumming(tempo_bpm=128.0, pattern=Pattern.ROCK, seed=1, music=0.5, length_s=20.0),
    Drumming(tempo_bpm=86.0, pattern=Pattern.SWING, seed=2, swing=0.66, length_s=20.0),
    Drumming(tempo_bpm=174.0, pattern=Pattern.BREAKBEAT, seed=3, noise=0.1, length_s=20.0),
]


async def test_look_up_what_the_demo_runner_runs_to(visit: Visit) -> None:
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.get_by_role("link", name="Music", exact=True).click()
    songs = page.get_by_role("main").get_by_role("listitem")
    await expect(songs.first).to_contain_text("on runs")
    await narrow(page)
    await correct(page)
    await page.set_viewport_size(PHONE["viewport"])
    await page.goto("/music")
    await expect(songs.first).to_contain_text("on runs")
    assert await overflow_px(page) <= 0


async def narrow(page: Page) -> None:
    """Filters are in the address, say when nothing fits, and can be cleared."""
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_role("checkbox", name=re.compile("In step with your 1")).check()
    await expect(page).to_have_url(re.compile("in_step=true"))
    await expect(page.get_by_text("needs")).to_have_count(0)
    await page.get_by_role("searchbox").fill("no such song")
    await expect(page.get_by_role("heading", name="No song fits these filters")).to_be_visible()
    await page.reload()
    await page.get_by_role("link", name="Clear all filters").click()
    await page.get_by_role("searchbox").fill(SONG)
    await expect(page).to_have_url(re.compile("q=Copper"))


async def correct(page: Page) -> None:
    """The page of a song: its runs, what it does, and a tempo that can be changed."""
    await page.get_by_role("link", name=SONG).press("Enter")
    await expect(page.get_by_role("heading", name=SONG)).to_be_visible()
    await expect(
        page.get_by_role("region", name="Its runs").get_by_role("row").nth(5)
    ).to_be_visible()
    tempo = page.get_by_role("region", name="Tempo")
    await expect(tempo).to_contain_text("In step with your usual")
    await tempo.get_by_role("button", name="Half of it").click()
    await expect(tempo).to_contain_text("86 beats/min as you say.")
    await expect(tempo).to_contain_text("at two steps a beat: 172")
    await tempo.get_by_role("button", name="Forget my word").click()
    await expect(tempo).to_contain_text("172 beats/min")


def write_wav(path: Path, sound: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(11_025)
        scaled = sound / np.abs(sound).max() * 30_000
        file.writeframes(scaled.astype("<i2").tobytes())
    return path


async def test_the_player_finds_the_tempo_of_own_files(visit: Visit, tmp_path: Path) -> None:
    """As the server would, as both measure alike; and keeps it for the next visit."""
    files = [
        write_wav(tmp_path / f"Somebody - Song {number}.wav", drum(song))
        for number, song in enumerate(DRUMMED)
    ]
    hiss = np.random.default_rng(1).normal(0.0, 0.2, 20 * 11_025)
    files.append(write_wav(tmp_path / "Somebody - Hiss.wav", hiss))
    page = await visit(DESKTOP)
    await enter_demo(page)
    await page.goto("/workout")
    await page.get_by_label("Add music files").set_input_files(files)
    for _ in range(2):
        for number, song in enumerate(DRUMMED):
            beat = find_beat(drum(song), song.rate_hz)
            assert beat is not None
            assert agree(beat.tempo_bpm, song.tempo_bpm)
            tempo = page.get_by_role("button", name=f"Tempo of Song {number}")
            await expect(tempo).to_have_text(f"{beat.tempo_bpm:.0f}")
        await expect(page.get_by_text("Finding the tempo")).to_have_count(0)
        await expect(page.get_by_role("button", name="Tempo of Hiss")).to_have_text("Set tempo")
        await page.reload()
