"""How the belt should move so that steps fall on the beat and the heart stays in its range.

Pure: each second one `Sense` goes in, one `Advice` comes out, and the memory is a frozen value
that survives a restart. What comes out is a wish; `core.governor` beside the belt decides what
the belt does, and assumes nothing about what is written here.

A second has three parts. First comes learning, from what the belt really did and never from what
was wished, so that nothing winds up while the governor holds the belt back: `core.gait` learns
which cadence this runner has at a speed, `heart_observer` where their heart settles at an
exertion and how surely that is known. Then the mode leads:

- `beat_lead`: the song's tempo becomes steps, steps become a speed; incline, then other songs,
  and last the lock on the beat give way to the heart.
- `heart_lead`: the target heart rate becomes an exertion, the exertion speed and incline; songs
  are asked for that suit.
- `plan_lead`: one block after the other, each led in one of these ways.

Last the wish is put on the machine's steps, clear of the speeds between walking and running, and
changes by a whole step or not at all. Two coordinates keep beat and heart apart: speed decides
the cadence, and exertion, the speed on the level that costs as much, the heart rate. Incline
moves the second without the first.

The governor lets an automatic rise go no faster than 0.5 km/h in 15 s, and the machine has its
lag; both are known here, so a change that needs time is begun in time. `songs` puts the queue
in an order of small steps.
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
