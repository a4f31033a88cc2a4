"""The calibration run: what it finds out, and everything that ends it."""

from __future__ import annotations

import pytest

from beatrunner.ble.calibration.procedure import STEPS, TOO_FAST_KMH, Step
from beatrunner.ble.machine import DISHONEST
from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.codecs.calibration import decode_calibration, encode_calibration
from beatrunner.core.governor import SetSpeed, Stop
from beatrunner.core.simulation.belt import BeltCharacteristics, Key
from beatrunner.core.simulation.quirks import EVERY_QUIRK, BeltQuirks
from tests.ble.calibration.runs import calibrate

SLUGGISH = BeltCharacteristics(lag_s=2.0, ramp_up_kmh_s=0.3, ramp_down_kmh_s=0.4)


async def test_a_plain_treadmill_in_two_minutes() -> None:
    seen, gym = await calibrate()
    last = seen[-1]
    assert last.trouble is None
    measured = last.measured
    assert measured
    assert gym.now_s < 120
    assert (measured.treadmill, measured.manufacturer) == ("BeatRunner T1", "BeatRunner")
    figures = measured.calibration
    belt = gym.belt.characteristics
    assert belt.lag_s <= figures.lag_s <= belt.lag_s + 1.2
    assert 0.7 * belt.ramp_up_kmh_s <= figures.ramp_up_kmh_s <= belt.ramp_up_kmh_s
    assert 0.6 * belt.ramp_down_kmh_s <= figures.ramp_down_kmh_s <= belt.ramp_down_kmh_s
    assert figures.overshoot_kmh == 0
    assert figures.speed_step_kmh == 0.1
    assert measured.is_honest
    assert measured.starts_by_command
    assert measured.echoes_targets
    assert not measured.commands_in_mph
    assert not measured.data_in_mph
    assert decode_calibration(encode_calibration(measured)) == measured
    assert gym.belt.speed_kmh == 0


async def test_the_runner_is_told_every_step_and_how_much_is_done() -> None:
    seen, _gym = await calibrate()
    steps = list(dict.fromkeys(progress.step for progress in seen))
    assert steps == list(Step)
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert all(progress.words == STEPS[progress.step][0] for progress in seen)
    assert [each.so_far is not None for each in seen].count(True) > len(seen) / 3
    known = [each.so_far.calibration.lag_s for each in seen if each.so_far]
    assert known == sorted(known), "the slowest lag counts"
    assert {each.told_kmh for each in seen} >= {None, 1.0, 3.0, 0.0}
    speeds = [each.command.speed_kmh for each in seen if isinstance(each.command, SetSpeed)]
    assert max(speeds) <= 3.0


async def test_a_sluggish_treadmill_is_found_sluggish() -> None:
    seen, _gym = await calibrate(belt=SLUGGISH)
    assert seen[-1].measured
    figures = seen[-1].measured.calibration
    assert 2.0 <= figures.lag_s <= 3.2
    assert figures.ramp_up_kmh_s == pytest.approx(0.27, abs=0.04)
    assert figures.ramp_down_kmh_s == pytest.approx(0.36, abs=0.05)


@pytest.mark.parametrize("commands", [False, True])
@pytest.mark.parametrize("data", [False, True])
async def test_miles_are_told_from_kilometres(commands: bool, data: bool) -> None:
    quirks = BeltQuirks(commands_in_mph=commands, data_in_mph=data)
    seen, _gym = await calibrate(quirks=quirks)
    measured = seen[-1].measured
    assert measured
    assert (measured.commands_in_mph, measured.data_in_mph) == (commands, data)
    assert measured.is_honest
    assert measured.calibration.ramp_up_kmh_s == pytest.approx(0.72, abs=0.1)


async def test_what_the_table_thinks_wrongly_is_put_right() -> None:
    seen, _gym = await calibrate(treadmill_name="THERUN  T15")
    measured = seen[-1].measured
    assert measured
    assert (measured.commands_in_mph, measured.data_in_mph) == (False, False)


async def test_overshoot_and_rounding() -> None:
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["overshoot_kmh"])
    assert seen[-1].measured
    assert seen[-1].measured.calibration.overshoot_kmh == pytest.approx(0.8, abs=0.1)
    assert seen[-1].measured.calibration.settle_s >= 5
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["rounds_speed_to_kmh"])
    assert seen[-1].measured
    assert seen[-1].measured.calibration.speed_step_kmh == 0.5


