from __future__ import annotations

from typing import Any

import pytest

from beatrunner.insights.reading import headline_of

NOISE = {"value": 5.0, "low": 4.5, "high": 5.5}


def effects(*verdicts: str, above: float | None = None, noise: Any = NOISE) -> dict[str, Any]:
    tempo = None
    if above is not None:
        slope = {"value": 0.5, "low": 0.1, "high": 0.9}
        tempo = {
            "probability_above": above,
            "per_sd": slope,
            "sd_tempo_bpm": 20.0,
            "runs_needed": 7,
        }
    return {"noise": noise, "tempo": tempo, "tracks": [{"verdict": each} for each in verdicts]}


@pytest.mark.parametrize(
    ("above", "verdicts", "code"),
    [
        (0.98, ["cannot_tell"], "tempo_raises"),
        (0.98, ["raises"], "tempo_raises"),
        (0.02, [], "tempo_lowers"),
        (0.97, ["raises", "lowers"], "tracks_differ"),
        (0.03, ["cannot_tell", "not_enough_yet"], "cannot_tell"),
        (None, ["lowers"], "tracks_differ"),
        (None, [], "cannot_tell"),
    ],
)
def test_the_one_thing_to_say_first(above: float | None, verdicts: list[str], code: str) -> None:
    found = headline_of({("speed", True): effects(*verdicts, above=above)})
    assert (found.code, found.is_causal) == (code, True)
    assert (found.raising, found.lowering) == (verdicts.count("raises"), verdicts.count("lowers"))
    assert found.runs_needed == (None if above is None else 7)


def test_causes_come_before_associations() -> None:
    both = {("speed", True): effects("raises"), ("speed", False): effects(above=0.99)}
    assert headline_of(both).is_causal


def test_an_association_is_better_than_nothing() -> None:
    unsure = {("speed", True): effects(), ("speed", False): effects(above=0.99)}
    found = headline_of(unsure)
    assert (found.code, found.is_causal) == ("tempo_raises", False)


def test_too_few_plays_say_nothing_yet() -> None:
    assert headline_of({}).code == "too_little"
    assert headline_of({("speed", True): effects("raises", noise=None)}).code == "too_little"
    only_heart = {("heart_rate", True): effects("raises", above=0.99)}
    assert headline_of(only_heart).code == "too_little"
