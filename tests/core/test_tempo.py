from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.tempo import Reading, Verdict, agree, is_tempo, tempo_or_none, weigh

tempi = st.floats(min_value=40.0, max_value=200.0)


@given(tempi, st.sampled_from([0.5, 1.0, 2.0]), st.floats(min_value=0.965, max_value=1.035))
def test_octaves_agree(tempo_bpm: float, octave: float, off: float) -> None:
    assert agree(tempo_bpm, tempo_bpm * octave * off)
    assert agree(tempo_bpm * octave * off, tempo_bpm)


@given(tempi, st.sampled_from([1 / 3, 3.0, 1.5, 2 / 3, 4.0, 0.25, 1.05, 0.95, 2.1]))
def test_everything_else_does_not(tempo_bpm: float, factor: float) -> None:
    assert not agree(tempo_bpm, tempo_bpm * factor)


def said(*words: tuple[str, float]) -> list[Reading]:
    return [Reading(source, tempo_bpm, source == "tap") for source, tempo_bpm in words]


@pytest.mark.parametrize(
    ("words", "tempo_bpm", "source", "verdict"),
    [
        ([("a", 100)], 100, "a", Verdict.SINGLE),
        ([("a", 100), ("b", 201)], 100, "a", Verdict.CONFIRMED),
        ([("a", 100), ("b", 150)], 100, "a", Verdict.UNCERTAIN),
        ([("a", 100), ("b", 300)], 100, "a", Verdict.UNCERTAIN),
        ([("a", 100), ("b", 150), ("c", 76)], 150, "b", Verdict.CONFIRMED),
        ([("a", 100), ("b", 150), ("c", 51), ("d", 75)], 100, "a", Verdict.UNCERTAIN),
        ([("a", 100), ("b", 150), ("tap", 85)], 85, "tap", Verdict.OWN),
    ],
)
def test_the_most_trusted_of_the_largest_group_is_right(
    words: list[tuple[str, float]], tempo_bpm: float, source: str, verdict: Verdict
) -> None:
    found = weigh(said(*words))
    assert found is not None
    assert (found.tempo_bpm, found.source, found.verdict) == (tempo_bpm, source, verdict)


def test_of_nothing_nothing_follows() -> None:
    assert weigh([]) is None


@pytest.mark.parametrize(
    ("number", "is_one"),
    [(0, False), (19.9, False), (20, True), (400, True), (401, False), (float("nan"), False)],
)
def test_a_tempo_is_within_bounds(number: float, is_one: bool) -> None:
    assert is_tempo(number) == is_one


@pytest.mark.parametrize(
    ("said", "meant"), [(120, 120.0), (84.5, 84.5), (0, None), ("120", None), (None, None)]
)
def test_what_is_no_number_is_no_tempo(said: object, meant: float | None) -> None:
    assert tempo_or_none(said) == meant
