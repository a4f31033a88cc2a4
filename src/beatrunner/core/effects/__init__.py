"""Which tracks and which tempi go with running faster, and how sure that is.

Theory of operation. The mean speed per track is worthless: fast music is chosen on fast days and
late in the run, most tracks are heard a few times only, and the best of hundreds are the luckiest.
On simulated runners such means claim +10 % for the ten best tracks, of which 1 % is true. So one
model explains all plays at once. Of play i of track t in run r, with weight w,

    y = level of r + place in the run + grade + stops + f(tempo) + u(t) + e
    u ~ N(0, tau^2),  e ~ N(0, sigma^2 / w)

`measured` has the rows and responses y, `of_run` measures them in a run's streams (the heart at
the speed of the last minutes, `lagged_speed`), and `interval_workout` recognises runs whose speed
a plan set, to be left out.

1. Levels of runs are taken out by subtracting the run's mean (`design`): what is compared is the
   same runner on the same day. The place in the run is a line that bends at four knots, for
   warming up and tiring (`curves`). Weights are the seconds over the roughness of the run, which
   the other plays of that run tell (`run_noise`).
2. f is a natural cubic spline of few knots, a line plus bends that have to be earned: their size
   has a prior, so that without evidence the curve is straight (`curves`; Harrell 2015).
3. u shrinks each track towards its tempo by as much as its plays leave open (`posterior`; Robinson
   1991). A track heard twice stays near the curve, with an honest interval.
4. How much tracks differ, tau, is learned by restricted likelihood (`likelihood`; Patterson &
   Thompson 1971) and not taken for known: a half-normal prior, and a sum over all tau that are
   possible (`spreads`). One eigen-decomposition, tracks by tracks, makes each tau cheap.
5. Tracks are named by false-sign rate, of which the mean is held to 10 % (`calls`; Stephens 2017),
   and by a prior under which a track may do nothing at all (`idle`); there is no p-value per track.
   Before that, what is missing is said in plays (`fit`).
6. All this is association. What chance ordered is fitted apart, and is causal (`experiment`).

What cannot be had: effects are against the mean of the tracks heard, never of music against none;
and where the runner picks a track because of how the run is going, logged plays mislead, whatever
the model. `benchmarks/effects_generator.py` has runners of all these kinds, and `./dev bench
coverage` what became of the intervals.
"""

from beatrunner.core.effects.calls import Verdict
from beatrunner.core.effects.experiment import Answers, Candidate, Proposal, answers, proposal
from beatrunner.core.effects.fit import Effects, TempoEffect, TrackEffect, fit
from beatrunner.core.effects.interval_workout import is_interval_workout
from beatrunner.core.effects.measured import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    MeasuredPlay,
    Response,
)
from beatrunner.core.effects.of_run import MeasuredSpan, folded_tempo_bpm, measured_spans

__all__ = [
    "CADENCE",
    "HEART_RATE",
    "IN_STEP",
    "SPEED",
    "Answers",
    "Candidate",
    "Effects",
    "MeasuredPlay",
    "MeasuredSpan",
    "Proposal",
    "Response",
    "TempoEffect",
    "TrackEffect",
    "Verdict",
    "answers",
    "fit",
    "folded_tempo_bpm",
    "is_interval_workout",
    "measured_spans",
    "proposal",
]
