from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from beatrunner.accounts.this_computer import Caller
from beatrunner.codecs.live import BridgeHello, Calibrating, Found, KeptCalibration, Report
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.devices import store
from beatrunner.devices.bridges import add_bridge
from beatrunner.devices.calibrations import CalibrationFile, Calibrations
from beatrunner.devices.listing import Device, DeviceList
from beatrunner.devices.reports import list_calibrations, record, record_hello
from beatrunner.devices.treadmills import MachineLimits, Treadmill, find_treadmill
from beatrunner.kit.errors import NotFoundError
from tests.conftest import HeldClock
from tests.devices.calibration_file import CALIBRATION

LIMITS = {
    "min_speed_kmh": 1.0,
    "max_speed_kmh": 16.0,
    "speed_step_kmh": 0.1,
    "min_incline_pct": 0.0,
    "max_incline_pct": 12.0,
    "incline_step_pct": 0.5,
}
BELT = Found(
    address="AA:BB", name="Belt", state="connected", manufacturer="Maker", limits=dict(LIMITS)
)
STRAP = Found(address="CC:DD", name="Strap", state="searching")


class Garage:
    """One account's devices, and a bridge that reports to them."""

    def __init__(self, database: Database, account_id: UUID, clock: HeldClock) -> None:
        self.database = database
        self.account_id = account_id
        self.clock = clock
        self.devices = DeviceList(clock)

    async def pair(self) -> UUID:
        async with self.database.write() as tx:
            bridge_id, _ = await add_bridge(
                tx, self.account_id, "Cellar", is_virtual=False, now=self.clock()
            )
        return bridge_id

    async def hear(self, bridge_id: UUID, report: Report) -> KeptCalibration | None:
        """Returns what the bridge is told in turn."""
        async with self.database.write() as tx:
            return await record(tx, bridge_id, report, self.clock())

    async def kept(self, bridge_id: UUID) -> list[KeptCalibration]:
        async with self.database.read() as tx:
            return await list_calibrations(tx, bridge_id)

    async def take(self, treadmill_id: UUID, file: dict[str, Any]) -> None:
        async with self.database.write() as tx:
            await Calibrations(self.clock).put(
                tx, self.account_id, treadmill_id, CalibrationFile.model_validate(file)
            )

    async def drop(self, treadmill_id: UUID) -> None:
        async with self.database.write() as tx:
            await Calibrations(self.clock).remove(tx, self.account_id, treadmill_id)

    async def greet(self, bridge_id: UUID, page_url: str = "http://127.0.0.1:8010") -> None:
        hello = BridgeHello(
            protocol=1, token="", version="0.1", is_virtual=False, page_url=page_url
        )
        async with self.database.write() as tx:
            await record_hello(tx, bridge_id, hello, self.clock())

    async def listed(self) -> dict[str, Device]:
        async with self.database.read() as tx:
            return {device.name: device for device in await self.devices.load(tx, self.account_id)}

    async def remove(self, device_id: UUID) -> None:
        async with self.database.write() as tx:
            await self.devices.remove(tx, self.account_id, device_id, Caller("127.0.0.1", {}))

    async def treadmill(self, bridge_id: UUID) -> Treadmill | None:
        async with self.database.read() as tx:
            return await find_treadmill(tx, bridge_id)

    async def rows(self, bridge_id: UUID) -> list[AnyRow]:
        async with self.database.read() as tx:
            return list(await store.list_seen(tx, bridge_id))


@pytest.fixture
def garage(database: Database, account_id: UUID, clock: HeldClock) -> Garage:
    return Garage(database, account_id, clock)


async def test_what_a_bridge_sees_is_listed(garage: Garage, clock: HeldClock) -> None:
    bridge_id = await garage.pair()
    assert (await garage.listed())["Cellar"].state == "none"
    await garage.greet(bridge_id)
    await garage.hear(bridge_id, Report(treadmill=BELT, heart=STRAP))
    found = await garage.listed()
    assert {name: (device.kind, device.state) for name, device in found.items()} == {
        "Cellar": ("bridge", "connected"),
        "Belt": ("treadmill", "connected"),
        "Strap": ("heart_rate", "searching"),
    }
    assert found["Cellar"].page_url == "http://127.0.0.1:8010"
    belt = found["Belt"]
    assert belt.bridge_id == bridge_id
    assert belt.limits is not None
    assert belt.limits.model_dump() == LIMITS
    assert (belt.manufacturer, belt.seen_at) == ("Maker", clock.now)
    assert await garage.treadmill(bridge_id) == Treadmill(
        belt.id, "Belt", MachineLimits(**LIMITS), None
    )


