from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.kit.parser_pool import (
    ParserLimits,
    ParserPool,
    TookTooLongError,
    TookTooMuchError,
)
from tests.kit import strange_calls


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ParserPool]:
    """Impatient, so that what hangs is noticed soon; one child, so that all share it."""
    pool = ParserPool(1, ParserLimits(memory_bytes=512 << 20, cpu_s=1, wall_s=6.0))
    yield pool
    pool.close()


async def test_an_answer_comes_back(pool: ParserPool) -> None:
    assert await pool.run(strange_calls.double, 21) == 42
    assert len(await pool.run(strange_calls.large_answer)) == 20 << 20


async def test_a_child_is_used_again(pool: ParserPool) -> None:
    first, second = [await pool.run(strange_calls.process) for _ in range(2)]
    assert first == second


async def test_errors_pass_through(pool: ParserPool) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        await pool.run(strange_calls.refuse)
    assert (caught.value.reason, caught.value.detail) == (Refusal.ENCRYPTED, "a detail")
    with pytest.raises(KeyError, match="a fault of ours"):
        await pool.run(strange_calls.fail)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (strange_calls.eat_memory, TookTooMuchError),
        (strange_calls.eat_memory_in_small_bites, TookTooMuchError),
        (strange_calls.recurse, TookTooMuchError),
        (strange_calls.crash, TookTooMuchError),
        (strange_calls.leave, TookTooMuchError),
        (strange_calls.loop, TookTooLongError),
    ],
)
async def test_a_child_that_misbehaves_harms_nobody_else(
    pool: ParserPool, call: Callable[[], Any], error: type[Exception]
) -> None:
    if sys.platform == "darwin" and "memory" in call.__name__:
        pytest.skip("macOS knows no memory limit")
    with pytest.raises(error):
        await pool.run(call)
    assert await pool.run(strange_calls.double, 4) == 8


async def test_patience_ends() -> None:
    pool = ParserPool(1, ParserLimits(wall_s=0.5))
    try:
        assert await pool.run(strange_calls.double, 1) == 2
        with pytest.raises(TookTooLongError):
            await pool.run(strange_calls.sleep)
        assert await pool.run(strange_calls.double, 4) == 8
    finally:
        pool.close()


async def test_a_child_writes_no_files(pool: ParserPool, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too large"):
        await pool.run(strange_calls.write_file, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b""


async def test_what_unpacks_may_write_so_much(tmp_path: Path) -> None:
    pool = ParserPool(1, ParserLimits(written_bytes=1 << 20))
    try:
        await pool.run_writing(strange_calls.write_file, tmp_path / "small")
        assert (tmp_path / "small").read_bytes()
        with pytest.raises(OSError, match="too large"):
            await pool.run_writing(strange_calls.write_file, tmp_path / "large", 2 << 20)
        # The same child, and once more without leave.
        with pytest.raises(OSError, match="too large"):
            await pool.run(strange_calls.write_file, tmp_path / "other")
    finally:
        pool.close()


async def test_a_call_that_is_given_up_frees_its_child(pool: ParserPool) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pool.run(strange_calls.sleep), 0.3)
    async with asyncio.timeout(4):
        assert await pool.run(strange_calls.double, 4) == 8
