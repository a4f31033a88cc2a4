"""What kind of file this is: by its first bytes, and by its name only where those leave it open.

People rename files, browsers add ".txt", Strava's own `.tcx.gz` start with spaces. The name
decides three things alone: a FIT file with a damaged header, an empty JSON list, and which of
the many tables and pictures of an export are nothing to import.
"""

from __future__ import annotations

import re
from enum import StrEnum

from beatrunner.codecs.account_export import MANIFEST_MARK, PART_MARK, is_original
from beatrunner.codecs.own_plays import is_table_of_plays
from beatrunner.codecs.text_table import first_row

#: How much of a file `sniff` wants to see; more does no harm.
HEAD_BYTES = 4096


class FileKind(StrEnum):
    """NOTHING belongs to an export but holds neither runs nor plays; UNKNOWN is refused."""

    FIT = "fit"
    GPX = "gpx"
    TCX = "tcx"
    GZIP = "gzip"
    ZIP = "zip"
    JSON = "json"
    CSV = "csv"
    SPOTIFY_EXTENDED = "spotify_extended"
    SPOTIFY_ACCOUNT_DATA = "spotify_account_data"
    LASTFM_CSV = "lastfm_csv"
    LASTFM_JSON = "lastfm_json"
    LISTENBRAINZ = "listenbrainz"
    YOUTUBE_HISTORY = "youtube_history"
    YOUTUBE_PAGE = "youtube_page"
    APPLE_ACTIVITY = "apple_activity"
    APPLE_ARTISTS = "apple_artists"
    OWN_PLAYS = "own_plays"
    STRAVA_ACTIVITIES = "strava_activities"
    GARMIN_ACTIVITIES = "garmin_activities"
    APPLE_HEALTH = "apple_health"
    APPLE_WORKOUT = "health"
    ACCOUNT_ROWS = "account_rows"
    ACCOUNT_ORIGINAL = "account_original"
    ACCOUNT_EXPORT = "account_export"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


_GPX = re.compile(rb"<(?:[\w.-]+:)?gpx[\s>/]")
_TCX = re.compile(rb"<(?:[\w.-]+:)?(?:TrainingCenterDatabase|Activities)[\s>/]")
#: Apple's whole export, the part of it that is about one workout, and the other way Apple says it.
_APPLE_HEALTH = re.compile(rb"<!DOCTYPE HealthData|<HealthData[\s>]")
_APPLE_WORKOUT = re.compile(rb"<HealthWorkout[\s>]")
_HEARTBEATS = re.compile(r"(?:^|/)electrocardiograms/")
_CLINICAL_DOCUMENT = re.compile(rb"<ClinicalDocument[\s>/]")
_EXTENDED_NAME = re.compile(r"^(?:streaming_history_(?:audio|video)_|endsong_)")
_ACCOUNT_NAME = re.compile(r"^streaminghistory")
#: A header of ghan's or of lastfmstats', or a first row that ends in a time of lastfm-to-csv's.
_SCROBBLE_TABLE = re.compile(
    rb'"?uts"?,"?utc_time"?,|"?Artist"?;"?Album"?;"?AlbumId"?;"?Track"?;"?Date'
    rb'|[^\r\n]+,"?\d{1,2} [A-Z][a-z]{2} \d{4},? \d\d:\d\d"?[\r\n]'
)
_SCROBBLE_JSON = re.compile(
    rb'"recenttracks"|"scrobbles"\s*:\s*\[|"uts"\s*:|^\[\s*\{\s*"track"\s*:'
)
_APPLE_ACTIVITY = re.compile(rb"End Reason Type.*Event (?:Start|End) Timestamp", re.DOTALL)
_APPLE_DESCRIPTIONS = re.compile(rb"Track Description|^\W*Track Name\W")
#: What Google Takeout calls it in English, German, French, Spanish, Italian, Dutch, Portuguese.
_WATCH_HISTORIES = frozenset(
    {
        "watch-history",
        "wiedergabeverlauf",
        "historique des vidéos regardées",
        "historial de reproducciones",
        "historial-de-reproducciones",
        "cronologia visualizzazioni",
        "kijkgeschiedenis",
        "histórico-de-visualização",
    }
)
#: Whatever lies in these is part of an export, and no complaint when nobody reads it.
_EXPORT_FOLDER = re.compile(
    r"(?:^|[/\\])(?:Takeout|Apple_Media_Services|Apple Music Activity|MyData|Spotify [\w ]+)[/\\]",
    re.IGNORECASE,
)
_LISTENBRAINZ_DOCUMENTS = frozenset({"user", "feedback", "pinned_recording"})
_GARMIN_NAME = re.compile(r"summarizedactivities\.json$")
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SUFFIX_KINDS = {".fit": FileKind.FIT, ".gpx": FileKind.GPX, ".tcx": FileKind.TCX}

_NOTHING_MARKS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"%PDF", b"RIFF")
#: What exports carry beside runs and plays: pictures, films, documents, system files.
_NOTHING_SUFFIXES = """
    .jpg .jpeg .png .gif .webp .heic .heif .svg .ico .mp4 .mov .avi .webm .mp3 .m4a
    .pdf .txt .md .rtf .html .htm .css .js .ini .log .db .plist .url .xlsx .docx
"""
#: Tables of Strava's bulk export that hold no activity.
_STRAVA_TABLES = """
    applications bikes blocks categories_of_personal_information_we_collect challenges
    clubs comments community_content components connected_apps contacts email_preferences
    events favorites flags followers following general_preferences global_challenges goals
    group_challenges group_challenge_participants information_we_disclose_for_business_purposes
    linked_accounts local_legend local_legend_segments logins media memberships messaging
    metering mobile_device_identifiers notification_settings orders partner_opt_outs posts
    privacy_zones profile reactions routes segments segment_feedback shoes social_settings
    starred_routes starred_segments support_tickets training_plans visibility_settings
"""
#: Documents of Spotify's exports that hold no play; some come numbered (`Playlist1.json`).
_SPOTIFY_DOCUMENTS = """
    dupplicateusers duolingo follow identifiers identity inferences marquee messagedata payments
    playlist podcastinteractivityratedshow podcastinteractivitycomments searchqueries
    soundcapsule userattributes userdata useraddress userprompts wrapped yourlibrary
    yoursoundcapsule
"""


