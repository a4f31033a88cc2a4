"""`./dev bench live-latency`, small: a wish does not wait for the disk."""

from __future__ import annotations

from pathlib import Path

from benchmarks.live_latency import MOST_P99_MS, Findings, measured


def median_ms(found: Findings) -> float:
    return sorted(found.answers_ms)[len(found.answers_ms) // 2]


def test_a_wish_comes_at_once(tmp_path: Path) -> None:
    found = measured(tmp_path, "beatrunner", 20, 2, warm_up_s=1)
    assert len(found.answers_ms) == found.sent == 40
    assert median_ms(found) < MOST_P99_MS


def test_the_experiment_would_see_a_server_that_commits_first(tmp_path: Path) -> None:
    found = measured(tmp_path, "benchmarks.patient_server", 20, 2, warm_up_s=1)
    assert median_ms(found) > MOST_P99_MS