async def test_reports_change_what_is_there(garage: Garage) -> None:
    bridge_id = await garage.pair()
    await garage.hear(bridge_id, Report(treadmill=BELT, heart=STRAP))
    before = await garage.listed()
    async with garage.database.write() as tx:
        await store.update_device(tx, before["Belt"].id, {"name": "My belt"})
    lost = Found(address="AA:BB", name="Belt", state="lost")
    await garage.hear(bridge_id, Report(treadmill=lost))
    after = await garage.listed()
    assert after.keys() == {"Cellar", "My belt", "Strap"}
    assert after["My belt"].id == before["Belt"].id
    assert (after["My belt"].state, after["My belt"].manufacturer) == ("lost", "Maker")
    assert after["My belt"].limits == before["Belt"].limits
    assert after["Strap"].state == "none"


async def test_a_silent_bridge_is_away_with_all_it_saw(garage: Garage, clock: HeldClock) -> None:
    bridge_id = await garage.pair()
    await garage.greet(bridge_id)
    calibrating = Calibrating(step="steps", share=0.5)
    report = Report(treadmill=BELT, calibrating=calibrating, trouble="Bluetooth is off.")
    await garage.hear(bridge_id, report)
    clock.advance(30)
    here = (await garage.listed())["Cellar"]
    assert here.calibrating is not None
    assert here.calibrating.share == 0.5
    assert here.trouble == "Bluetooth is off."
    clock.advance(1)
    found = await garage.listed()
    assert {device.state for device in found.values()} == {"none"}
    away = found["Cellar"]
    assert (away.page_url, away.calibrating, away.trouble) == (None, None, None)


async def test_the_treadmill_of_a_bridge_is_the_one_it_speaks_of(
    garage: Garage, clock: HeldClock
) -> None:
    bridge_id = await garage.pair()

    async def name() -> str | None:
        found = await garage.treadmill(bridge_id)
        return None if found is None else found.name

    assert await name() is None
    other = Found(address="EE:FF", name="Other belt", state="connecting")
    await garage.hear(bridge_id, Report(treadmill=other))
    clock.advance(10)
    await garage.hear(bridge_id, Report(treadmill=BELT))
    assert await name() == "Belt"
    clock.advance(10)
    await garage.hear(bridge_id, Report(treadmill=other))
    assert await name() == "Other belt"
    await garage.hear(bridge_id, Report())
    assert await name() == "Belt"  # the last that was connected


async def test_a_bridge_paired_anew_finds_the_old_calibration(
    garage: Garage, clock: HeldClock
) -> None:
    first = await garage.pair()
    calibrated = Found(address="AA:BB", name="Belt", state="connected", calibration=CALIBRATION)
    await garage.hear(first, Report(treadmill=calibrated))
    measured_at = clock.now
    await garage.remove(first)
    assert await garage.listed() == {}
    clock.advance(3600)
    second = await garage.pair()
    await garage.hear(second, Report(treadmill=BELT))
    belt = (await garage.listed())["Belt"]
    assert belt.calibration is not None
    assert (belt.calibration.model_dump(), belt.calibrated_at) == (CALIBRATION, measured_at)
    assert belt.bridge_id == second


@pytest.mark.parametrize(
    "odd",
    [{}, {"lag_s": 1.0}, {**CALIBRATION, "lag_s": -1}, {**CALIBRATION, "treadmill": "\0"}],
)
async def test_a_calibration_that_is_none_is_not_believed(
    garage: Garage, odd: dict[str, Any]
) -> None:
    bridge_id = await garage.pair()
    good = Found(address="AA:BB", name="Belt", state="connected", calibration=CALIBRATION)
    await garage.hear(bridge_id, Report(treadmill=good))
    bad = Found(address="AA:BB", name="Belt", state="connected", calibration=odd)
    await garage.hear(bridge_id, Report(treadmill=bad))
    assert [each.calibration for each in await garage.kept(bridge_id)] == [CALIBRATION]


def measured(clock: HeldClock, age_s: float = 0, **change: Any) -> Report:
    """The bridge's report of a treadmill that it calibrated `age_s` ago."""
    return Report(
        treadmill=Found(
            address="AA:BB",
            name="Belt",
            state="connected",
            calibration=CALIBRATION | change,
            calibrated_at=clock() - timedelta(seconds=age_s),
        )
    )


async def test_the_newest_calibration_holds(garage: Garage, clock: HeldClock) -> None:
    bridge_id = await garage.pair()
    assert await garage.hear(bridge_id, measured(clock, lag_s=1.0)) is None
    belt = (await garage.listed())["Belt"]
    assert belt.calibration is not None
    assert (belt.calibration.lag_s, belt.calibrated_at) == (1.0, clock())
    clock.advance(60)
    await garage.take(belt.id, CALIBRATION | {"lag_s": 2.0})
    newer = await garage.hear(bridge_id, measured(clock, age_s=60, lag_s=1.0))
    assert newer is not None
    assert (newer.address, newer.calibration) == ("AA:BB", CALIBRATION | {"lag_s": 2.0})
    assert await garage.kept(bridge_id) == [newer]
    clock.advance(60)
    assert await garage.hear(bridge_id, measured(clock, lag_s=3.0)) is None
    assert [each.calibration for each in await garage.kept(bridge_id)] == [
        CALIBRATION | {"lag_s": 3.0}
    ]


