"""Music files: what their tags say, and their sound as samples.

Needs the extra `beatrunner[audio]`. Tags are read from MP3, MP4/M4A, FLAC, Ogg, Opus, WAV, AIFF
and WMA; sound from all of these but MP4/M4A and WMA. Files are hostile until shown otherwise:
this runs in a limited child process (`kit.parser_pool`), and whatever the libraries raise is
a refusal.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import soundfile
from tinytag import TinyTag

from beatrunner.core.recording import Samples
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.tempo import tempo_or_none
from beatrunner.core.track_identity import isrc_identity, mbid_identity

SUFFIXES = frozenset(
    (".mp3", ".m4a", ".mp4", ".flac", ".ogg", ".oga", ".opus", ".wav", ".aif", ".aiff", ".wma")
)

#: Enough for any song; what comes after is not listened to.
LONGEST_S = 300.0
#: Beats are heard well below what ears want.
_RATE_HZ = 11_025
_BLOCK_FRAMES = 65_536
_RATES_HZ = (4_000, 400_000)
_MOST_CHANNELS = 16
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class AudioTags:
    """`identities` as in `core.track_identity`; `tempo_bpm` is the tag's, unfolded."""

    title: str | None
    artist: str | None
    album: str | None
    tempo_bpm: float | None
    identities: tuple[str, ...]


def read_tags(data: bytes, name: str) -> AudioTags:
    """`name` helps where the content does not tell its kind. Raises UnreadableFileError."""
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    try:
        found = TinyTag.get(filename=name, file_obj=io.BytesIO(data), duration=False)
    except Exception as error:
        # Its parsers meet what nobody foresaw with whatever Python raises then.
        raise UnreadableFileError(Refusal.NO_MUSIC, f"{type(error).__name__}: {error}") from error
    more = {_tag_name(key): values for key, values in found.other.items()}
    identities = [
        *map(isrc_identity, more.get("tag:isrc", ())),
        *map(mbid_identity, more.get("tag:musicbrainztrackid", ())),
    ]
    tempi = map(_tempo, more.get("tag:bpm", ()))
    return AudioTags(
        _text(found.title),
        _text(found.artist),
        _text(found.album),
        next((tempo_bpm for tempo_bpm in tempi if tempo_bpm is not None), None),
        tuple(identity for identity in identities if identity is not None),
    )


def _tag_name(key: str) -> str:
    """Every tagger has its own way of writing the rarer names."""
    return "tag:" + "".join(filter(str.isalnum, key)).lower()


def _text(value: str | None) -> str | None:
    text = " ".join((value or "").replace("\0", " ").split())[:_LONGEST_TEXT]
    return text or None


def _tempo(value: object) -> float | None:
    try:
        return tempo_or_none(float(str(value).replace(",", ".")))
    except ValueError:
        return None


def read_sound(data: bytes) -> tuple[Samples, int]:
    """One channel at about 11 kHz, of the first five minutes, and its rate in Hz.

    A file that breaks off is read up to there. Raises UnreadableFileError.
    """
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            return _decode(file)
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as error:
        raise UnreadableFileError(Refusal.NO_MUSIC, str(error)) from error


def _decode(file: soundfile.SoundFile) -> tuple[Samples, int]:
    rate_hz: int = file.samplerate
    if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1] or not 1 <= file.channels <= _MOST_CHANNELS:
        raise UnreadableFileError(Refusal.NO_MUSIC, f"{file.channels} channels at {rate_hz} Hz")
    every = max(1, round(rate_hz / _RATE_HZ))
    block_frames = _BLOCK_FRAMES // every * every
    parts: list[Samples] = []
    for _ in range(math.ceil(LONGEST_S * rate_hz / block_frames)):
        try:
            frames = file.read(block_frames, dtype="float32", always_2d=True)
        except soundfile.SoundFileError:
            if not parts:
                raise
            break
        whole = len(frames) // every * every
        mono = frames[:whole].mean(axis=1, dtype=np.float64)
        parts.append(mono.reshape(-1, every).mean(axis=1))
        if len(frames) < block_frames:
            break
    sound = np.concatenate(parts)
    # Files may hold numbers that are none, or are loud beyond everything.
    return np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0).clip(-10.0, 10.0), rate_hz // every
