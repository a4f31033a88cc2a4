"""The plan leads: blocks one after the other, each led by what it names.

Blocks are counted in time on a moving belt. A block is a small workout of its own: with a range
for the heart the heart leads, with a cadence the beat, with a speed that speed. Songs are asked
for by block: shortly before one ends, those of the next.
"""

from __future__ import annotations

from dataclasses import replace

from beatrunner.core.controller.advice import Advice, Reason
from beatrunner.core.controller.beat_lead import lead_by_beat
from beatrunner.core.controller.goal import Block, BlockKind, Goal, Mode
from beatrunner.core.controller.heart_lead import lead_by_heart
from beatrunner.core.controller.situation import Situation
from beatrunner.core.controller.state import ControllerState
from beatrunner.core.estimate import Estimate

PACE_OF = {
    BlockKind.WARM_UP: 0.7,
    BlockKind.WORK: 1.1,
    BlockKind.RECOVERY: 0.7,
    BlockKind.COOL_DOWN: 0.6,
}
"""Of the runner's own pace, for a block that says nothing."""
_NEXT_SONG_S = 45.0


def lead_by_plan(now: Situation) -> tuple[ControllerState, Advice]:
    """The advice of the block under way; after the last one that block goes on."""
    blocks = now.goal.blocks
    if not blocks:
        return lead_by_beat(now)
    at, left_s = block_at(blocks, now.state.moving_s)
    block, goal = blocks[at], _goal_of(now, blocks[at])
    lead = lead_by_heart if goal.mode is Mode.HEART else lead_by_beat
    # A speed that is asked for is not the song's to change.
    reach = 0.0 if block.speed_kmh is not None and block.cadence_spm is None else now.reach
    state, advice = lead(replace(now, goal=goal, reach=reach))
    wanted_spm = advice.wanted_spm
    if left_s <= _NEXT_SONG_S and at + 1 < len(blocks):
        wanted_spm = _wanted_spm(now, blocks[at + 1])
    reasons = advice.reasons if left_s > 0 else (*advice.reasons, Reason.PLAN_OVER)
    return state, replace(advice, block=at, wanted_spm=wanted_spm, reasons=reasons)


def block_at(blocks: tuple[Block, ...], moving_s: float) -> tuple[int, float]:
    """Which block it is, and for how many seconds more; the last one stays, with 0."""
    for at, block in enumerate(blocks):
        if moving_s < block.duration_s:
            return at, block.duration_s - moving_s
        moving_s -= block.duration_s
    return len(blocks) - 1, 0.0


def _goal_of(now: Situation, block: Block) -> Goal:
    """The block as a goal; the ceiling of the workout holds in all of them."""
    ceiling_bpm = now.goal.ceiling_bpm
    low_bpm, high_bpm = block.target_low_bpm, block.target_high_bpm
    if low_bpm is not None or high_bpm is not None:
        return Goal(Mode.HEART, ceiling_bpm, low_bpm, high_bpm)
    return Goal(Mode.BEAT, ceiling_bpm, speed_kmh=_block_kmh(now, block))


def _block_kmh(now: Situation, block: Block) -> float:
    if block.speed_kmh is not None and block.cadence_spm is None:
        return block.speed_kmh
    pace_kmh = now.pace_kmh * PACE_OF[block.kind]
    if block.cadence_spm is None:
        return pace_kmh
    found = now.state.gait.speed_mps(block.cadence_spm, Estimate.from_sd(pace_kmh / 3.6, 1.0))
    return pace_kmh if found is None else found.value * 3.6


def _wanted_spm(now: Situation, block: Block) -> Estimate:
    return now.state.gait.cadence_spm(_block_kmh(now, block) / 3.6)
