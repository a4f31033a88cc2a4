"""How well plays told by several sources become one, and names of one track one track.

Tracks: pairs of names. `merge_pairs.tsv` has what was written by hand, its second half before it
was tried on the rules; many more are made here, of names by variants that leave a track as it is
and by variants that do not. Two names are taken for one track when their keys are equal,
or, where only plays can tell, when they may be one by evidence and their plays coincide.

Plays: two years of invented days are told by six sources, each with its own clock, precision,
spelling and forgetfulness; songs are skipped, repeated, skipped back to and paused. Every pair of
words counts, of those that are about one play and of those that were put together.

The rivals are what is often done: the same text at the same second, and texts in small letters
within a minute.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from beatrunner.core.matching import are_one_by_evidence, loose_titles, people, track_key
from beatrunner.core.same_play import Word, same_plays
from benchmarks.figures import Figure, Report, at_least, plain

LEAST_PRECISION, LEAST_RECALL = 0.99, 0.95
PAIRS = Path(__file__).with_name("merge_pairs.tsv")
#: No rule was made by looking at it.
SEED = 100
DAYS = 700

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NamePair:
    """`by_plays`: their names alone do not tell, their plays do."""

    one: Name
    other: Name
    is_one: bool
    by_plays: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A source's word, and which play it is really about."""

    source: str
    name: Name
    started_s: float
    ended_s: float
    uncertainty_s: float
    play: int


def main(days: int = DAYS) -> Report:
    told = list(tell(random.Random(SEED), days))
    written = list(read_pairs(PAIRS))
    made = list(make_pairs(random.Random(SEED)))
    figures = [
        *_figures("tracks, by hand and held out", score_names(held_out(written), is_one_track)),
        *_figures("tracks, all by hand", score_names(written, is_one_track)),
        *_figures("tracks, made", score_names(made, is_one_track)),
        *_figures("plays", score_words(told, put_together(told))),
    ]
    figures += _rival(
        "exact text", score_names([*written, *made], lambda pair: pair.one == pair.other)
    )
    figures += _rival("small letters", score_names([*written, *made], _is_same_in_small_letters))
    figures += _rival("exact text and second", score_words(told, by_window(told, 0.5, str)))
    figures += _rival(
        "small letters, a minute", score_words(told, by_window(told, 60, str.casefold))
    )
    return {"bench": "merge", "figures": figures}


def _figures(what: str, score: Score) -> list[Figure]:
    return [
        at_least(
            f"{what}: precision ({score.found:,} pairs)", score.precision, "", LEAST_PRECISION
        ),
        at_least(f"{what}: recall ({score.true:,} pairs)", score.recall, "", LEAST_RECALL),
    ]


def _rival(what: str, score: Score) -> list[Figure]:
    """One that reaches both bounds would mean that the pairs are too easy."""
    is_beaten = score.precision < LEAST_PRECISION or score.recall < LEAST_RECALL
    precision = plain(f"rival, {what}: precision", score.precision, "")
    recall: Figure = {
        **plain(f"rival, {what}: recall", score.recall, ""),
        "goal": "below one of the bounds",
        "ok": is_beaten,
    }
    return [precision, recall]


def read_pairs(path: Path) -> Iterator[NamePair]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] in "=!~":
            label, *names = line.split("\t")
            title, artist, other_title, other_artist = names
            yield NamePair((title, artist), (other_title, other_artist), label != "!", label == "~")


def held_out(pairs: Sequence[NamePair]) -> list[NamePair]:
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    seen = sum(line[:1] in ("=", "!", "~") for line in lines[: lines.index("# held out")])
    return list(pairs[seen:])


def is_one_track(pair: NamePair) -> bool:
    if track_key(*pair.one) == track_key(*pair.other):
        return True
    return pair.by_plays and are_one_by_evidence(pair.one, pair.other)


def _is_same_in_small_letters(pair: NamePair) -> bool:
    return tuple(map(str.casefold, pair.one)) == tuple(map(str.casefold, pair.other))


def score_names(pairs: Sequence[NamePair], is_one: Callable[[NamePair], bool]) -> Score:
    found = [pair for pair in pairs if is_one(pair)]
    return Score(len(found), sum(pair.is_one for pair in found), sum(pair.is_one for pair in pairs))


_SAME = (
    "{} - Remastered {year}|{artist}",
    "{} ({year} Remaster)|{artist}",
    "{} [Remastered]|{artist}",
    "{} (Mono)|{artist}",
    "{} - Stereo Mix|{artist}",
    "{} (Deluxe Edition)|{artist}",
    "{} - Bonus Track|{artist}",
    "{} (Explicit)|{artist}",
    "{} (Official Video)|{artist}",
    "{artist} - {} (Official Audio)|{artist}",
    "{} |{artist} - Topic",
    "{}|The {artist}",
    "{upper}|{artist}",
)
_OTHER = (
    "{} (Live)|{artist}",
    "{} - Live at Station {year}|{artist}",
    "{} - {guest} Remix|{artist}",
    "{} (Acoustic)|{artist}",
    "{} (Instrumental)|{artist}",
    "{} - Radio Edit|{artist}",
    "{} - Sped Up|{artist}",
    "{} - Demo|{artist}",
    "{} (Karaoke Version)|{artist}",
    "{}, Pt. 2|{artist}",
    "{} II|{artist}",
    "{} (feat. {guest})|{artist}",
    "{}|{guest}",
    "{} Again|{artist}",
)
_GUESTS = (
    ("{} (feat. {guest})|{artist}", "{}|{artist} feat. {guest}"),
    ("{} (feat. {guest})|{artist}", "{}|{guest} & {artist}"),
    ("{} [with {guest}]|{artist}", "{}|{artist}, {guest}"),
    ("{} ft. {guest}|{artist}", "{} (featuring {guest}) [Remastered]|{artist}"),
)
_WORDS = ("Río", "Night", "Über", "Harbour", "Don't", "夜に", "Любовь", "Rock & Roll", "Café", "7")


