"""A few damaged and hostile files of each format through the parser pool, always the same ones.

`./dev bench fuzz-files` sends thousands.
"""

from benchmarks.fuzz_files import send_through, warm_pool
from benchmarks.hostile_files import FORMATS, hostile_files

FILES = 40


async def test_whatever_comes_is_read_or_refused_in_words() -> None:
    async with warm_pool() as pool:
        for name in FORMATS:
            ends = await send_through(pool, name, hostile_files(name, FILES, seed=7))
            assert not ends.crashes, name
            assert not ends.hangs, name
            assert not ends.wordless, name
            assert 0 < ends.outcomes["read"] <= ends.outcomes.total(), name
