"""What a benchmark reports: a measured value, and what it should at least be."""

from __future__ import annotations

from typing import TypedDict


class Figure(TypedDict):
    what: str
    value: float
    unit: str
    goal: str
    ok: bool


class Report(TypedDict):
    bench: str
    figures: list[Figure]


def plain(what: str, value: float, unit: str) -> Figure:
    """A value that only informs."""
    return {"what": what, "value": _short(value), "unit": unit, "goal": "", "ok": True}


def at_most(what: str, value: float, unit: str, goal: float) -> Figure:
    return {**plain(what, value, unit), "goal": f"<= {goal:g}", "ok": value <= goal}


def at_least(what: str, value: float, unit: str, goal: float) -> Figure:
    return {**plain(what, value, unit), "goal": f">= {goal:g}", "ok": value >= goal}


def within(what: str, value: float, unit: str, least: float, most: float) -> Figure:
    ok = least <= value <= most
    return {**plain(what, value, unit), "goal": f"{least:g} to {most:g}", "ok": ok}


def _short(value: float) -> float:
    """Three digits are more than any measurement here is worth."""
    return float(f"{value:.3g}") if abs(value) < 1000 else round(value)