def sniff(head: bytes, name: str) -> FileKind:
    """The kind of the file that begins with `head` and is called `name` (a path is fine)."""
    kind = _kind(head, name)
    is_unread = kind in {FileKind.CSV, FileKind.JSON, FileKind.UNKNOWN}
    return FileKind.NOTHING if is_unread and _EXPORT_FOLDER.search(name) else kind


def _kind(head: bytes, name: str) -> FileKind:
    base = re.split(r"[/\\]", name)[-1].casefold()
    stem, dot, ending = base.rpartition(".")
    suffix = dot + ending
    if own := _own_kind(head, name):
        return own
    if head[:2] == b"\x1f\x8b":
        return FileKind.GZIP
    if head.startswith(_ZIP_MARKS):
        return FileKind.ZIP
    if head[8:12] == b".FIT":
        return FileKind.FIT
    if head.startswith(_NOTHING_MARKS) or head[4:8] == b"ftyp" or _HEARTBEATS.search(name):
        return FileKind.NOTHING
    # UTF-16 is ASCII with zeros between, which is all that is needed to recognise it.
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if xml := _xml_kind(text, name):
        return xml
    if b'"summarizedActivitiesExport"' in text or _GARMIN_NAME.search(base):
        return FileKind.GARMIN_ACTIVITIES
    if text[:1] in (b"[", b"{"):
        return _json_kind(text, stem)
    if suffix in _SUFFIX_KINDS:
        return _SUFFIX_KINDS[suffix]
    if suffix in {".csv", ".tsv"} or is_scrobbles(text):
        return _csv_kind(text, stem)
    if suffix in {".html", ".htm"} and stem in _WATCH_HISTORIES:
        return FileKind.YOUTUBE_PAGE
    return FileKind.NOTHING if suffix in _NOTHING_SUFFIXES.split() else FileKind.UNKNOWN


def is_scrobbles(text: bytes) -> bool:
    """Whether a table begins as one of those that tools make of Last.fm's scrobbles."""
    return _SCROBBLE_TABLE.match(text) is not None


def _own_kind(head: bytes, name: str) -> FileKind | None:
    """Of what an account's export holds."""
    if head.startswith(PART_MARK):
        return FileKind.ACCOUNT_ROWS
    if MANIFEST_MARK in head[:40]:
        return FileKind.ACCOUNT_EXPORT
    return FileKind.ACCOUNT_ORIGINAL if is_original(name) else None


def _xml_kind(text: bytes, name: str) -> FileKind | None:
    if _APPLE_WORKOUT.search(text):  # may hold GPX
        return FileKind.APPLE_WORKOUT
    if _APPLE_HEALTH.search(text):
        return FileKind.APPLE_HEALTH
    if _CLINICAL_DOCUMENT.search(text):
        return FileKind.NOTHING
    if _GPX.search(text):
        is_saved_route = re.search(r"(?:^|[/\\])routes[/\\]", name) and b"<time" not in text
        return FileKind.NOTHING if is_saved_route else FileKind.GPX
    return FileKind.TCX if _TCX.search(text) else None


def _json_kind(text: bytes, stem: str) -> FileKind:
    if b'"ms_played"' in text:
        return FileKind.SPOTIFY_EXTENDED
    if b'"msPlayed"' in text or _ACCOUNT_NAME.match(stem):
        return FileKind.SPOTIFY_ACCOUNT_DATA
    if _EXTENDED_NAME.match(stem):
        return FileKind.SPOTIFY_EXTENDED
    if b'"track_metadata"' in text:
        return FileKind.LISTENBRAINZ
    if _SCROBBLE_JSON.search(text):
        return FileKind.LASTFM_JSON
    if b'"titleUrl"' in text and b'"header"' in text:
        return FileKind.NOTHING if stem == "search-history" else FileKind.YOUTUBE_HISTORY
    if stem == "apple music library tracks":
        return FileKind.APPLE_ARTISTS
    if stem in _LISTENBRAINZ_DOCUMENTS:
        return FileKind.NOTHING
    document = re.sub(r"[\W\d_]+", "", stem)
    return FileKind.NOTHING if document in _SPOTIFY_DOCUMENTS.split() else FileKind.JSON


def _csv_kind(text: bytes, stem: str) -> FileKind:
    if is_scrobbles(text):
        return FileKind.LASTFM_CSV
    if stem == "apple music play activity" or _APPLE_ACTIVITY.search(text):
        return FileKind.APPLE_ACTIVITY
    if stem.startswith("apple music - ") and _APPLE_DESCRIPTIONS.search(text):
        return FileKind.APPLE_ARTISTS
    if stem == "activities":
        return FileKind.STRAVA_ACTIVITIES
    if stem in _STRAVA_TABLES.split():
        return FileKind.NOTHING
    return FileKind.OWN_PLAYS if is_table_of_plays(first_row(text)) else FileKind.CSV
