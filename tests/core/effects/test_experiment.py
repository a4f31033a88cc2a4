"""What chance decided, and what to let it decide next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beatrunner.core.effects import SPEED, Candidate, answers, fit, proposal
from tests.core.effects.plays import plays

_TEMPI = {f"t{i}": 150.0 + 3.0 * i for i in range(12)}
_EFFECTS_PCT = {track: 0.1 * (tempo - 166.5) for track, tempo in _TEMPI.items()}
_CANDIDATES = [Candidate(track, tempo) for track, tempo in _TEMPI.items()]


def test_causes_are_kept_apart_from_associations() -> None:
    logged = plays(_EFFECTS_PCT, runs=5, tempo_bpm=_TEMPI)
    shuffled = [
        replace(play, run=f"s{play.run}", is_randomised=True)
        for play in plays(_EFFECTS_PCT, runs=6, tempo_bpm=_TEMPI, seed=1)
    ]
    both = answers(logged + shuffled, SPEED)
    assert both.association == fit(logged, SPEED)
    assert both.causal == fit(shuffled, SPEED)
    assert answers(logged, SPEED).causal is None
    assert answers([], SPEED).association is None


def test_before_there_is_anything_the_extreme_tempi_come_first() -> None:
    found = proposal([], _CANDIDATES, SPEED, 4)
    assert {"t0", "t11"} <= set(found.tracks)
    assert found.sd_after < found.sd
    assert found.tempo_sd is not None
    assert found.tempo_sd_after is not None
    assert found.tempo_sd_after < found.tempo_sd


def test_what_is_foreseen_is_what_then_happens() -> None:
    before = plays(_EFFECTS_PCT, runs=12, tempo_bpm=_TEMPI, noise_pct=3.0)
    found = proposal(before, _CANDIDATES, SPEED, len(_TEMPI))
    assert sorted(found.tracks) == sorted(_TEMPI)
    after = proposal(
        plays(_EFFECTS_PCT, runs=13, tempo_bpm=_TEMPI, noise_pct=3.0), _CANDIDATES, SPEED, 1
    )
    assert found.sd == pytest.approx(after.sd, rel=0.3)
    assert found.sd_after < found.sd
    gain = found.sd - found.sd_after
    assert found.sd - after.sd == pytest.approx(gain, abs=0.2 * found.sd)


def test_a_track_hardly_heard_is_asked_for_before_one_heard_often() -> None:
    often = plays({"a": 2.0, "b": -2.0, "c": -2.0, "d": 2.0}, runs=40, noise_pct=4.0)
    tempi = dict(zip("abcd", (160.0, 165.0, 170.0, 175.0), strict=True))
    often = [replace(play, tempo_bpm=tempi[play.track]) for play in often]
    candidates = [*(Candidate(track, tempi[track]) for track in "abcd"), Candidate("new", 167.0)]
    assert "new" in proposal(often, candidates, SPEED, 2).tracks


def test_without_tempi_tracks_are_still_proposed() -> None:
    found = proposal([], [Candidate("a"), Candidate("b"), Candidate("c")], SPEED, 2)
    assert len(set(found.tracks)) == 2
    assert found.tempo_sd is None


def test_of_nothing_nothing_is_proposed() -> None:
    assert proposal([], [], SPEED, 5).tracks == ()
    assert proposal([], _CANDIDATES, SPEED, 0).tracks == ()
