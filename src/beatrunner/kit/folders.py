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


def files_older_than(folder: Path, oldest_s: float) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < oldest_s]
