import re

import pytest

from beatrunner.core.effects import folded_tempo_bpm
from beatrunner.demo.runner import ENTRAINMENT_SHARE, ENTRAINMENT_WINDOW_PCT
from beatrunner.demo.songs import (
    PACE_EFFECTS_PCT,
    STEPPED_SPM,
    TEMPO_EFFECT_PCT_PER_BPM,
    episodes,
    songs,
)
from tests.house.sources import DOCS


def test_the_library_has_120_songs_by_30_artists_within_the_range_of_tempi() -> None:
    library = songs()
    assert len(library) == len({song.title for song in library}) == 120
    assert len({song.artist for song in library}) == 30
    assert {80.0, 190.0} <= {song.tempo_bpm for song in library}
    assert all(80 <= song.tempo_bpm <= 190 for song in library)
    assert all(140 <= song.length_s <= 345 for song in library)


def test_identifiers_look_like_spotifys_and_are_unique() -> None:
    identifiers = [song.source_id for song in (*songs(), *episodes())]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"spotify:(track|episode):[0-9A-Za-z]{22}", one) for one in identifiers)


def test_songs_with_an_effect_exist_and_are_popular() -> None:
    popular = {song.title for song in songs()[:10]}
    assert popular >= set(PACE_EFFECTS_PCT)
    assert sorted(PACE_EFFECTS_PCT.values()) == [-4.0, 4.0, 4.0, 4.0]


def test_fast_songs_have_an_effect_as_they_are_stepped_to() -> None:
    by_tempo = {song.tempo_bpm: song.tempo_effect_pct for song in songs()}
    assert by_tempo[170.0] == 0.0
    assert by_tempo[190.0] == pytest.approx(20 * TEMPO_EFFECT_PCT_PER_BPM)
    assert by_tempo[85.0] == 0.0  # two steps a beat
    assert all(episode.pace_effect_pct == 0.0 for episode in episodes())


def test_the_document_says_what_was_planted() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for title, pct in PACE_EFFECTS_PCT.items():
        (row,) = [line for line in text.splitlines() if f'"{title}"' in line]
        assert f"{abs(pct):g} % {'faster' if pct > 0.0 else 'slower'}" in row
    assert f"| {TEMPO_EFFECT_PCT_PER_BPM:g} % faster per beat/min |" in text
    assert f"folded to {STEPPED_SPM:g} steps/min" in text
    assert f"within {ENTRAINMENT_WINDOW_PCT:g} % of the cadence" in text
    assert f"by {100.0 * ENTRAINMENT_SHARE:g} % of the difference" in text


def test_planted_effects_hardly_go_with_tempo() -> None:
    """Weighed by about how often they are heard; else they would pass for an effect of tempo."""
    by_title = {song.title: song for song in songs()}
    heard = {song.title: (rank + 1.0) ** -0.8 for rank, song in enumerate(songs())}
    lever = sum(
        heard[title] * pct * (folded_tempo_bpm(by_title[title].tempo_bpm, STEPPED_SPM) - 171.0)
        for title, pct in PACE_EFFECTS_PCT.items()
    )
    farthest = sum(heard[title] * abs(pct) * 10.0 for title, pct in PACE_EFFECTS_PCT.items())
    assert abs(lever) < 0.3 * farthest
