from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.matching import track_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Run the Hill", "The Lamps"), ("RUN  THE HILL ", "the lamps")),
        (("Don't Stop", "Lamps"), ("Don’t Stop", "Lamps")),
        (("“Quiet”", "Lamps"), ('"Quiet"', "Lamps")),
        (("Ｒｕｎ", "Lamps"), ("Run", "Lamps")),
        (("Café", "Lamps"), (unicodedata.normalize("NFD", "Café"), "Lamps")),
        (("Straße", "Lamps"), ("STRASSE", "Lamps")),
        (("Salt & Sand", "Lamps"), ("Salt and Sand", "Lamps")),
        (("Go - Live", "Lamps"), ("Go (Live)", "Lamps")),
        (("Go (feat. Mira)", "Lamps"), ("Go", "Lamps feat. Mira")),
        (("Go (feat. Mira)", "Lamps"), ("Go ft. Mira", "Lamps")),
        (("Go [featuring Mira]", "Lamps"), ("Go (with Mira)", "Lamps")),
        (("Go (feat. Mira & Jon)", "Lamps"), ("Go (feat. Jon, Mira)", "Lamps")),
        (("Go (feat. Mira)", "Lamps feat. Mira"), ("Go", "Lamps feat. Mira")),
        (("Go feat. Mira (Live)", "Lamps"), ("Go (Live) [feat. Mira]", "Lamps")),
        (("Go", "Lamps"), ("Go (Remastered 2011)", "Lamps")),
        (("Résumé", "Lamps"), ("Resume", "Lamps")),
        (("نی\u200cنامه", "گروه"), ("نینامه", "گروه")),
    ],
)
def test_spellings_of_one_track_meet(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert track_key(*one) == track_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Go", "Lamps"), ("Go", "Lanterns")),
        (("Go", "Lamps"), ("Go (Live)", "Lamps")),
        (("Go", "Lamps"), ("Go - Dawn Remix", "Lamps")),
        (("Go - Dawn Remix", "Lamps"), ("Go - Dusk Remix", "Lamps")),
        (("Go", "Lamps"), ("Go (feat. Mira)", "Lamps")),
        (("Go (feat. Malcolm X)", "Lamps"), ("Go (feat. Malcolm)", "Lamps")),
        (("Lamps", "Go"), ("Go", "Lamps")),
        (("Night Run", "Lamps"), ("Night", "Run Lamps")),
        (("かき", "Lamps"), ("がき", "Lamps")),
        (("???", "Lamps"), ("!!!", "Lamps")),
        (("夜に走る", "灯"), ("夜を走る", "灯")),
    ],
)
def test_different_tracks_stay_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert track_key(*one) != track_key(*other)


@pytest.mark.parametrize("title", ["Craft", "Left Behind", "Soft Feature", "Defeat", "Go ft."])
def test_letters_inside_words_are_no_guests(title: str) -> None:
    assert track_key(title, "Lamps") == f"lamps\x1f{title.casefold().rstrip('.')}"


def test_other_scripts_keep_their_letters() -> None:
    assert track_key("夜に走る", "灯") == "灯\x1f夜に走る"


@given(st.text(max_size=40), st.text(max_size=40))
def test_case_and_outer_space_never_matter(title: str, artist: str) -> None:
    folded = unicodedata.normalize("NFKC", title).casefold()
    assert track_key(title, artist) == track_key(f"  {folded}\t", artist)


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_a_title_never_vanishes(title: str) -> None:
    artist, *rest = track_key(title, "Lamps").split("\x1f")
    assert artist == "lamps"
    assert "".join(rest) or not any(
        unicodedata.category(character)[0] in "LNPS" for character in title
    )
