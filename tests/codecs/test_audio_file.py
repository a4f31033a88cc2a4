"""Files are written by libsndfile, tags by hand; no recording of anybody is needed."""

from __future__ import annotations

import io
import struct
from contextlib import suppress

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.audio_file import LONGEST_S, read_sound, read_tags
from beatrunner.core.beat import find_beat
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.simulation.drumming import Drumming, Pattern, drum

DRUMS = drum(Drumming(150.0, Pattern.ROCK, seed=1, length_s=12.0, rate_hz=22_050))
KINDS = [
    ("MP3", "x.mp3"),
    ("FLAC", "x.flac"),
    ("OGG", "x.ogg"),
    ("WAV", "x.wav"),
    ("AIFF", "x.aif"),
]


def audio(kind: str, sound: np.ndarray = DRUMS, rate_hz: int = 22_050) -> bytes:
    written = io.BytesIO()
    soundfile.write(written, sound, rate_hz, format=kind)
    return written.getvalue()


def id3(**frames: str) -> bytes:
    """An ID3v2.4 header with text frames."""
    body = b""
    for name, text in frames.items():
        content = b"\x03" + text.encode()
        body += name.encode() + struct.pack(">IH", len(content), 0) + content
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + body


def refusal_of(data: bytes) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read_sound(data)
    return caught.value.reason


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_the_beat_survives_every_kind(kind: str) -> None:
    found = find_beat(*read_sound(audio(kind)))
    assert found is not None
    assert found.tempo_bpm == pytest.approx(150.0, rel=0.01)


def test_channels_and_rates_become_one() -> None:
    both = np.column_stack([DRUMS, -0.5 * DRUMS])
    sound, rate_hz = read_sound(audio("WAV", both, 44_100))
    assert rate_hz == 11_025
    assert len(sound) == pytest.approx(len(DRUMS) / 4, rel=0.01)


def test_only_the_first_minutes_are_heard() -> None:
    hour = np.zeros(1200 * 8_000, dtype=np.float32)
    sound, rate_hz = read_sound(audio("FLAC", hour, 8_000))
    assert LONGEST_S <= len(sound) / rate_hz < LONGEST_S + 10.0


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_a_file_that_breaks_off_is_heard_up_to_there(kind: str) -> None:
    whole = audio(kind)
    sound, rate_hz = read_sound(whole[: len(whole) * 3 // 4])
    assert 0.0 < len(sound) / rate_hz <= 12.1


@pytest.mark.parametrize("data", [b"not music at all", b"\x00" * 4_000, b"ID3", audio("WAV")[:20]])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    assert refusal_of(data) is Refusal.NO_MUSIC


def test_nothing_is_refused() -> None:
    assert refusal_of(b"") is Refusal.EMPTY
    with pytest.raises(UnreadableFileError):
        read_tags(b"", "x.mp3")


def test_numbers_that_are_none_are_silence() -> None:
    broken = np.tile([0.5, np.nan, np.inf, -1e30], 20_000)
    sound, _ = read_sound(audio("WAV", broken.astype(np.float32), 11_025))
    assert np.isfinite(sound).all()
    written = io.BytesIO()
    soundfile.write(written, broken, 11_025, format="WAV", subtype="DOUBLE")
    sound, _ = read_sound(written.getvalue())
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 10.0


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_damage_is_heard_or_refused(kind: tuple[str, str], data: st.DataObject) -> None:
    bytes_ = bytearray(audio(kind[0], DRUMS[:30_000]))
    for _ in range(data.draw(st.integers(1, 20))):
        place = data.draw(st.integers(0, len(bytes_) - 1))
        bytes_[place] = data.draw(st.integers(0, 255))
    with suppress(UnreadableFileError):
        read_sound(bytes(bytes_))
    with suppress(UnreadableFileError):
        read_tags(bytes(bytes_), kind[1])


def test_tags_are_read() -> None:
    tagged = id3(
        TIT2="Harbour  Lights ",
        TPE1="The Tide",
        TALB="Quay",
        TBPM="172",
        TSRC="gb-aye-00-00001",
        TXXX="MusicBrainz Track Id\x000cc3ba0e-1b1c-4a07-9d2c-3f0d0f6f2f11",
    ) + audio("MP3")
    found = read_tags(tagged, "x.mp3")
    assert (found.title, found.artist, found.album) == ("Harbour Lights", "The Tide", "Quay")
    assert found.tempo_bpm == 172.0
    assert found.identities == ("isrc:GBAYE0000001", "mbid:0cc3ba0e-1b1c-4a07-9d2c-3f0d0f6f2f11")


@pytest.mark.parametrize(
    ("text", "tempo_bpm"),
    [("128,5", 128.5), ("0", None), ("fast", None), ("nan", None), ("1e9", None), ("", None)],
)
def test_a_tag_is_a_tempo_or_nothing(text: str, tempo_bpm: float | None) -> None:
    found = read_tags(id3(TIT2="T", TBPM=text) + audio("MP3"), "x.mp3")
    assert found.tempo_bpm == tempo_bpm


def test_a_file_without_tags_is_nameless() -> None:
    found = read_tags(audio("FLAC"), "x.flac")
    assert (found.title, found.artist, found.tempo_bpm, found.identities) == (None, None, None, ())
