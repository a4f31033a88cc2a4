"""What the recorder has, on this computer's disk: a bridge that is killed goes on where it was.

One line is one sample with its workout. They hold what was measured and nothing that could be
done, so that reading them after a start moves no belt. The file is written by a thread, a second
behind: a slow disk delays no tick. It survives the end of the process, however sudden; after a
power cut its last seconds may be missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from beatrunner.bridge.recorder import EVERY_S, Recorder
from beatrunner.codecs.live import Sample
from beatrunner.kit.log import logger
from beatrunner.kit.whole_file import write_whole

#: So many lines that nobody waits for any more are left before the file is written anew.
_SPENT_LINES = 3600

log = logger(__name__)


class _Line(msgspec.Struct, frozen=True):
    workout_id: str
    sample: Sample


class SampleFile:
    """The file at `path`, of one bridge. A disk that fails costs the samples, never the ride."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._workout_id: str | None = None
        self._number = 0
        self._lines = 0

    def read(self) -> dict[str, list[Sample]]:
        """Samples by workout, in the order of their numbers; a line cut off by a kill is left."""
        found: dict[str, dict[int, Sample]] = {}
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return {}
        for text in lines:
            with suppress(msgspec.MsgspecError, UnicodeError):
                line = msgspec.json.decode(text, type=_Line)
                found.setdefault(line.workout_id, {})[line.sample.number] = line.sample
        return {key: [of[number] for number in sorted(of)] for key, of in found.items()}

    async def follow(self, recorder: Recorder) -> None:
        """Keep what the recorder has, until cancelled."""
        failed = False
        while True:
            is_over = recorder.is_done and not recorder.waiting
            workout_id = None if is_over else recorder.workout_id
            try:
                await asyncio.to_thread(self.keep, workout_id, recorder.waiting)
                failed = False
            except OSError as error:
                if not failed:
                    log.warning("bridge.samples_not_kept", error=str(error))
                failed = True
            await asyncio.sleep(EVERY_S)

    def keep(self, workout_id: str | None, waiting: Sequence[Sample]) -> None:
        """Add what is new, begin anew for another workout, and leave nothing after the last.

        The last sample stays when it is acknowledged: the next process takes the time and the
        distance from it. Raises OSError.
        """
        if workout_id is None:
            if self._workout_id is not None:
                self._path.unlink(missing_ok=True)
        elif workout_id != self._workout_id or self._lines > len(waiting) + _SPENT_LINES:
            write_whole(self._path, _lines(workout_id, waiting))
            self._lines = len(waiting)
        else:
            waiting = [sample for sample in waiting if sample.number > self._number]
            with self._path.open("ab") as file:
                file.write(_lines(workout_id, waiting))
            self._lines += len(waiting)
        if workout_id != self._workout_id or waiting:
            self._number = waiting[-1].number if waiting else 0
        self._workout_id = workout_id


def _lines(workout_id: str, samples: Sequence[Sample]) -> bytes:
    lines = (msgspec.json.encode(_Line(workout_id, sample)) + b"\n" for sample in samples)
    return b"".join(lines)
