from __future__ import annotations

from beatrunner.kit.remembered import Remembered


async def test_an_answer_is_found_once_a_state() -> None:
    asked: list[str] = []
    remembered = Remembered[str, str]()

    async def ask(state: int) -> str:
        async def find() -> str:
            asked.append(f"answer {state}")
            return asked[-1]

        return await remembered.get("key", state, find)

    assert [await ask(1), await ask(1), await ask(2)] == ["answer 1", "answer 1", "answer 2"]
    assert asked == ["answer 1", "answer 2"]


async def test_the_longest_unasked_is_forgotten() -> None:
    found: list[str] = []
    remembered = Remembered[str, str](most=2)

    async def ask(key: str) -> None:
        async def find() -> str:
            found.append(key)
            return key

        assert await remembered.get(key, None, find) == key

    for key in ("a", "b", "a", "c", "a", "b"):
        await ask(key)
    assert found == ["a", "b", "c", "b"]
