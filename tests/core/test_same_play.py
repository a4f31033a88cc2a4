from __future__ import annotations

import random

import pytest

from beatrunner.core.matching import loose_titles, people, track_key
from beatrunner.core.same_play import Word, best_of, same_plays
from benchmarks.merge import put_together, tell


def word(
    source: str,
    started_s: float,
    title: str = "Go",
    artist: str = "Lamps",
    uncertainty_s: float = 1.0,
    length_s: float = 200.0,
) -> Word:
    return Word(
        source,
        track_key(title, artist),
        loose_titles(title, artist),
        people(title, artist) if artist else frozenset(),
        started_s,
        started_s + length_s,
        uncertainty_s,
    )


def groups(*words: Word) -> list[list[int]]:
    return sorted(sorted(group) for group in same_plays(words))


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("Go", "Lamps"),
        ("Go (Live)", "Lamps"),
        ("Lamps - Go (Official Video)", "Lamps"),
        ("Go (feat. Mira)", "Lamps"),
        ("Go", "Mira & Lamps"),
        ("Go - Dawn Remix", "Lamps"),
        ("Go", ""),
    ],
)
def test_the_moment_is_evidence_for_names(title: str, artist: str) -> None:
    assert groups(word("spotify", 0.0), word("lastfm", 8.0, title, artist)) == [[0, 1]]


@pytest.mark.parametrize(("title", "artist"), [("Stop", "Lamps"), ("Go", "Mira"), ("Go on", "")])
def test_the_moment_is_not_enough(title: str, artist: str) -> None:
    assert groups(word("spotify", 0.0), word("lastfm", 0.0, title, artist)) == []


@pytest.mark.parametrize(
    ("apart_s", "unsure_s", "are_one"),
    [(11.0, 1.0, True), (13.0, 1.0, False), (60.0, 60.0, True), (150.0, 150.0, True)],
)
def test_starts_agree_as_far_as_they_are_known(
    apart_s: float, unsure_s: float, *, are_one: bool
) -> None:
    found = groups(word("spotify", 0.0), word("lastfm", apart_s, uncertainty_s=unsure_s))
    assert bool(found) is are_one


def test_who_is_unsure_must_touch_the_other() -> None:
    assert groups(word("spotify", 0.0), word("lastfm", 250.0, uncertainty_s=300.0)) == []


def test_each_play_of_a_song_on_repeat_finds_its_own() -> None:
    spotify = [word("spotify", number * 100.0, uncertainty_s=60.0) for number in range(5)]
    lastfm = [word("lastfm", number * 100.0 + 9.0, uncertainty_s=60.0) for number in (0, 1, 3)]
    assert groups(*spotify, *lastfm) == [[0, 5], [1, 6], [3, 7]]


def test_one_source_tells_as_many_plays_as_it_says() -> None:
    assert groups(word("spotify", 0.0), word("spotify", 5.0), word("lastfm", 1.0)) == [[0, 2]]


def test_who_knows_when_it_began_speaks_then_who_knows_when_it_ended() -> None:
    exact, scrobbled = word("spotify_export", 0.0), word("lastfm", 0.0)
    vague = word("spotify_account", 0.0, uncertainty_s=30.0)
    assert best_of([vague, scrobbled, exact], [0, 1, 2]) == 2
    assert best_of([vague, scrobbled], [0, 1]) == 1


def test_the_order_of_words_tells_nothing() -> None:
    chance = random.Random(3)
    told = list(tell(chance, 5))
    expected = {frozenset(told[x] for x in group) for group in put_together(told)}
    for _ in range(3):
        chance.shuffle(told)
        found = {frozenset(told[x] for x in group) for group in put_together(told)}
        assert found == expected
