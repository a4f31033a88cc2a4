"""The slice's objects, from settings."""

from __future__ import annotations

from datetime import timedelta

from beatrunner.db.engine import Database
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.folders import exports_folder, originals_folder, spool_folder
from beatrunner.kit.post import Post
from beatrunner.kit.settings import Settings
from beatrunner.privacy.consents import Consents
from beatrunner.privacy.erasing import AccountEraser, Places
from beatrunner.privacy.retention import Retentions


def build_eraser(
    settings: Settings, database: Database, clock: Clock, post: Post | None = None
) -> AccountEraser:
    places = Places(settings.folder, spool_folder(settings), exports_folder(settings))
    originals = FolderBlobStore(originals_folder(settings))
    grace = timedelta(days=settings.erasure_grace_days)
    return AccountEraser(database, originals, places, clock, grace, post)


def build_privacy(
    settings: Settings, database: Database, clock: Clock, post: Post
) -> tuple[object, ...]:
    return Consents(clock), Retentions(clock), build_eraser(settings, database, clock, post)