async def test_a_bridge_that_was_never_calibrated_is_told_what_is_kept(
    garage: Garage, clock: HeldClock
) -> None:
    bridge_id = await garage.pair()
    assert await garage.hear(bridge_id, Report(treadmill=BELT)) is None
    await garage.take((await garage.listed())["Belt"].id, CALIBRATION)
    told = await garage.hear(bridge_id, Report(treadmill=BELT))
    assert told == KeptCalibration(
        address="AA:BB", calibrated_at=clock(), calibration=dict(CALIBRATION)
    )


async def test_a_calibration_that_was_removed_does_not_come_back(
    garage: Garage, clock: HeldClock
) -> None:
    bridge_id = await garage.pair()
    await garage.hear(bridge_id, measured(clock))
    clock.advance(60)
    await garage.drop((await garage.listed())["Belt"].id)
    told = await garage.hear(bridge_id, measured(clock, age_s=60))
    assert told == KeptCalibration(address="AA:BB", calibrated_at=clock())
    belt = (await garage.listed())["Belt"]
    assert (belt.calibration, belt.calibrated_at) == (None, None)
    clock.advance(60)
    await garage.hear(bridge_id, measured(clock))
    assert (await garage.listed())["Belt"].calibrated_at == clock()


async def test_a_calibration_that_was_removed_beside_the_belt_goes(
    garage: Garage, clock: HeldClock
) -> None:
    bridge_id = await garage.pair()
    await garage.hear(bridge_id, measured(clock))
    clock.advance(60)
    removed = Found(address="AA:BB", name="Belt", state="connected", calibrated_at=clock())
    assert await garage.hear(bridge_id, Report(treadmill=removed)) is None
    assert (await garage.listed())["Belt"].calibration is None


async def test_a_bridge_whose_clock_is_ahead_does_not_win_for_ever(
    garage: Garage, clock: HeldClock
) -> None:
    bridge_id = await garage.pair()
    await garage.hear(bridge_id, measured(clock, age_s=-86_400))
    assert (await garage.listed())["Belt"].calibrated_at == clock()


async def test_a_forgotten_device_comes_back_when_it_is_seen(garage: Garage) -> None:
    bridge_id = await garage.pair()
    await garage.hear(bridge_id, Report(heart=STRAP))
    await garage.remove((await garage.listed())["Strap"].id)
    assert (await garage.listed()).keys() == {"Cellar"}
    await garage.hear(bridge_id, Report(heart=STRAP))
    assert (await garage.listed()).keys() == {"Cellar", "Strap"}


async def test_a_withdrawn_bridge_is_not_heard(garage: Garage) -> None:
    bridge_id = await garage.pair()
    await garage.remove(bridge_id)
    with pytest.raises(NotFoundError):
        await garage.hear(bridge_id, Report(treadmill=BELT))
    with pytest.raises(NotFoundError):
        await garage.greet(bridge_id)
    assert await garage.rows(bridge_id) == []


@pytest.mark.parametrize(
    "change",
    [
        {"max_speed_kmh": None},
        {"max_speed_kmh": "fast"},
        {"max_speed_kmh": 0.5},
        {"speed_step_kmh": 0},
        {"max_incline_pct": -5},
        {"max_incline_pct": [1]},
    ],
)
async def test_limits_that_are_none_are_not_believed(
    garage: Garage, change: dict[str, Any]
) -> None:
    bridge_id = await garage.pair()
    odd = Found(address="AA:BB", name="Belt", state="connected", limits={**LIMITS, **change})
    await garage.hear(bridge_id, Report(treadmill=odd))
    assert (await garage.listed())["Belt"].limits is None


async def test_a_machine_without_incline_says_nothing_of_it(garage: Garage) -> None:
    bridge_id = await garage.pair()
    flat = {name: value for name, value in LIMITS.items() if "incline" not in name}
    belt = Found(address="AA:BB", name=" ", state="connected", limits=flat)
    await garage.hear(bridge_id, Report(treadmill=belt))
    limits = (await garage.listed())["Unnamed"].limits
    assert limits is not None
    assert (limits.min_incline_pct, limits.max_incline_pct) == (0, 0)


async def test_a_page_that_is_a_script_is_no_link(garage: Garage) -> None:
    bridge_id = await garage.pair()
    await garage.greet(bridge_id, "javascript:alert(1)")
    assert (await garage.listed())["Cellar"].page_url is None
