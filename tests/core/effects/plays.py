"""Small tables of plays."""

from __future__ import annotations

import numpy as np

from beatrunner.core.effects import MeasuredPlay


def plays(
    effects_pct: dict[str, float],
    *,
    runs: int = 40,
    noise_pct: float = 1.0,
    tempo_bpm: dict[str, float] | None = None,
    seed: int = 0,
) -> list[MeasuredPlay]:
    """Every track once in every run, in an order of chance, at a level that differs by run."""
    rng = np.random.default_rng(seed)
    found = []
    for run in range(runs):
        level_pct = float(rng.normal(0.0, 6.0))
        for i, track in enumerate(rng.permutation(list(effects_pct)).tolist()):
            found.append(
                MeasuredPlay(
                    f"r{run}",
                    track,
                    level_pct + effects_pct[track] + noise_pct * float(rng.normal()),
                    usable_s=180.0,
                    position=(i + 0.5) / len(effects_pct),
                    tempo_bpm=(tempo_bpm or {}).get(track),
                )
            )
    return found
