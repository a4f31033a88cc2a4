"""A number that is not known exactly, with the interval it lies in 19 times of 20."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, sqrt

#: Standard deviations from the middle to the edge of a 95 % interval.
EDGE_SDS = 1.96


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` with its 95 % interval from `low` to `high`, which need not be symmetric.

    Raises ValueError for numbers that are not finite or not in order.
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        refuse_unknown(self.value, self.low, self.high)
        if not self.low <= self.value <= self.high:
            raise ValueError(f"Not in order: {self.low}, {self.value}, {self.high}.")

    @classmethod
    def exact(cls, value: float) -> Estimate:
        return cls(value, value, value)

    @classmethod
    def from_sd(cls, value: float, sd: float) -> Estimate:
        return cls(value, value - EDGE_SDS * sd, value + EDGE_SDS * sd)

    @property
    def sd(self) -> float:
        """The standard deviation of a normal distribution with an interval as wide."""
        return (self.high - self.low) / (2.0 * EDGE_SDS)

    def clipped(self, least: float, most: float) -> Estimate:
        """The same where only values from `least` to `most` are possible."""
        low, value, high = (min(max(x, least), most) for x in (self.low, self.value, self.high))
        return Estimate(value, low, high)

    def scaled(self, factor: float) -> Estimate:
        """In another unit; `factor` is positive."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    def rounded(self, digits: int) -> Estimate:
        return Estimate(*(round(x, digits) for x in (self.value, self.low, self.high)))

    def combined(self, other: Estimate) -> Estimate:
        """What two independent estimates of one thing say together, weighted by precision."""
        if self.sd == 0.0 or other.sd == 0.0:
            return self if self.sd <= other.sd else other
        mine, theirs = self.sd**-2, other.sd**-2
        value = (mine * self.value + theirs * other.value) / (mine + theirs)
        return Estimate.from_sd(value, sqrt(1.0 / (mine + theirs)))


def refuse_unknown(*values: float) -> None:
    """Raises ValueError when one of `values` is NaN or infinite."""
    if not all(isfinite(value) for value in values):
        raise ValueError(f"Not a finite number among {values}.")


def root_sum_square(deviations: Iterable[float]) -> float:
    """The deviation of a sum of independent things that deviate so."""
    return sqrt(sum(deviation * deviation for deviation in deviations))
