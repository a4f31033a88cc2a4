"""A file that appears in the watched folder becomes a run, with nobody's help."""

from __future__ import annotations

import time
from pathlib import Path

import httpx2
import pytest

from beatrunner.codecs.fit import write_fit
from tests.browser.serving import serving
from tests.sample_files import run

PATIENCE_S = 60.0


def test_a_file_becomes_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "from my watch"
    (folder / "2026").mkdir(parents=True)
    monkeypatch.setenv("BEATRUNNER_WATCHED_FOLDER", str(folder))
    with serving(tmp_path) as address, httpx2.Client(base_url=address) as http:
        door = http.post("/v1/auth/this-computer", json={}).raise_for_status()
        http.headers["Authorization"] = f"Bearer {door.json()['access_token']}"
        (folder / "2026" / "a.fit").write_bytes(write_fit(run()))
        deadline = time.monotonic() + PATIENCE_S
        runs: list[object] = []
        while not runs and time.monotonic() < deadline:
            time.sleep(0.5)
            runs = http.get("/v1/activities").raise_for_status().json()["items"]
        assert len(runs) == 1
        watched = http.get("/v1/imports/watched").raise_for_status().json()
    assert (watched["folder"], watched["is_there"]) == (str(folder), True)
    assert (watched["files_total"], watched["last_path"]) == (1, "2026/a.fit")
