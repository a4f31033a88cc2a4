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

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

#: Clocks of phones and players, and how late they write a start down.
CLOCKS_S = 10.0
#: Starts further apart are never one play's, however little their sources know of them.
MOST_APART_S = 600.0
#: A word that is less sure than this of its start must at least touch what the other one says.
UNSURE_S = 60.0

#: Who tells when a play ended instead of working it out, and what was skipped.
_TELLS_ENDS = ("live", "spotify_export", "apple_music", "spotify_account", "manual", "file")


@dataclass(frozen=True, slots=True)
class Word:
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
    pairs = [
        (words[order[later]].started_s - words[one].started_s, place, later)
        for place, one in enumerate(order)
        for later in _near(words, order, place)
        if _may_be_one(words[one], words[order[later]])
    ]
    pairs.sort()
    member_of = {index: [index] for index in order}
    for _, place, later in pairs:
        first, second = member_of[order[place]], member_of[order[later]]
        if first is second or _sources(words, first) & _sources(words, second):
            continue
        first += second
        member_of |= dict.fromkeys(second, first)
    groups = {id(group): group for group in member_of.values() if len(group) > 1}
    return list(groups.values())


def best_of(words: Sequence[Word], group: Sequence[int]) -> int:
    """Who speaks for the play: who knows its start well, then who knows its end, then both."""
    return min(group, key=lambda index: _worth(words[index]))


def coincidences(words: Sequence[Word], within_s: float) -> dict[tuple[Hashable, Hashable], int]:
    """By two tracks, how often a word on each began at the same moment in different sources.

    Only words that are sure of their start to `within_s` count, and each once.
    """
    sure = [word for word in words if word.uncertainty_s <= within_s]
    sure.sort(key=_place)
    found: dict[tuple[Hashable, Hashable], int] = defaultdict(int)
    for place, word in enumerate(sure):
        for other in sure[place + 1 :]:
            if other.started_s - word.started_s > within_s:
                break
            if other.source != word.source and other.track != word.track:
                found[word.track, other.track] += 1
    return found


def _near(words: Sequence[Word], order: Sequence[int], place: int) -> range:
    """The places after it that begin near enough."""
    started_s = words[order[place]].started_s
    later = place + 1
    while later < len(order) and words[order[later]].started_s - started_s <= MOST_APART_S:
        later += 1
    return range(place + 1, later)


def _may_be_one(one: Word, other: Word) -> bool:
    """`one` begins first."""
    if one.source == other.source or not _is_same_song(one, other):
        return False
    apart_s = other.started_s - one.started_s
    known_to_s = one.uncertainty_s + other.uncertainty_s
    if apart_s > CLOCKS_S + min(known_to_s, MOST_APART_S):
        return False
    return apart_s <= CLOCKS_S + UNSURE_S or other.started_s <= one.ended_s + CLOCKS_S


def _is_same_song(one: Word, other: Word) -> bool:
    if one.track == other.track:
        return True
    is_unknown = not one.people or not other.people
    return not one.titles.isdisjoint(other.titles) and (
        is_unknown or not one.people.isdisjoint(other.people)
    )


def _sources(words: Sequence[Word], group: Sequence[int]) -> set[str]:
    return {words[index].source for index in group}


def _place(word: Word) -> tuple[float, float, str, str]:
    return word.started_s, word.ended_s, word.source, str(word.track)


def _worth(word: Word) -> tuple[int, int, float, str]:
    unsure = sum(word.uncertainty_s > limit_s for limit_s in (5.0, 30.0, 120.0))
    rank = _TELLS_ENDS.index(word.source) if word.source in _TELLS_ENDS else len(_TELLS_ENDS)
    return unsure, rank, word.uncertainty_s, word.source
