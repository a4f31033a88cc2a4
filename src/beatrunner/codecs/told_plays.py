"""Plays of which a source tells the start alone: when they ended is worked out here.

Scrobblers write down when a song began and nothing else. Theory of operation, in order of how much
each is worth:

- **The length of the song**, where the source knows it: the play lasts so long, or until the next
  one begins, whichever is earlier. One account plays one thing at a time.
- **The length that the history itself betrays**: when two plays of one song were followed by
  another song after the same time to within `SAME_GAP_S`, nobody skipped and nobody paused, and
  that time is the song's length.
- **The next play**, when it begins within `LONGEST_LIKELY_S`: most songs are shorter than that, and
  a player goes on by itself.
- **`TYPICAL_S`** otherwise: the song was the last one for a while. Its end is a guess, and its
  `uncertainty_s` says so (`GUESSED_S`), because a stretch that turns into silence is known no
  better than that.

A time that is written in minutes was cut off, not rounded, so the play began somewhere within that
minute: it is put into the middle, several in one minute are spread over it, and `uncertainty_s`
tells half a minute.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TypeGuard

from beatrunner.codecs.clean_text import CleanTexts
from beatrunner.core.listening import ListeningHistory, ListenKind, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

#: The median of popular recordings is about three and a half minutes.
TYPICAL_S = 210
LONGEST_LIKELY_S = 420
GUESSED_S = 60.0
SAME_GAP_S = 3
SHORTEST_GAP_S = 30
MINUTE_S = 60

#: Nobody wrote plays down before; some tools write 1970 for "unknown".
EARLIEST_MS = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1000)
LATEST_MS = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp() * 1000)
MAX_PLAYED_S = 86_400
_MILLISECONDS_FROM = 100_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class ToldPlay:
    """`start_ms` since 1970, in UTC. `length_s` is the song's, None when nobody told it.

    `uncertainty_s` bounds how far the true start may lie from `start_ms`.
    """

    title: str
    artist: str
    album: str
    start_ms: int
    length_s: float | None = None
    source_id: str | None = None
    uncertainty_s: float = 1.0


class Telling:
    """What a file tells, play by play; what is no play is counted in `dropped`, by reason."""

    def __init__(self) -> None:
        self.plays: list[ToldPlay] = []
        self.dropped: Counter[str] = Counter()
        self._texts = CleanTexts()

    def add(
        self,
        title: str | None,
        artist: str | None,
        album: str | None,
        start_ms: float | None,
        *,
        length_s: float | None = None,
        source_id: str | None = None,
        uncertainty_s: float = 1.0,
    ) -> None:
        if not is_possible(start_ms):
            self.dropped["impossible_time"] += 1
            return
        name = self._texts[title]
        if not name:
            self.dropped["unnamed"] += 1
            return
        length_s = plausible_length_s(length_s)
        artist, album = self._texts[artist], self._texts[album]
        self.plays.append(
            ToldPlay(name, artist, album, round(start_ms), length_s, source_id, uncertainty_s)
        )

    def history(self) -> ListeningHistory:
        """Raises UnreadableFileError: NO_LISTENS; DAMAGED (nothing readable before the damage)."""
        return of_told_rows(finish(self.plays, self.dropped), len(self.plays), self.dropped)


def of_told_rows(
    listens: list[RawListen], rows_told: int, dropped: Counter[str]
) -> ListeningHistory:
    """A file that tells of plays is a history, though none of them should be worth keeping.

    Raises UnreadableFileError: NO_LISTENS; DAMAGED (nothing readable before the damage).
    """
    if not rows_told:
        raise UnreadableFileError(Refusal.DAMAGED if dropped["cut_off"] else Refusal.NO_LISTENS)
    return ListeningHistory(listens, dict(+dropped))


def is_possible(start_ms: float | None) -> TypeGuard[float]:
    """Whether somebody can have played music then; False for NaN."""
    return start_ms is not None and EARLIEST_MS <= start_ms < LATEST_MS


def plausible_length_s(length_s: float | None) -> float | None:
    """None for what is no length of a play, NaN included."""
    return length_s if length_s is not None and 0 < length_s <= MAX_PLAYED_S else None


def unix_ms(value: str | float | None) -> float | None:
    """Seconds or milliseconds since 1970, told apart by their magnitude; None for no number."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if abs(number) >= _MILLISECONDS_FROM else number * 1000


