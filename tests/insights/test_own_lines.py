from __future__ import annotations

from typing import Any

import httpx2

from beatrunner.codecs.fit import write_fit
from beatrunner.db.tables import recordings
from tests.insights.conftest import Runner
from tests.sample_files import run


async def surfaces(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/insights/gait")
    assert answer.status_code == 200, answer.text
    return {surface["surface"]: surface for surface in answer.json()["surfaces"]}


async def test_the_line_of_runs_outdoors(client: httpx2.AsyncClient, runner: Runner) -> None:
    await runner.take_in(("run.fit", write_fit(run(length_s=600))))
    found = await surfaces(client)
    outdoor = found["outdoor"]
    assert (outdoor["runs"], outdoor["sharpened_by"]) == (1, "more_minutes")
    assert 8.0 <= outdoor["minutes"] <= 10.0
    (at_three,) = [x for x in outdoor["cadence_curve"] if x["speed_mps"] == 3.0]
    (of_all,) = [x for x in outdoor["population_curve"] if x["speed_mps"] == 3.0]
    assert abs(at_three["cadence_spm"]["value"] - 172.0) < 1.0  # as the run was
    own, others = at_three["cadence_spm"], of_all["cadence_spm"]
    assert own["high"] - own["low"] < (others["high"] - others["low"]) / 3.0
    assert found["treadmill"]["cadence_curve"] == []
    assert found["treadmill"]["population_curve"] == outdoor["population_curve"]


async def test_a_watch_on_a_belt_teaches_nothing_and_the_belt_does(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    belt = run(length_s=600, sport="treadmill_run", is_indoor=True)
    await runner.take_in(("belt.fit", write_fit(belt)))
    assert (await surfaces(client))["treadmill"]["runs"] == 0
    async with runner.database.write() as tx:
        await tx.execute(recordings.update().values(provenance="live"))
    found = await surfaces(client)
    assert (found["treadmill"]["runs"], found["outdoor"]["runs"]) == (1, 0)


async def test_much_running_at_one_speed_asks_for_others(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.take_in(("run.fit", write_fit(run(length_s=2400))))
    assert (await surfaces(client))["outdoor"]["sharpened_by"] == "other_speeds"
