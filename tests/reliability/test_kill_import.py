"""`./dev bench kill-import`, small: killed in the middle, an import ends as if nothing had been."""

from __future__ import annotations

from pathlib import Path

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.tcx import write_tcx
from benchmarks.kill_import import measure
from tests.sample_files import MORNING, plays, run, spotify_zip, zipped


def few_files(folder: Path) -> list[Path]:
    days = [MORNING.replace(day=day) for day in range(1, 25)]
    writers = [("fit", write_fit), ("gpx", write_gpx), ("tcx", write_tcx)]
    runs = {f"{at.day}.{writers[at.day % 3][0]}": writers[at.day % 3][1](run(at)) for at in days}
    content = {"runs.zip": zipped(runs), "music.zip": spotify_zip(plays(MORNING, 40))}
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in content]


async def test_a_killed_import_ends_as_if_nothing_had_been(
    tmp_path: Path, sqlite_address: str
) -> None:
    found = await measure(
        tmp_path / "killed",
        lambda number: f"sqlite:///{tmp_path}/{number}.db",
        few_files(tmp_path),
        2,
    )
    assert found.kills == 2
    assert found.faults == 0, found
