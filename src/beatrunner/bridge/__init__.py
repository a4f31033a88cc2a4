"""The bridge: the process beside the belt, in which alone speed is decided upon.

It outlives the server. Theory of operation:

- `driver` ticks four times a second: it gathers what belt, strap, pod, server and the page beside
  the belt say (`ports`, `conversation`, `controls`), asks `core.governor`, and hands at most one
  command to the belt. It knows no socket and no radio, so that a simulated clock can drive it.
- `recorder` makes a numbered sample a second, and keeps it until the server has it on disk;
  `sample_file` keeps it for the next process, should this one be killed.
- `pairing`, `standing_link` and `workout_link` speak to the server, and come back by themselves
  (`sockets`).
- `api` serves the page beside the belt: the only place where Start is accepted.
- `desk` has done what that page asks for while the belt stands: `calibrator` measures how the
  treadmill follows, `memory` keeps that and which devices were chosen.
- `gym` gives the driver a real treadmill, or a virtual one; `process` runs it all.

Whatever breaks anywhere in here reaches the governor as a fault: the belt falls, it is not held.
Nonsense from the server is no such fault: its connection is given up, and the belt is without it.
"""

#: A belt that is told to stop is waited for so long before the process ends.
STOP_PATIENCE_S = 30.0
