from __future__ import annotations

import asyncio
import io
import stat
from pathlib import Path

import pytest

from beatrunner.bridge.sample_file import SampleFile
from beatrunner.codecs import live
from beatrunner.kit.settings import LogFormat
from tests.bridge.scripted import running, until
from tests.bridge.test_recorder import begun
from tests.web.test_envelope import logging_to
from tests.workouts.gym import samples


def seconds(first: int, last: int) -> list[live.Sample]:
    return samples(first, last).samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "samples.jsonl"


def test_what_is_kept_is_there_for_the_next_process(path: Path) -> None:
    file = SampleFile(path)
    file.keep("a", seconds(1, 3))
    file.keep("a", seconds(2, 5))
    file.keep("a", [])
    assert SampleFile(path).read() == {"a": seconds(1, 5)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_there_may_be_none(path: Path) -> None:
    assert SampleFile(path).read() == {}
    SampleFile(path).keep(None, ())
    assert not path.exists()


def test_a_line_that_was_cut_off_costs_itself_alone(path: Path) -> None:
    SampleFile(path).keep("a", seconds(1, 3))
    path.write_bytes(path.read_bytes()[:-20] + b"\n\xff\nnull\n[")
    assert SampleFile(path).read() == {"a": seconds(1, 2)}
    later = SampleFile(path)
    later.keep("a", seconds(2, 4))
    assert SampleFile(path).read() == {"a": seconds(2, 4)}


def test_another_workout_takes_the_place(path: Path) -> None:
    file = SampleFile(path)
    file.keep("a", seconds(1, 3))
    file.keep("b", seconds(1, 1))
    assert SampleFile(path).read() == {"b": seconds(1, 1)}


def test_nothing_is_left_after_the_workout(path: Path) -> None:
    file = SampleFile(path)
    file.keep("a", seconds(1, 3))
    file.keep(None, ())
    assert not path.exists()
    file.keep(None, ())
    file.keep("a", seconds(1, 1))
    assert SampleFile(path).read() == {"a": seconds(1, 1)}


def test_the_file_does_not_grow_with_what_was_acknowledged(path: Path) -> None:
    file = SampleFile(path)
    for number in range(1, 10_000):
        file.keep("a", seconds(number, number))
    assert len(path.read_bytes().splitlines()) <= 3602
    assert SampleFile(path).read()["a"][-1].number == 9_999


async def test_it_follows_the_recorder(path: Path) -> None:
    run = begun()
    made = run.see(5)
    async with running(SampleFile(path).follow(run.recorder)):
        await until(path.exists)
    assert SampleFile(path).read() == {"a": made}


async def test_a_disk_that_fails_is_told_once_and_costs_no_more(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = begun()
    run.see(5)
    logged = io.StringIO()
    with logging_to(logged, LogFormat.JSON):
        follow = SampleFile(tmp_path / "file" / "samples.jsonl").follow(run.recorder)
        async with running(follow) as task:
            await until(lambda: bool(logged.getvalue()))
            await asyncio.sleep(0.05)
            assert not task.done()
    assert logged.getvalue().count("bridge.samples_not_kept") == 1
