"""What a runner may want of a workout, beyond what each number may be."""

from __future__ import annotations

from beatrunner.codecs.live import Block, Settings


def fault_of(settings: Settings) -> str | None:
    """In words why nobody could conduct this; None when it is fine."""
    if settings.mode == "heart" and None in (settings.target_low_bpm, settings.target_high_bpm):
        return "A workout led by the heart needs a target range."
    if settings.mode == "plan" and not settings.blocks:
        return "A plan needs blocks."
    parts: tuple[Settings | Block, ...] = (settings, *settings.blocks)
    for part in parts:
        low, high = part.target_low_bpm, part.target_high_bpm
        if (low is None) != (high is None):
            return "A target range has two ends."
        if low is not None and high is not None and low > high:
            return "The target range is the wrong way round."
    if settings.ceiling_bpm is not None and not 60 <= settings.ceiling_bpm <= 230:
        return "A heart-rate ceiling is between 60 and 230."
    return None
