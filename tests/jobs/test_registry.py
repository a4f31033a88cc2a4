from __future__ import annotations

from uuid import UUID

from beatrunner.jobs.registry import JobRegistry, job, when_dead
from beatrunner.jobs.store import ClaimedJob

EVENT = ClaimedJob(UUID(int=1), UUID(int=2), "bread.baked", {}, 1)


class Kitchen:
    def __init__(self, heard: list[str], name: str) -> None:
        self._heard = heard
        self._name = name

    @job("bread.baked")
    async def taste(self, _claimed: ClaimedJob) -> None:
        self._heard.append(self._name)

    @when_dead("bread.baked")
    async def mourn(self, _claimed: ClaimedJob) -> None:
        self._heard.append(f"{self._name} mourns")


async def test_everybody_who_registered_hears_an_event_in_order() -> None:
    heard: list[str] = []
    registry = JobRegistry.of([Kitchen(heard, "cook"), Kitchen(heard, "guest")])
    assert registry.kinds == ("bread.baked",)
    await registry.run(EVENT)
    await registry.tell_dead(EVENT)
    assert heard == ["cook", "guest", "cook mourns", "guest mourns"]
