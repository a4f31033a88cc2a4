"""What may be read for a purpose, as conditions of statements (`core.provenance` has the table).

Whatever puts runs and music side by side, or learns from several runs, reads under these.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists

from beatrunner.core.provenance import COMBINING
from beatrunner.db.tables import activities, music_events, recordings

_COMBINING = sorted(COMBINING)


def is_combinable_run() -> ColumnElement[bool]:
    """Of an activity: none of its recordings came from where it may not be combined."""
    return ~exists().where(
        recordings.c.activity_id == activities.c.id, recordings.c.provenance.not_in(_COMBINING)
    )


def is_listen() -> ColumnElement[bool]:
    """Of a source's word on a play: it speaks for the play, and may be combined.

    Who counts or lists plays reads under it, so that a play told by several sources is one.
    """
    return and_(music_events.c.is_best, music_events.c.provenance.in_(_COMBINING))
