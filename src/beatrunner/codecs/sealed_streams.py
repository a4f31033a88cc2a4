"""Streams as immutable blobs: small enough to keep for ever, fast enough to read for every page.

Each column is rounded to a step no sensor beats, gaps carry the value before them, and what is
stored are the differences: small integers with little entropy. They are zigzagged (0, -1, 1, -2
become 0, 1, 2, 3: no sign bits fill the high bytes) and their bytes shuffled (all low bytes, then
all high bytes), so that zstandard's entropy coder finds the high bytes to be zeros. Gaps are a bit
mask beside them.

A blob is `b"BRS" + version byte + zstd frame` with a checksum. The frame holds, little-endian:
length (u32), number of columns (u8), then for each column name length (u8), name, steps per unit
(u32), bytes per difference (u8), has gaps (u8); then for each column the gap mask (if any) and
the shuffled differences.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import zstandard

from beatrunner.core.recording import Samples

#: Which columns go into which blob, so that consent and privacy can act on one of them alone.
#: Altitude is location: an elevation profile is enough to find a path on the map.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "location": ("latitude", "longitude", "altitude_m"),
    "body": ("heart_rate_bpm",),
    "motion": (
        "distance_m",
        "speed_mps",
        "cadence_spm",
        "grade_pct",
        "grade_adjusted_speed_mps",
        "is_moving",
    ),
}

#: Steps to the unit: 1e-6° is 11 cm, the rest is what watches write or finer.
STEPS_PER_UNIT: Mapping[str, int] = {
    "latitude": 1_000_000,
    "longitude": 1_000_000,
    "distance_m": 10,
    "altitude_m": 10,
    "speed_mps": 100,
    "heart_rate_bpm": 1,
    "cadence_spm": 1,
    "grade_pct": 10,
    "grade_adjusted_speed_mps": 100,
    "is_moving": 1,
}

_MAGIC = b"BRS\x01"
_LEVEL = 9
_HEAD = struct.Struct("<IB")
_COLUMN = struct.Struct("<IBB")
#: A week at 1 Hz in 16 columns of the widest kind, and room for masks and names.
_LARGEST_FRAME_BYTES = 7 * 86_400 * 16 * 9
_WIDTHS = (1, 2, 4, 8)

_Steps = npt.NDArray[np.int64]


def seal(columns: Mapping[str, Samples]) -> bytes:
    """Pack columns of one length. Raises `ValueError` for unequal lengths or unknown names."""
    lengths = {samples.size for samples in columns.values()}
    if len(lengths) > 1:
        raise ValueError("columns differ in length")
    heads = [_HEAD.pack(lengths.pop() if lengths else 0, len(columns))]
    bodies = []
    for name, samples in columns.items():
        differences, gaps = _differences(name, samples)
        folded = (differences << 1) ^ (differences >> 63)
        width = _width(int(folded.max(initial=0)))
        has_gaps = bool(gaps.any())
        encoded = name.encode()
        heads.append(bytes([len(encoded)]) + encoded)
        heads.append(_COLUMN.pack(STEPS_PER_UNIT[name], width, has_gaps))
        if has_gaps:
            bodies.append(np.packbits(gaps).tobytes())
        narrow = folded.astype(f"<u{width}")
        bodies.append(narrow.view(np.uint8).reshape(-1, width).T.tobytes())
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    return _MAGIC + compressor.compress(b"".join(heads + bodies))


def unseal(blob: bytes) -> dict[str, Samples]:
    """The columns of `seal`, each within half a step, NaN in gaps.

    Raises `ValueError` for anything that `seal` did not write.
    """
    if blob[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not a sealed stream, or of an unknown version")
    frame = blob[len(_MAGIC) :]
    try:
        size = zstandard.get_frame_parameters(frame).content_size
        if size > _LARGEST_FRAME_BYTES:
            raise ValueError("sealed stream is too large")
        content = zstandard.ZstdDecompressor().decompress(frame, max_output_size=size)
        return _columns(content)
    except (zstandard.ZstdError, struct.error, UnicodeDecodeError, IndexError) as error:
        raise ValueError(f"damaged sealed stream: {error}") from error


def quantise(column_name: str, samples: Samples) -> tuple[float, list[int | None]]:
    """Scale and differences for the streams answer of the API.

    value[i] = scale x (sum of the differences up to i that are not None); None is a gap, and
    the running sum is kept across gaps.
    """
    differences, gaps = _differences(column_name, samples)
    scale = 1 / STEPS_PER_UNIT[column_name]
    if not gaps.any():
        return scale, differences.tolist()
    with_gaps = differences.astype(object)
    with_gaps[gaps] = None
    return scale, with_gaps.tolist()


def _differences(name: str, samples: Samples) -> tuple[_Steps, npt.NDArray[np.bool_]]:
    """Differences in steps (0 in gaps, the first one from 0), and where the gaps are."""
    if name not in STEPS_PER_UNIT:
        raise ValueError(f"no step is known for column {name!r}")
    scaled = np.asarray(samples, dtype=np.float64) * STEPS_PER_UNIT[name]
    gaps = ~np.isfinite(scaled)
    if np.abs(scaled, where=~gaps, out=np.zeros_like(scaled)).max(initial=0.0) >= 2**53:
        raise ValueError(f"column {name!r} holds a value too large to keep exactly")
    steps = np.round(np.where(gaps, 0.0, scaled)).astype(np.int64)
    if gaps.any():
        # Row of the last measured value before each gap; row 0 with its 0 before the first.
        last_row = np.maximum.accumulate(np.where(gaps, 0, np.arange(steps.size)))
        steps = steps[last_row]
    return np.diff(steps, prepend=0), gaps


def _width(highest: int) -> int:
    return next(width for width in _WIDTHS if highest < 1 << (8 * width))


def _columns(content: bytes) -> dict[str, Samples]:
    length, count = _HEAD.unpack_from(content)
    at = _HEAD.size
    heads = []
    for _ in range(count):
        name_end = at + 1 + content[at]
        name = content[at + 1 : name_end].decode()
        steps_per_unit, width, has_gaps = _COLUMN.unpack_from(content, name_end)
        if width not in _WIDTHS or not steps_per_unit:
            raise ValueError("damaged sealed stream: impossible column")
        heads.append((name, steps_per_unit, width, has_gaps))
        at = name_end + _COLUMN.size
    columns = {}
    for name, steps_per_unit, width, has_gaps in heads:
        mask = b""
        if has_gaps:
            mask = content[at : (at := at + (length + 7) // 8)]
        packed = content[at : (at := at + length * width)]
        if at > len(content):
            raise ValueError("damaged sealed stream: too short")
        shuffled = np.frombuffer(packed, np.uint8).reshape(width, length)
        folded = np.ascontiguousarray(shuffled.T).view(f"<u{width}").ravel().astype(np.int64)
        differences = (folded >> 1) ^ -(folded & 1)
        samples = np.cumsum(differences) / steps_per_unit
        if mask:
            gaps = np.unpackbits(np.frombuffer(mask, np.uint8), count=length).astype(bool)
            samples[gaps] = np.nan
        columns[name] = samples
    if at != len(content):
        raise ValueError("damaged sealed stream: too long")
    return columns
