"""ListenBrainz' listens: the export's `listens/2024/5.jsonl`, or arrays of them, or submissions.

One listen per line: `{"listened_at", "track_metadata": {"artist_name", "track_name",
"release_name", "additional_info": {…}, "mbid_mapping": {…}}}`. Older exports are one array of
them, the interface wraps them in `{"payload": {"listens": […]}}`, and what players submit is
`{"listen_type": "single" | "import", "payload": […]}` (`playing_now` is no listen).

`listened_at` is the START of the play, in seconds; what ended it is not written down
(`codecs.told_plays`), but players mostly send the song's length (`duration_ms` or `duration`).
Listens that ListenBrainz fetched from Spotify's interface carry Spotify's time, which is the END:
they begin their own length earlier, and `uncertainty_s` allows for the other reading, as Spotify
has changed its mind about that more than once.

Of the names that one recording has everywhere, Spotify's comes first, because exports from Spotify
meet it there, then the ISRC, then the MBID. An MBID that nobody sent but ListenBrainz guessed
(`mbid_mapping`) counts only where it guessed a recording of the very same title.
"""

from __future__ import annotations

import msgspec

from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.told_plays import TYPICAL_S, Telling, plausible_length_s
from beatrunner.core.listening import ListeningHistory
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.track_identity import isrc_identity, mbid_identity, spotify_identity

_NOT_YET_PLAYED = "playing_now"
#: What ListenBrainz calls itself where it fetched the listen from Spotify.
_OWN_CLIENT = "listenbrainz"


class _Info(msgspec.Struct, gc=False):
    """Players send here what they like, of whatever type."""

    duration_ms: object = None
    duration: object = None
    isrc: object = None
    recording_mbid: object = None
    spotify_id: object = None
    origin_url: object = None
    music_service: object = None
    submission_client: object = None


class _Mapping(msgspec.Struct, gc=False):
    recording_mbid: str | None = None
    recording_name: str | None = None


class _Metadata(msgspec.Struct, gc=False):
    track_name: str | None = None
    artist_name: str | None = None
    release_name: str | None = None
    additional_info: _Info | None = None
    mbid_mapping: _Mapping | None = None


class _Listen(msgspec.Struct, gc=False):
    listened_at: float | None = None
    track_metadata: _Metadata | None = None


class _Page(msgspec.Struct):
    listens: list[_Listen] = []


class _Wrapped(msgspec.Struct):
    """A submission, or an answer of the interface."""

    payload: list[_Listen] | _Page
    listen_type: str | None = None


def read_listenbrainz(data: bytes) -> ListeningHistory:
    """Raises UnreadableFileError: EMPTY, DAMAGED, NO_LISTENS."""
    told = Telling()
    data = utf8(data)
    for listen in _wrapped(data) or decode_rows(data, _Listen, told.dropped):
        if listen.track_metadata is None or listen.listened_at is None:
            told.dropped["not_a_play"] += 1
        else:
            _tell(told, listen.listened_at, listen.track_metadata)
    return told.history()


def _wrapped(data: bytes) -> list[_Listen] | None:
    """None for an array, and for lines."""
    if not data.startswith(b"{"):
        return None
    try:
        found = msgspec.json.decode(data, type=_Wrapped)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if found.listen_type == _NOT_YET_PLAYED:
        raise UnreadableFileError(Refusal.NO_LISTENS, "what plays right now is no listen")
    return found.payload.listens if isinstance(found.payload, _Page) else found.payload


def _tell(told: Telling, listened_at: float, about: _Metadata) -> None:
    info = about.additional_info or _Info()
    length_s = plausible_length_s(_length_s(info))
    start_s, uncertainty_s = listened_at, 1.0
    if _is_end(info):
        uncertainty_s = length_s or TYPICAL_S
        start_s -= uncertainty_s
    told.add(
        about.track_name,
        about.artist_name,
        about.release_name,
        start_s * 1000,
        length_s=length_s,
        source_id=_identity(about, info),
        uncertainty_s=uncertainty_s,
    )


def _is_end(info: _Info) -> bool:
    return "spotify" in _text(info.music_service) and info.submission_client == _OWN_CLIENT


def _length_s(info: _Info) -> float | None:
    for value, per_second in ((info.duration_ms, 1000), (info.duration, 1)):
        if isinstance(value, int | float | str):
            try:
                return float(value) / per_second
            except (ValueError, OverflowError):
                continue
    return None


def _identity(about: _Metadata, info: _Info) -> str | None:
    guessed = about.mbid_mapping or _Mapping()
    is_same_title = (guessed.recording_name or "").casefold() == (about.track_name or "").casefold()
    return (
        spotify_identity(_text(info.spotify_id))
        or spotify_identity(_text(info.origin_url))
        or isrc_identity(_text(info.isrc))
        or mbid_identity(_text(info.recording_mbid))
        or (mbid_identity(guessed.recording_mbid or "") if is_same_title else None)
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
