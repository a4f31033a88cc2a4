"""What a service says about the runs of an export, in a table beside their files.

Strava names each file (`strava_export`), Garmin only when each run began (`garmin_export`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from beatrunner.codecs.garmin_export import read_summarized_activities
from beatrunner.codecs.sniff import FileKind, sniff
from beatrunner.codecs.strava_export import StravaActivity, read_activities_csv
from beatrunner.codecs.told_run import ToldRun
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import UnreadableFileError

TABLE_KINDS = frozenset({FileKind.STRAVA_ACTIVITIES, FileKind.GARMIN_ACTIVITIES})
#: A service writes a run's start in milliseconds, its watch in whole seconds.
_SAME_START_S = 2


@dataclass(frozen=True, slots=True)
class ExportTable:
    """By path are the runs whose files are named, by second of their start (Unix) the others."""

    provenance: Provenance
    #: Those the files lie in; in Garmin's export also anywhere below.
    folders: frozenset[PurePosixPath]
    by_path: Mapping[str, ToldRun] = field(default_factory=dict)
    by_start_s: Mapping[int, ToldRun] = field(default_factory=dict)

    def covers(self, path: str) -> bool:
        """Whether the file lies among those of the table, so in the same export."""
        folders = PurePosixPath(path).parents
        return not self.folders.isdisjoint(folders if self.by_start_s else folders[:1])

    def about(self, path: str, session_index: int, started_at: datetime) -> ToldRun | None:
        """A named file has one row, whatever is in it, and that is about its first session."""
        if session_index == 0 and path in self.by_path:
            return self.by_path[path]
        start_s = round(started_at.timestamp())
        near = sorted(range(-_SAME_START_S, _SAME_START_S + 1), key=abs)
        return next(
            (self.by_start_s[s] for n in near if (s := start_s + n) in self.by_start_s), None
        )


def is_export_table(path: str) -> bool:
    """Whether the file may be a table, by its name."""
    return sniff(b"", path) in TABLE_KINDS


def read_export_table(data: bytes, path: str) -> ExportTable | None:
    """The table that is shown as `path`; None when it is another one, or damaged.

    Without it the runs are there all the same, if without their names.
    """
    try:
        if sniff(b"", path) is FileKind.GARMIN_ACTIVITIES:
            return _garmin_table(data, path)
        return _strava_table(data, path)
    except UnreadableFileError:
        return None


def _strava_table(data: bytes, path: str) -> ExportTable:
    folder, slash, _ = path.rpartition("/")
    by_path = {
        f"{folder}{slash}{name}": _told_by_strava(row)
        for name, row in read_activities_csv(data).items()
    }
    folders = frozenset(PurePosixPath(known).parent for known in by_path)
    return ExportTable(Provenance.STRAVA_EXPORT, folders, by_path=by_path)


def _told_by_strava(row: StravaActivity) -> ToldRun:
    return ToldRun(row.name, row.description, row.gear, row.sport)


def _garmin_table(data: bytes, path: str) -> ExportTable:
    # …/DI_CONNECT/DI-Connect-Fitness/…_summarizedActivities.json
    root = PurePosixPath(path).parent.parent
    if len(root.parts) > 1 and root.name == "DI_CONNECT":
        root = root.parent
    by_start_s = read_summarized_activities(data)
    return ExportTable(Provenance.GARMIN_EXPORT, frozenset({root}), by_start_s=by_start_s)