def utc_ms(text: str | None) -> float | None:
    """Milliseconds since 1970 of a time in ISO 8601, in UTC unless it says another zone."""
    try:
        time = datetime.fromisoformat(text or "")
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000
    except (ValueError, OverflowError):
        return None


def finish(plays: Sequence[ToldPlay], dropped: Counter[str]) -> list[RawListen]:
    """The plays with their ends, in order of their starts; a play told twice counts once."""
    ordered = _once(sorted(plays, key=lambda play: play.start_ms), dropped)
    starts = sorted({play.start_ms for play in ordered})
    following = dict(pairwise(starts))
    learned = _learned_lengths(ordered, following)
    return [_finished(play, following.get(play.start_ms), learned) for play in ordered]


def spread_over_minutes(plays: list[ToldPlay]) -> None:
    """Put plays known to the minute inside it, in the order of the file or in its reverse.

    Most tools write the newest first.
    """
    if plays and plays[0].start_ms > plays[-1].start_ms:
        plays.reverse()
    plays.sort(key=lambda play: play.start_ms)
    for _, group in groupby(plays, key=lambda play: play.start_ms):
        within = list(group)
        for number, play in enumerate(within):
            play.start_ms += round((number + 0.5) * MINUTE_S * 1000 / len(within))
            play.uncertainty_s = MINUTE_S / 2


def listen_of(play: ToldPlay, end_ms: int, uncertainty_s: float) -> RawListen:
    return RawListen(
        kind=ListenKind.MUSIC,
        title=play.title,
        artist=play.artist,
        album=play.album or None,
        started_at=time_of_ms(play.start_ms),
        ended_at=time_of_ms(end_ms),
        uncertainty_s=uncertainty_s,
        source_id=play.source_id,
        is_skipped=None,
        is_shuffled=None,
        is_offline=False,
    )


def time_of_ms(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _once(ordered: Sequence[ToldPlay], dropped: Counter[str]) -> list[ToldPlay]:
    seen: set[tuple[int, str, str]] = set()
    kept: list[ToldPlay] = []
    for play in ordered:
        key = (play.start_ms, play.title, play.artist)
        if key in seen:
            dropped["duplicate"] += 1
            continue
        seen.add(key)
        kept.append(play)
    return kept


def _learned_lengths(
    ordered: Sequence[ToldPlay], following: dict[int, int]
) -> dict[tuple[str, str], float]:
    """Seconds by title and artist: the shortest gap to the next play that came about twice."""
    gaps: dict[tuple[str, str], list[float]] = defaultdict(list)
    for play in ordered:
        next_ms = following.get(play.start_ms)
        if next_ms is None or play.length_s is not None or play.uncertainty_s > SAME_GAP_S:
            continue
        gap_s = (next_ms - play.start_ms) / 1000
        if SHORTEST_GAP_S <= gap_s <= LONGEST_LIKELY_S:
            gaps[play.title, play.artist].append(gap_s)
    learned: dict[tuple[str, str], float] = {}
    for name, found in gaps.items():
        found.sort()
        same = (one for one, other in pairwise(found) if other - one <= SAME_GAP_S)
        if (length_s := next(same, None)) is not None:
            learned[name] = length_s
    return learned


def _finished(
    play: ToldPlay, next_ms: int | None, learned: dict[tuple[str, str], float]
) -> RawListen:
    length_s = play.length_s or learned.get((play.title, play.artist))
    gap_s = None if next_ms is None else (next_ms - play.start_ms) / 1000
    uncertainty_s = play.uncertainty_s
    if length_s is None and gap_s is not None and gap_s <= LONGEST_LIKELY_S:
        length_s = gap_s
    elif length_s is None:
        length_s = TYPICAL_S
        uncertainty_s = max(uncertainty_s, GUESSED_S)
    elif gap_s is not None:
        length_s = min(length_s, gap_s)
    end_ms = play.start_ms + round(length_s * 1000)
    return listen_of(play, end_ms, uncertainty_s)
