"""How the belt should move so that steps fall on the beat and the heart stays in its range.

Pure: each second one `Sense` goes in, one `Advice` comes out, and the memory is a frozen value
that survives a restart. What comes out is a wish; `core.governor` beside the belt decides what
the belt does, and assumes nothing about what is written here.

Three models lead: `core.gait` turns a cadence into this runner's speed and learns while they
run, `heart_observer` foretells where the heart settles at a pace and learns likewise, and the
governor's limits are known, so that a change which needs time is begun in time. The modes are
`beat_lead`, `heart_lead` and `plan_lead`; `songs` puts the queue in an order that suits.
"""

from beatrunner.core.controller.advice import Advice, LockState, Reason, Sense
from beatrunner.core.controller.controller import Controller
from beatrunner.core.controller.goal import Block, BlockKind, Goal, Machine, Mode, Song
from beatrunner.core.controller.songs import order_songs
from beatrunner.core.controller.state import ControllerState

__all__ = [
    "Advice",
    "Block",
    "BlockKind",
    "Controller",
    "ControllerState",
    "Goal",
    "LockState",
    "Machine",
    "Mode",
    "Reason",
    "Sense",
    "Song",
    "order_songs",
]
