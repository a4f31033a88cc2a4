"""Where in the data folder files are."""

from __future__ import annotations

from pathlib import Path

from beatrunner.kit.settings import Settings


def spool_folder(settings: Settings) -> Path:
    return settings.folder / "spool"


def exports_folder(settings: Settings) -> Path:
    return settings.folder / "exports"


def originals_folder(settings: Settings) -> Path:
    return settings.folder / "originals"
