"""From what was fitted to answers for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import get_library_version
from beatrunner.activities.usual import find_usual
from beatrunner.core.effects import SPEED, Verdict
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.insights import store
from beatrunner.insights.fitting import is_called
from beatrunner.insights.plays import METHOD, RESPONSES
from beatrunner.insights.refit import ask_to_refit
from beatrunner.insights.shapes import (
    Answer,
    EffectsOut,
    Headline,
    HeadlineCode,
    Insights,
    KeptOut,
    LeftOutRuns,
    Library,
    State,
    TrackOut,
)
from beatrunner.kit.clock import Clock
from beatrunner.soundtracks.store import count_listens

#: Tracks in one answer besides those that may be named: the most heard ones.
_TRACKS = 100
#: Probability of a direction from which it is said: a plain 95 % interval beside 0.
_SURE = 0.975

#: By response, and whether chance ordered the plays.
Fits = Mapping[tuple[str, bool], Mapping[str, Any]]


class InsightPage:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self, account_id: UUID) -> Insights:
        """What is known; has it computed anew where runs or music have changed since."""
        async with self._database.read(is_long=True) as tx:
            computed = await store.find_insights(tx, account_id)
            effects = await store.list_effects(tx, account_id)
            titles = await store.list_titles(tx, account_id, _shown(effects))
            version = await get_library_version(tx, account_id)
            kept_out = await _list_kept_out(tx, account_id)
            library = await _load_library(tx, account_id, kept_out)
        has_any = library.runs_with_music > 0
        if computed is None:
            is_stale = has_any
        else:
            # A newer BeatRunner may measure in another way.
            is_unmeasured = library.measured < library.runs_with_music
            is_stale = computed.library_version != version or is_unmeasured
        if is_stale:
            async with self._database.write() as tx:
                await ask_to_refit(tx, account_id, self._clock())
        headline = headline_of(effects)
        state: State = "too_little" if headline.code == "too_little" else "ready"
        return Insights(
            state="computing" if state == "too_little" and is_stale and has_any else state,
            computed_at=computed and computed.computed_at,
            is_stale=is_stale,
            runs=computed.runs if computed else 0,
            plays=computed.plays if computed else 0,
            cadence_spm=computed and round(computed.cadence_spm, 1),
            left_out=_left_out(computed),
            kept_out=kept_out,
            library=library,
            headline=headline,
            answers=_answers(effects, titles) if computed else [],
        )


async def _load_library(tx: AsyncConnection, account_id: UUID, kept_out: list[KeptOut]) -> Library:
    runs = await store.count_runs(tx, account_id, METHOD)
    return Library(
        runs=runs.runs,
        runs_with_music=runs.with_music,
        measured=runs.measured,
        plays=await count_listens(tx, account_id),
        usual_speed_mps=await find_usual(tx, account_id, "mean_speed_mps"),
    )


async def _list_kept_out(tx: AsyncConnection, account_id: UUID) -> list[KeptOut]:
    runs = await store.count_runs_kept_out(tx, account_id)
    plays = await store.count_listens_kept_out(tx, account_id)
    return [
        KeptOut(provenance=source, runs=runs.get(source, 0), plays=plays.get(source, 0))
        for source in sorted({*runs, *plays})
    ]


def _left_out(computed: AnyRow | None) -> list[LeftOutRuns]:
    counts = sorted(computed.left_out.items()) if computed else []
    return [LeftOutRuns(reason=reason, runs=runs) for reason, runs in counts]


def _answers(effects: Fits, titles: Mapping[str, AnyRow]) -> list[Answer]:
    return [
        Answer(
            response=response.name,
            unit=response.unit,
            association=_effects(effects.get((response.name, False)), titles),
            causal=_effects(effects.get((response.name, True)), titles),
        )
        for response in RESPONSES
    ]


def _shown(effects: Fits) -> set[str]:
    """Tracks that any of the answers shows: those that may be named, and the most heard."""
    shown: set[str] = set()
    for each in effects.values():
        tracks = each["tracks"]
        most_heard = sorted(tracks, key=lambda track: -track["plays"])[:_TRACKS]
        shown |= {track["track_id"] for track in (*most_heard, *filter(is_called, tracks))}
    return shown


def _effects(effects: Mapping[str, Any] | None, titles: Mapping[str, AnyRow]) -> EffectsOut | None:
    if effects is None:
        return None
    tracks = [
        TrackOut.of(track, titles[track["track_id"]])
        for track in effects["tracks"]
        if track["track_id"] in titles
    ]
    count = len(effects["tracks"])
    return EffectsOut.model_validate({**effects, "tracks": tracks, "tracks_in_all": count})


def headline_of(effects: Fits) -> Headline:
    """Causes before associations, the tempo before single tracks."""
    fits = [(is_causal, effects.get((SPEED.name, is_causal))) for is_causal in (True, False)]
    known = [(is_causal, each) for is_causal, each in fits if each and each["noise"]]
    lines = [_headline(each, is_causal=is_causal) for is_causal, each in known]
    telling = [line for line in lines if line.code != "cannot_tell"]
    return next(
        iter((*telling, *lines)),
        Headline(
            code="too_little",
            is_causal=False,
            per_sd=None,
            sd_tempo_bpm=None,
            raising=0,
            lowering=0,
            runs_needed=None,
        ),
    )


def _headline(effects: Mapping[str, Any], *, is_causal: bool) -> Headline:
    tempo = effects["tempo"]
    verdicts = [track["verdict"] for track in effects["tracks"]]
    raising, lowering = verdicts.count(Verdict.RAISES), verdicts.count(Verdict.LOWERS)
    above = 0.5 if tempo is None else tempo["probability_above"]
    code: HeadlineCode = "tracks_differ" if raising or lowering else "cannot_tell"
    if above >= _SURE:
        code = "tempo_raises"
    elif above <= 1.0 - _SURE:
        code = "tempo_lowers"
    return Headline(
        code=code,
        is_causal=is_causal,
        per_sd=tempo and tempo["per_sd"],
        sd_tempo_bpm=tempo and tempo["sd_tempo_bpm"],
        raising=raising,
        lowering=lowering,
        runs_needed=tempo and tempo["runs_needed"],
    )