def make_pairs(chance: random.Random, names: int = 400) -> Iterator[NamePair]:
    """Of each name some variants that are the track, and some that are not."""
    for number in range(names):
        title = " ".join([*chance.sample(_WORDS, 2), str(number)])
        artist, guest = f"Lamp {chance.randrange(90)} & Band", f"Mira {number}"

        def written(
            form: str, title: str = title, artist: str = artist, guest: str = guest
        ) -> Name:
            filled = form.format(
                title,
                artist=artist,
                guest=guest,
                upper=title.upper(),
                year=chance.randrange(1990, 2024),
            )
            one, _, other = filled.partition("|")
            return one, other

        plainly = title, artist
        for form in chance.sample(_SAME, 4):
            yield NamePair(plainly, written(form), is_one=True)
        for form in chance.sample(_OTHER, 4):
            yield NamePair(plainly, written(form), is_one=False)
        first, second = chance.choice(_GUESTS)
        yield NamePair(written(first), written(second), is_one=True)
        yield NamePair(plainly, written(second), is_one=True, by_plays=True)


@dataclass(frozen=True, slots=True)
class _Source:
    """`keeps`: the share of plays that it tells; `clock_s`: how late its clock is at most."""

    name: str
    keeps: float
    title: str
    artist: str
    uncertainty_s: float
    clock_s: float
    least_played_s: float = 0.0
    step_s: float = 1.0


_SOURCES = (
    _Source("spotify_export", 0.97, "{}", "{first}", 1.0, 1.0),
    _Source("spotify_account", 0.97, "{}", "{first}", 30.0, 1.0, step_s=60.0),
    _Source("lastfm", 0.9, "{}", "{both}", 60.0, 6.0, least_played_s=30.0),
    _Source("listenbrainz", 0.9, "{} - Remastered 2011", "{both}", 1.0, 6.0, least_played_s=30.0),
    _Source("youtube_music", 0.5, "{first} - {} (Official Video)", "{first}", 60.0, 4.0),
    _Source("apple_music", 0.6, "{}", "{both}", 1.0, 4.0),
)


def tell(chance: random.Random, days: int) -> Iterator[Said]:
    """What three sources at a time tell of each day."""
    play = 0
    for day in range(days):
        sources = chance.sample(_SOURCES, 3)
        start_s = day * 86_400.0 + chance.uniform(0, 40_000)
        song = 0
        for _ in range(chance.randrange(5, 40)):
            song = song if chance.random() < 0.15 else chance.randrange(60)
            length_s = 150.0 + 2 * song
            is_skipped = chance.random() < 0.15
            played_s = chance.uniform(3, 60) if is_skipped else length_s
            pause_s = chance.uniform(5, 300) if chance.random() < 0.03 else 0.0
            for source in sources:
                if chance.random() < source.keeps and played_s >= source.least_played_s:
                    yield _said(chance, source, song, play, start_s, played_s, pause_s)
            start_s += played_s + pause_s + chance.choice((0.0, 0.0, 1.0, 400.0))
            play += 1


def _said(
    chance: random.Random,
    source: _Source,
    song: int,
    play: int,
    start_s: float,
    played_s: float,
    pause_s: float,
) -> Said:
    """A player knows the end and how long it played, a scrobbler the start alone."""
    is_by_end = source.name in ("spotify_export", "spotify_account")
    told_s = start_s + (pause_s if is_by_end else 0.0) + chance.uniform(0, source.clock_s)
    told_s = told_s // source.step_s * source.step_s + (
        source.step_s / 2 if source.step_s > 1 else 0
    )
    first = f"Lamp {song // 4}"
    names = {"first": first, "both": f"{first}, Mira {song}" if song % 3 == 0 else first}
    name = source.title.format(f"Song {song}", **names), source.artist.format(**names)
    # A source that tells ends knows that it may have been paused, and not how long.
    unsure_s = max(source.uncertainty_s, pause_s if is_by_end else 0.0)
    return Said(source.name, name, told_s, told_s + played_s, unsure_s, play)


def put_together(told: Sequence[Said]) -> list[list[int]]:
    return same_plays(
        [
            Word(
                each.source,
                track_key(*each.name),
                loose_titles(*each.name),
                people(*each.name),
                each.started_s,
                each.ended_s,
                each.uncertainty_s,
            )
            for each in told
        ]
    )


def by_window(
    told: Sequence[Said], within_s: float, folded: Callable[[str], str]
) -> list[list[int]]:
    """Texts that are equal when folded, and starts so near, however many."""
    groups: list[list[int]] = []
    last: dict[tuple[str, ...], list[int]] = {}
    for index in sorted(range(len(told)), key=lambda index: told[index].started_s):
        name = tuple(map(folded, told[index].name))
        group = last.get(name)
        if group and told[index].started_s - told[group[-1]].started_s <= within_s:
            group.append(index)
        else:
            last[name] = [index]
            groups.append(last[name])
    return groups


def score_words(told: Sequence[Said], groups: Iterable[Sequence[int]]) -> Score:
    found = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    words_on: dict[int, list[int]] = {}
    for index, each in enumerate(told):
        words_on.setdefault(each.play, []).append(index)
    true = {frozenset(pair) for words in words_on.values() for pair in combinations(words, 2)}
    return Score(len(found), len(found & true), len(true))
