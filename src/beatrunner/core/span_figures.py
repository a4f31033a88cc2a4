"""What the runner did under each song.

Every figure is a difference of two cumulative sums over the 1 Hz rows, so a soundtrack of any
number of spans costs one pass over the streams, and figures of spans that tile the activity add up
to the whole: elapsed and moving seconds, and metres.

Heart rate answers late. It follows a change of speed like a first-order system with a time constant
of about 60 s (57.6 ± 23.6 s on a treadmill: Hunt, Fankhauser & Saengsuwan 2015, BioMed Eng OnLine
14:117; median 68 s over 32 public outdoor runs). It is therefore measured in the span's window
moved later. Of all such windows the one moved by tau × ln(2 − exp(−T/tau)), for songs much longer
than tau tau × ln 2, about 40 s, holds the most of the span's own effect and the least of its
neighbours'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from beatrunner.core.align import Span
from beatrunner.core.moving import filled
from beatrunner.core.recording import Samples, Streams

HEART_RATE_LAG_S = 40
#: Cadence this close to the beat counts as in step. Runners follow tempo shifts of up to 3 % of
#: their own cadence (Van Dyck et al. 2015, Sports Med Open 1:15), and a watch that counts the steps
#: of one leg resolves 2 steps a minute, a good 1 %.
IN_STEP_PCT = 3.0
#: Steps per beat that count: one beat per stride, per step, or every second beat a step.
STEPS_PER_BEAT = (2.0, 1.0, 0.5)


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """Figures of one span; None where nothing was measured in it.

    `distance_m` is all ground covered; speeds, grade, cadence and `in_step_pct` are over moving
    time alone. `heart_rate_bpm` is measured `heart_rate_lag_s` later than the span.
    """

    elapsed_s: int
    moving_s: int
    distance_m: float | None
    speed_mps: float | None
    grade_adjusted_speed_mps: float | None
    heart_rate_bpm: float | None
    heart_rate_lag_s: int
    cadence_spm: float | None
    grade_pct: float | None
    tempo_bpm: float | None
    in_step_pct: float | None


class _Sums:
    """Sums and means of a column over row intervals; rows that are NaN do not count."""

    def __init__(self, values: Samples) -> None:
        is_known = np.isfinite(values)
        self._total = np.append(0.0, np.cumsum(np.where(is_known, values, 0.0)))
        self._count = np.append(0, np.cumsum(is_known))

    def count(self, start: int, end: int) -> int:
        return int(self._count[end] - self._count[start])

    def mean(self, start: int, end: int) -> float | None:
        count = self.count(start, end)
        return float(self._total[end] - self._total[start]) / count if count else None


def span_figures(
    spans: Sequence[Span], streams: Streams, tempo_bpm_by_track: Mapping[str, float] | None = None
) -> tuple[SpanFigures, ...]:
    """Figures of each span, in order; `spans` lie within [0, streams.length_s].

    `tempo_bpm_by_track` maps track keys to tempi; without a tempo there is no `in_step_pct`.
    """
    tempi = tempo_bpm_by_track or {}
    measure = _Measure(streams)
    return tuple(
        measure.figures(span, tempi.get(span.track_key) if span.track_key is not None else None)
        for span in spans
    )


class _Measure:
    """The cumulative sums of one activity."""

    def __init__(self, streams: Streams) -> None:
        columns = streams.columns
        self.length_s = streams.length_s
        self.is_moving = streams.is_moving
        self.moving_s = np.append(0, np.cumsum(streams.is_moving))
        self.along_m = _boundary_distances(columns.get("distance_m"))
        self.moving_step_m = self._step_sums()
        self.cadence_spm = self._while_moving(columns.get("cadence_spm"), is_above_zero=True)
        self.sums = {
            "cadence_spm": _Sums(self.cadence_spm),
            "grade_pct": _Sums(self._while_moving(columns.get("grade_pct"))),
            "heart_rate_bpm": _Sums(columns.get("heart_rate_bpm", self._nothing())),
        }
        adjusted_mps = self._while_moving(columns.get("grade_adjusted_speed_mps"))
        speed_mps = self._while_moving(columns.get("speed_mps"))
        self.adjusted = _Sums(adjusted_mps)
        self.adjusted_from = _Sums(np.where(np.isfinite(adjusted_mps), speed_mps, np.nan))

    def figures(self, span: Span, tempo_bpm: float | None) -> SpanFigures:
        start, end = span.start_s, span.end_s
        speed_mps = self._speed_mps(start, end)
        late_end = min(end + HEART_RATE_LAG_S, self.length_s)
        late_start = min(start + HEART_RATE_LAG_S, late_end)
        return SpanFigures(
            elapsed_s=end - start,
            moving_s=int(self.moving_s[end] - self.moving_s[start]),
            distance_m=(
                None if self.along_m is None else float(self.along_m[end] - self.along_m[start])
            ),
            speed_mps=speed_mps,
            grade_adjusted_speed_mps=self._grade_adjusted(start, end, speed_mps),
            heart_rate_bpm=self.sums["heart_rate_bpm"].mean(late_start, late_end),
            heart_rate_lag_s=HEART_RATE_LAG_S,
            cadence_spm=self.sums["cadence_spm"].mean(start, end),
            grade_pct=self.sums["grade_pct"].mean(start, end),
            tempo_bpm=tempo_bpm,
            in_step_pct=None if tempo_bpm is None else self._in_step_pct(start, end, tempo_bpm),
        )

    def _nothing(self) -> Samples:
        return np.full(self.length_s, np.nan)

    def _while_moving(self, values: Samples | None, *, is_above_zero: bool = False) -> Samples:
        if values is None:
            return self._nothing()
        counts = self.is_moving & (values > 0.0) if is_above_zero else self.is_moving
        return np.where(counts, values, np.nan)

    def _step_sums(self) -> Samples | None:
        """Metres covered while moving, up to each boundary of rows."""
        if self.along_m is None:
            return None
        return np.append(0.0, np.cumsum(np.diff(self.along_m) * self.is_moving))

    def _speed_mps(self, start: int, end: int) -> float | None:
        moving_s = int(self.moving_s[end] - self.moving_s[start])
        if self.moving_step_m is None or not moving_s:
            return None
        return float(self.moving_step_m[end] - self.moving_step_m[start]) / moving_s

    def _grade_adjusted(self, start: int, end: int, speed_mps: float | None) -> float | None:
        """The span's speed, scaled by what its slopes cost where they are known."""
        adjusted_mps = self.adjusted.mean(start, end)
        from_mps = self.adjusted_from.mean(start, end)
        if speed_mps is None or adjusted_mps is None or not from_mps:
            return None
        return speed_mps * adjusted_mps / from_mps

    def _in_step_pct(self, start: int, end: int, tempo_bpm: float) -> float | None:
        cadence_spm = self.cadence_spm[start:end]
        cadence_spm = cadence_spm[np.isfinite(cadence_spm)]
        if len(cadence_spm) == 0 or not tempo_bpm > 0.0:
            return None
        is_in_step = np.zeros(len(cadence_spm), dtype=bool)
        for steps in STEPS_PER_BEAT:
            beat_spm = tempo_bpm * steps
            is_in_step |= np.abs(cadence_spm - beat_spm) <= beat_spm * IN_STEP_PCT / 100.0
        return 100.0 * float(is_in_step.mean())


def _boundary_distances(distance_m: Samples | None) -> Samples | None:
    """Metres from the start at each boundary between rows: one more than there are rows.

    Gaps are bridged evenly, so that a song in a tunnel gets its share.
    """
    if distance_m is None or not np.isfinite(distance_m).any():
        return None
    along_m = filled(np.append(distance_m, np.nan))
    along_m[0] = 0.0
    return along_m
