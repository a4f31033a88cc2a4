"""Rows that fit their tables and that the pages could still not show are left out, too.

Wherever a page reads a value in a form of its own (JSON, a word of a list, a sealed stream), what
comes from a stranger's file is read in that form once before it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated
from uuid import UUID

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from beatrunner.accounts.runner_profile import RunnerFields
from beatrunner.activities.shapes import Lap, Repair
from beatrunner.codecs.sealed_streams import GROUPS, unseal
from beatrunner.core.listening import ListenKind
from beatrunner.core.path import decode_polyline
from beatrunner.core.provenance import Provenance
from beatrunner.db.portable import PortableRow
from beatrunner.music.tempo_settling import FILES, OWN_WORDS
from beatrunner.privacy.places.api import NewZone

_LONGEST_S = 7 * 86_400


def _way(polyline: str) -> str:
    latitudes, longitudes = decode_polyline(polyline)
    if (np.abs(latitudes) > 90.0).any() or (np.abs(longitudes) > 180.0).any():
        raise ValueError("not on Earth")
    return polyline


class _Run(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    length_s: Annotated[int, Field(ge=0, le=_LONGEST_S)]
    laps: list[Lap]
    pauses: list[tuple[float, float]]
    repairs: list[Repair]
    edited: list[str] = []
    thumbnail: Annotated[str, AfterValidator(_way)] | None


class _Recording(_Run):
    content_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    # Both become names of files.
    format: Annotated[str, StringConstraints(pattern="^[a-z0-9]{1,8}$")]
    provenance: Provenance
    gives: list[str] | None = None
    shift_s: Annotated[int, Field(ge=-_LONGEST_S, le=_LONGEST_S)] = 0


class _Experiment(BaseModel):
    track_ids: list[UUID]


def _run(row: PortableRow) -> None:
    _Run.model_validate(row)


def _recording(row: PortableRow) -> None:
    _Recording.model_validate(row)


def _streams(row: PortableRow) -> None:
    if not unseal(row["blob"]).keys() <= set(GROUPS[_word(row["part"], GROUPS)]):
        raise ValueError("streams of another part")


def _track(row: PortableRow) -> None:
    ListenKind(row["kind"])


def _play(row: PortableRow) -> None:
    Provenance(row["provenance"])
    if row["ended_at"] < row["started_at"]:
        raise ValueError("ended before it began")


def _profile(row: PortableRow) -> None:
    RunnerFields.model_validate({x: row[x] for x in row if x in RunnerFields.model_fields})


def _reading(row: PortableRow) -> None:
    _word(row["source"], (*OWN_WORDS, *FILES))


def _experiment(row: PortableRow) -> None:
    _Experiment.model_validate(row)


def _zone(row: PortableRow) -> None:
    zone = NewZone.model_validate({x: row[x] for x in NewZone.model_fields if x in row})
    if not zone.is_hidden:
        raise ValueError("that a place is shown is the runner's word, given anew")


def _word(word: str, words: Collection[str]) -> str:
    if word not in words:
        raise ValueError(f"unknown word {word}")
    return word


#: By table; each raises ValueError.
CHECKS: Mapping[str, Callable[[PortableRow], None]] = {
    "activities": _run,
    "recordings": _recording,
    "sealed_streams": _streams,
    "tracks": _track,
    "music_events": _play,
    "runner_profiles": _profile,
    "tempo_readings": _reading,
    "experiments": _experiment,
    "privacy_zones": _zone,
}
