"""Which words of different sources are about one play.

Theory of operation. A scrobbler, a player's own export and a watch may all have seen the same song
sound once. Their words agree in *when it began*, within how well each of them knows that and a few
seconds of clock and buffer; their ends need not agree, for some sources only guess them. And they
agree in *what* it was, as far as names can tell: the same track, or titles that are equal but for
what a source may leave out (`matching.loose_titles`) with at least one artist in common. That is
looser than one track is, because the moment itself is evidence.

Pairs that may be one play are joined from the closest starts on, and never two words of one source:
so of a song on repeat each play finds its own, as do a song that was skipped back to and one that
only one source saw. A constant error of one clock beyond the tolerance leaves all apart: a play too
many can be seen and mended, one that is hidden cannot.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from beatrunner.core.provenance import Provenance

#: Clocks of phones and players, and how late they write a start down.
CLOCKS_S = 10.0
#: Starts further apart are never one play's, however little their sources know of them.
MOST_APART_S = 600.0
#: A word that is less sure than this of its start must at least touch what the other one says.
UNSURE_S = 60.0

#: Who tells when a play ended instead of working it out, and what was skipped.
_TELLS_ENDS = (
    Provenance.LIVE,
    Provenance.SPOTIFY_EXPORT,
    Provenance.APPLE_MUSIC,
    Provenance.SPOTIFY_ACCOUNT,
    Provenance.MANUAL,
    Provenance.FILE,
)


_T = TypeVar("_T", bound=Hashable)
#: What a word says was played: `track`, `titles` and `people`.
_Song = tuple[Hashable, frozenset[str], frozenset[str]]


class Word(NamedTuple):
    """One source's word on one play; `people` of an unknown artist are empty."""

    source: str
    track: Hashable
    titles: frozenset[str]
    people: frozenset[str]
    started_s: float
    ended_s: float
    uncertainty_s: float


def same_plays(words: Sequence[Word]) -> list[list[int]]:
    """Groups of two or more indices into `words`, each of one play; their order tells nothing."""
    order = sorted(range(len(words)), key=lambda index: _place(words[index]))
    member_of: dict[int, list[int]] = {}
    for place, later in _pairs([words[index] for index in order]):
        first = member_of.setdefault(place, [place])
        second = member_of.setdefault(later, [later])
        if first is second or _sources(words, order, first) & _sources(words, order, second):
            continue
        first += second
        member_of |= dict.fromkeys(second, first)
    groups = {id(group): group for group in member_of.values() if len(group) > 1}
    return [[order[place] for place in group] for group in groups.values()]


def best_of(words: Sequence[Word], group: Sequence[int]) -> int:
    """Who speaks for the play: who knows its start well, then who knows its end, then both."""
    return min(group, key=lambda index: _worth(words[index]))


def _pairs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Places in `words`, which are in order, that may be of one play, the closest starts first."""
    song_of, songs = _numbered([(word.track, word.titles, word.people) for word in words])
    source_of, _ = _numbered([word.source for word in words])
    started_s = np.array([word.started_s for word in words])
    ended_s = np.array([word.ended_s for word in words])
    unsure_s = np.array([word.uncertainty_s for word in words])
    found: list[NDArray[np.intp]] = []
    for step in range(1, len(words)):
        apart_s = started_s[step:] - started_s[:-step]
        if not np.any(apart_s <= CLOCKS_S + MOST_APART_S):
            break
        known_to_s = unsure_s[step:] + unsure_s[:-step]
        is_near = apart_s <= CLOCKS_S + np.minimum(known_to_s, MOST_APART_S)
        is_near &= apart_s <= MOST_APART_S
        is_near &= source_of[step:] != source_of[:-step]
        is_near &= (apart_s <= CLOCKS_S + UNSURE_S) | (
            started_s[step:] <= ended_s[:-step] + CLOCKS_S
        )
        places = np.flatnonzero(is_near)
        found.append(np.stack((places, places + step), axis=1))
    pairs = np.concatenate(found) if found else np.empty((0, 2), dtype=np.intp)
    pairs = pairs[_are_same_songs(songs, song_of[pairs])]
    apart_s = started_s[pairs[:, 1]] - started_s[pairs[:, 0]]
    nearest = np.lexsort((pairs[:, 1], pairs[:, 0], apart_s))
    yield from pairs[nearest].tolist()


def _numbered(values: Sequence[_T]) -> tuple[NDArray[np.intp], list[_T]]:
    """Each value's number among the different ones."""
    numbers: dict[_T, int] = {}
    found = [numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(found, dtype=np.intp), list(numbers)


def _are_same_songs(songs: Sequence[_Song], pairs: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each pair of numbers of songs may mean one; which meet do so again and again."""
    different, which = np.unique(pairs, axis=0, return_inverse=True)
    told = [_is_same_song(songs[one], songs[other]) for one, other in different.tolist()]
    return np.array(told, dtype=np.bool_)[which.reshape(-1)]


def _is_same_song(one: _Song, other: _Song) -> bool:
    (track, titles, people), (other_track, other_titles, other_people) = one, other
    if track == other_track:
        return True
    is_unknown = not people or not other_people
    return not titles.isdisjoint(other_titles) and (
        is_unknown or not people.isdisjoint(other_people)
    )


def _sources(words: Sequence[Word], order: Sequence[int], places: Sequence[int]) -> set[str]:
    return {words[order[place]].source for place in places}


def _place(word: Word) -> tuple[float, float, str, str]:
    return word.started_s, word.ended_s, word.source, str(word.track)


def _worth(word: Word) -> tuple[int, int, float, str]:
    unsure = sum(word.uncertainty_s > limit_s for limit_s in (5.0, 30.0, 120.0))
    rank = _TELLS_ENDS.index(word.source) if word.source in _TELLS_ENDS else len(_TELLS_ENDS)
    return unsure, rank, word.uncertainty_s, word.source