@pytest.mark.parametrize("quirk", ["ignores_speed", "reverses", "runs_faster_by_kmh"])
async def test_a_treadmill_that_does_not_do_what_it_accepts_is_named_so(quirk: str) -> None:
    seen, gym = await calibrate(quirks=EVERY_QUIRK[quirk])
    assert seen[-1].measured
    assert not seen[-1].measured.is_honest
    assert seen[-1].words == DISHONEST
    assert gym.belt.speed_kmh == 0


async def test_whether_it_reports_its_own_targets() -> None:
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["keeps_own_targets_quiet"])
    assert seen[-1].measured
    assert not seen[-1].measured.echoes_targets


async def test_single_zeros_do_not_matter() -> None:
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["zero_frame_every"])
    assert seen[-1].measured
    assert seen[-1].measured.is_honest
    assert seen[-1].measured.calibration.overshoot_kmh == 0


async def test_a_belt_that_is_started_by_hand() -> None:
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["must_be_started_by_hand"])
    assert "Start it at its console" in (seen[-1].trouble or "")

    async def start_by_hand(gym: VirtualGym, _step: Step) -> None:
        if gym.now_s < 1.6:
            await gym.press_key(Key.START)

    seen, _gym = await calibrate(
        start_by_hand,
        belt=BeltCharacteristics(countdown_s=0.1),
        quirks=EVERY_QUIRK["must_be_started_by_hand"],
    )
    assert seen[-1].measured
    assert seen[-1].measured.is_honest
    assert not seen[-1].measured.starts_by_command


async def test_a_refusal_is_passed_on_in_words() -> None:
    seen, gym = await calibrate(quirks=EVERY_QUIRK["refuses_speed"])
    assert "does not let this be controlled" in (seen[-1].trouble or "")
    assert gym.belt.speed_kmh == 0


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("stop", "Stopped"),
        ("console stop", "console"),
        ("console key", "console"),
        ("safety key", "safety key was pulled"),
        ("slope", "slope was changed at the console"),
        ("other app", "control"),
        ("silence", "not seen to stop"),
    ],
)
@pytest.mark.parametrize("during", [Step.FASTER, Step.FINE])
async def test_whatever_goes_wrong_ends_it_by_a_stop(ending: str, words: str, during: Step) -> None:
    happened = False

    async def happen(gym: VirtualGym, step: Step) -> bool:
        nonlocal happened
        if step is not during or happened:
            return False
        happened = True
        match ending:
            case "console stop":
                await gym.press_key(Key.STOP)
            case "console key":
                for _ in range(20):
                    await gym.press_key(Key.FASTER)
            case "slope":
                for _ in range(3):
                    await gym.press_key(Key.STEEPER)
            case "safety key":
                await gym.pull_safety_key()
            case "other app":
                await gym.treadmill.peripheral.notify(gym.treadmill._status, b"\xff")
            case "silence":
                await gym.lose_treadmill()
        return ending == "stop"

    seen, gym = await calibrate(happen)
    last = seen[-1]
    assert happened
    assert words in (last.trouble or "")
    assert last.measured is None
    assert last.words == last.trouble
    after = [each.command for each in seen if each.step in (Step.STOPPING, Step.OVER)]
    told = [command for command in after if command is not None]
    assert told
    assert all(isinstance(command, Stop) for command in told)
    if ending != "silence":
        assert gym.belt.speed_kmh == 0


async def test_a_belt_that_does_not_stop_is_said_to() -> None:
    seen, _gym = await calibrate(quirks=EVERY_QUIRK["ignores_stop"])
    assert "pull the safety key" in (seen[-1].trouble or "")
    assert seen[-1].measured is None
    stops = [each for each in seen if isinstance(each.command, Stop)]
    assert len(stops) > 20


async def test_a_belt_that_runs_away_is_stopped() -> None:
    quirks = BeltQuirks(runs_faster_by_kmh=4.0)
    seen, gym = await calibrate(quirks=quirks)
    assert "faster than a calibration may be" in (seen[-1].trouble or "")
    assert gym.belt.speed_kmh == 0
    assert TOO_FAST_KMH <= 6


async def test_nobody_holds_start_and_nothing_moves() -> None:
    async def give_up(gym: VirtualGym, _step: Step) -> bool:
        return gym.now_s >= 1.9

    seen, gym = await calibrate(give_up)
    assert seen[-1].trouble == "Stopped."
    assert all(each.command is None for each in seen)
    assert gym.belt.distance_m == 0
