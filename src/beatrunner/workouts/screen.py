"""What the screen shows of a workout, as one message."""

from __future__ import annotations

from typing import Literal

from beatrunner.codecs.live import Estimate, Live, Sample, State, Status
from beatrunner.core.heart import Zone, zone_at
from beatrunner.workouts.conductor import Conductor

BridgeState = Literal["none", "connected", "lost"]


def live_message(
    conductor: Conductor,
    status: Status | None,
    newest: Sample | None,
    zones: tuple[Zone, ...],
    state: State,
    bridge: BridgeState,
    now_s: float,
    *,
    in_control: bool,
) -> Live:
    """`in_control` is of the receiver."""
    advice = conductor.advice
    beat = conductor.beat(None if status is None else status.cadence_spm, now_s)
    zone = None
    if status is not None and status.heart_fit and status.heart_rate_bpm is not None:
        zone = zone_at(status.heart_rate_bpm, zones)
    elapsed_s = None if status is None else status.elapsed_s
    if elapsed_s is None and newest is not None:
        elapsed_s = newest.elapsed_s
    wanted = advice.wanted_spm
    own_gait_s, own_heart_s = conductor.own_s
    return Live(
        status=status,
        bridge=bridge,
        state=state,
        settings=conductor.settings,
        controller=in_control,
        elapsed_s=elapsed_s,
        song=conductor.song_at(now_s),
        next_song=conductor.next_song,
        beat_spm=None if beat is None else round(beat[0], 2),
        beat_factor=None if beat is None else beat[1],
        lock=str(advice.lock),
        advice_reasons=[str(reason) for reason in advice.reasons],
        wanted_spm=None if wanted is None else Estimate(wanted.value, wanted.low, wanted.high),
        block=advice.block,
        zone=zone,
        own_gait_s=own_gait_s,
        own_heart_s=own_heart_s,
    )
