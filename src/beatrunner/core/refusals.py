"""Why a file was refused: the codes every importer uses, each with words for the runner.

`Refusal` values travel through `UnreadableFileError`, the import's rows and the API; the pages
translate them by code, the command line prints `sentence()`.
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    TOO_LARGE = "too_large"
    TOO_MANY_FILES = "too_many_files"
    TOO_COMPRESSED = "too_compressed"
    OVERLAPPING_ENTRIES = "overlapping_entries"
    UNSAFE_PATH = "unsafe_path"
    ENCRYPTED = "encrypted"
    DAMAGED_ARCHIVE = "damaged_archive"
    NESTED_TOO_DEEP = "nested_too_deep"
    DAMAGED = "damaged"
    NO_SAMPLES = "no_samples"
    NO_TIMES = "no_times"
    TOO_LONG = "too_long"
    NOT_AN_ACTIVITY = "not_an_activity"
    BY_HAND = "by_hand"
    UNSAFE_XML = "unsafe_xml"
    NO_WORKOUTS = "no_workouts"
    IN_WORKOUT = "in_workout"
    DAMAGED_IN_PART = "damaged_in_part"
    NO_LISTENS = "no_listens"
    NO_MUSIC = "no_music"
    NO_TIME_ZONE = "no_time_zone"
    YOUTUBE_PAGE = "youtube_page"
    TOOK_TOO_LONG = "took_too_long"
    TOOK_TOO_MUCH = "took_too_much"
    NEWER_EXPORT = "newer_export"
    ROWS_LEFT_OUT = "rows_left_out"
    ZONES_LEFT_OUT = "zones_left_out"
    NOT_BY_SCRIPT = "not_by_script"
    WITHOUT_HEART_RATE = "without_heart_rate"
    IMPORTER_FAILED = "importer_failed"


_SENTENCES = {
    Refusal.EMPTY: "The file is empty.",
    Refusal.UNKNOWN_KIND: "Not a run or a listening history that BeatRunner can read.",
    Refusal.TOO_LARGE: "The file is larger than BeatRunner accepts.",
    Refusal.TOO_MANY_FILES: "The archive holds more files than BeatRunner accepts.",
    Refusal.TOO_COMPRESSED: "The archive unpacks to far more than a real export would.",
    Refusal.OVERLAPPING_ENTRIES: "The archive is built in a way no real export is.",
    Refusal.UNSAFE_PATH: "The archive names a file outside itself.",
    Refusal.ENCRYPTED: "The archive is locked with a password. Unpack it first.",
    Refusal.DAMAGED_ARCHIVE: "The archive is damaged. Download it again.",
    Refusal.NESTED_TOO_DEEP: "An archive this deep inside others is not opened. Unpack it first.",
    Refusal.DAMAGED: "The file is too damaged to read anything from it.",
    Refusal.NO_SAMPLES: "The file holds no recorded points.",
    Refusal.NO_TIMES: "The file is a route without times, so no song can be matched to it.",
    Refusal.TOO_LONG: "The recording is longer than a week.",
    Refusal.NOT_AN_ACTIVITY: "The file is from a watch, but it is not an activity.",
    Refusal.BY_HAND: "The workout was entered by hand: nothing was recorded.",
    Refusal.NO_WORKOUTS: "The health export holds no workouts.",
    Refusal.IN_WORKOUT: "The route of a workout, which came in with it.",
    Refusal.DAMAGED_IN_PART: (
        "The file is damaged in part. What could be read was taken. Export it again for the rest."
    ),
    Refusal.UNSAFE_XML: "The file holds XML instructions that no watch writes.",
    Refusal.NO_LISTENS: "The file holds no plays.",
    Refusal.NO_MUSIC: "The file is damaged, or of a kind whose sound cannot be read here.",
    Refusal.NO_TIME_ZONE: "The times in this table name no time zone. Add a column time_zone.",
    Refusal.YOUTUBE_PAGE: (
        "This is YouTube's history as a web page. Ask Google Takeout for it as JSON."
    ),
    Refusal.TOOK_TOO_LONG: "The file took too long to read.",
    Refusal.TOOK_TOO_MUCH: "The file needed more memory than BeatRunner allows.",
    Refusal.NEWER_EXPORT: "This export is of a newer BeatRunner. Update this one first.",
    Refusal.ROWS_LEFT_OUT: (
        "Some rows were not as BeatRunner writes them, or belong to nothing here; "
        "they were left out."
    ),
    Refusal.ZONES_LEFT_OUT: (
        "Some zones were left out: a place that is to be shown is for you to say anew (Settings, "
        "Privacy), and there is an end to how many there may be."
    ),
    Refusal.NOT_BY_SCRIPT: (
        "Left out, as a script handed it in: settings, what you told about you, zones and how long "
        "data is kept are taken from yourself alone."
    ),
    Refusal.WITHOUT_HEART_RATE: (
        "Taken without heart rate, and the file was not kept: you have not agreed to keeping heart "
        "rates (Settings, Your data)."
    ),
    Refusal.IMPORTER_FAILED: "BeatRunner failed on this file. Its log says why.",
}


def sentence(code: Refusal) -> str:
    """The refusal in words a runner understands."""
    return _SENTENCES[code]


class UnreadableFileError(Exception):
    """A file from which nothing can be read; `detail` is for the log, never for the page."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[UnreadableFileError], tuple[Refusal, str]]:
        # Parsers run in child processes; the error has to survive pickling.
        return type(self), (self.reason, self.detail)
