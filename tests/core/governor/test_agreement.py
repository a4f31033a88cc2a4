from dataclasses import replace

from beatrunner.core.governor import Calibration, EventKind, Lock, Reason
from beatrunner.core.governor.agreement import Agreement, Finding, beginning
from tests.core.governor.belts import CALIBRATION, STEP_S, Ride, stopped

OVERSHOOTING = replace(CALIBRATION, overshoot_kmh=0.4)


def found(
    band: Agreement, *measured: tuple[float, float], machine: Calibration = CALIBRATION
) -> list[Finding]:
    findings = []
    for now_s, kmh in measured:
        band, finding = band.seeing(now_s, kmh, machine)
        findings.append(finding)
    return findings


def at(kmh: float, now_s: float = 0.0) -> Agreement:
    return beginning(now_s, kmh, kmh)


def test_i16_apart_beyond_half_a_kmh_and_a_disagreement_after_two_seconds() -> None:
    assert found(at(10), (9, 10.5), (9.5, 9.5)) == [Finding.AGREED, Finding.AGREED]
    for kmh in (10.51, 9.49):
        assert found(at(10), (9, kmh), (10.9, kmh), (11, kmh)) == [
            Finding.APART,
            Finding.APART,
            Finding.DISAGREEMENT,
        ]


def test_i16_two_seconds_at_a_stretch() -> None:
    assert found(at(10), (9, 11), (10, 10), (10.5, 11), (12, 11), (12.5, 11)) == [
        Finding.APART,
        Finding.AGREED,
        Finding.APART,
        Finding.APART,
        Finding.DISAGREEMENT,
    ]
    band, _finding = at(10).seeing(9, 11, CALIBRATION)
    band, finding = band.seeing(10, None, CALIBRATION)
    assert finding is Finding.AGREED
    assert found(band, (11, 11), (12.5, 11)) == [Finding.APART, Finding.APART]


def test_i16_a_belt_may_take_its_lag_and_its_ramp() -> None:
    faster = at(10).asking(1.0, 12.0, 10.0)
    # Lag until 2.0, then half a km/h a second.
    assert found(faster, (2.0, 9.5), (3.0, 10.0), (5.0, 11.0)) == [Finding.AGREED] * 3
    assert found(faster, (2.0, 10.0), (3.0, 9.99)) == [Finding.AGREED, Finding.APART]
    slower = at(10).asking(1.0, 6.0, 10.0)
    # The same, then one km/h a second.
    assert found(slower, (2.0, 10.1), (3.0, 9.5), (5.0, 7.5)) == [Finding.AGREED] * 3
    assert found(slower, (2.0, 10.0), (3.0, 9.51)) == [Finding.AGREED, Finding.APART]


def test_i16_a_belt_may_be_there_at_once() -> None:
    assert found(at(10).asking(1.0, 12.0, 10.0), (1.0, 12.5)) == [Finding.AGREED]
    assert found(at(10).asking(1.0, 6.0, 10.0), (1.0, 5.5)) == [Finding.AGREED]
    assert found(at(10).asking(1.0, 12.0, 10.0), (1.0, 12.6)) == [Finding.APART]


def test_i16_what_was_asked_before_the_lag_is_forgotten() -> None:
    band, _finding = (
        at(10).asking(1.0, 11.0, 10.0).asking(2.0, 12.0, 10.0).seeing(4, 11, CALIBRATION)
    )
    assert band.asked == ((2.0, 12.0),)
    band, _finding = (
        at(10).asking(1.0, 11.0, 10.0).asking(2.0, 12.0, 10.0).seeing(2, 11, CALIBRATION)
    )
    assert band.asked == ((0.0, 10), (1.0, 11.0), (2.0, 12.0))


def test_i16_it_may_overshoot_for_a_while() -> None:
    faster = at(10).asking(1.0, 11.0, 10.0)
    assert found(faster, (7.0, 11.9), machine=OVERSHOOTING) == [Finding.AGREED]
    assert found(faster, (7.0, 11.91), machine=OVERSHOOTING) == [Finding.APART]
    assert found(faster, (7.1, 11.9), machine=OVERSHOOTING) == [Finding.APART]
    assert found(faster, (7.0, 11.9)) == [Finding.APART]


def test_i16_told_to_slow_and_faster_is_the_wrong_way_at_once() -> None:
    slower = at(10).asking(1.0, 9.9, 10.0)
    assert found(slower, (1.5, 10.2)) == [Finding.AGREED]
    assert found(slower, (1.5, 10.21)) == [Finding.WRONG_WAY]
    assert found(slower, (1.5, 10.6), machine=OVERSHOOTING) == [Finding.AGREED]
    assert found(slower, (1.5, 10.61), machine=OVERSHOOTING) == [Finding.WRONG_WAY]


def test_i16_the_wrong_way_is_measured_from_where_the_belt_may_have_been() -> None:
    assert found(at(10).asking(1.0, 9.9, 10.4), (1.5, 10.5)) == [Finding.AGREED]
    rising = beginning(0.0, 11.0, 10.0).asking(1.0, 10.5, 10.2)
    assert found(rising, (1.5, 11.2)) == [Finding.AGREED]
    again = at(10).asking(1.0, 9.5, 10.0).asking(2.0, 9.0, 9.7)
    assert again.fall_from_kmh == 10
    assert again.asking(2.5, 9.0, 9.7).fall_from_kmh == 10
    assert again.asking(3.0, 9.1, 9.0).fall_from_kmh is None
    assert at(10).asking(1.0, 10.0, 10.0).fall_from_kmh is None
    assert at(10).asking(1.0, 9.0, None).fall_from_kmh == 10
    assert at(0.8).asking(1.0, 0.5, None).fall_from_kmh == 0.8
    lower, _finding = at(10).asking(1.0, 8.0, 10.0).seeing(5.0, 8.0, CALIBRATION)
    assert lower.asking(6.0, 7.5, 8.0).fall_from_kmh == 10


def test_i16_the_band_begins_between_what_is_asked_and_what_is() -> None:
    assert (beginning(0.0, 1.0, 0.0).low_kmh, beginning(0.0, 1.0, 0.0).high_kmh) == (0.0, 1.0)
    assert (beginning(0.0, 1.0, 3.0).low_kmh, beginning(0.0, 1.0, 3.0).high_kmh) == (1.0, 3.0)


def test_i16_a_belt_that_ignores_is_stopped_and_locked_out() -> None:
    ride = Ride().at(10.0)
    ride.obeys = False
    ride.wait(0.25, telemetry=ride.stale(0))
    ride.follow(1.5, 8.0)
    # Its lag, its ramp to where it is apart, and two seconds.
    seen = [ride.tick(wish=ride.wish(8.0)) for _tick in range(round((1.0 + 0.5 + 2.0) / STEP_S))]
    assert ride.verdict.lock is Lock.DISAGREEMENT
    assert Reason.DISAGREEMENT in next(each for each in seen if stopped(each)).reasons
    ride.belt_kmh = 0.0
    ride.wait(5)
    assert ride.verdict.shown == "stopped"
    ride.tick(confirm=ride.confirm(), unlock=True)
    assert ride.verdict.command is None
    assert ride.verdict.lock is Lock.DISAGREEMENT


def test_i16_a_belt_that_reverses_is_stopped_and_locked_out_at_once() -> None:
    ride = Ride().at(10.0)
    ride.obeys = False
    ride.follow(0.25, 9.9)
    ride.belt_kmh = 10.3
    ride.tick()
    assert stopped(ride.verdict)
    assert ride.verdict.lock is Lock.WRONG_WAY
    assert Reason.DISAGREEMENT in ride.verdict.reasons


def test_i16_no_rise_while_apart() -> None:
    for kmh in (10.51, 9.49):
        ride = Ride().at(10.0)
        ride.belt_kmh = kmh
        assert ride.follow(1, 11.0, 2.0) == []
        assert Reason.DISAGREEMENT in ride.verdict.reasons
    ride = Ride().at(10.0)
    ride.belt_kmh = 9.5
    assert len(ride.follow(1, 11.0)) == 1


def test_i16_single_frames_of_zero_are_no_disagreement() -> None:
    ride = Ride().at(10.0)
    ride.belt_kmh = 0.0
    ride.obeys = False
    assert ride.follow(2.75, 11.0) == []
    ride.belt_kmh = 10.0
    ride.wait(3)
    assert ride.verdict.shown == "automatic"
    assert ride.verdict.lock is None


def test_i16_a_belt_that_the_console_raised_after_a_fall_goes_no_wrong_way() -> None:
    ride = Ride().at(10.0)
    ride.wait(3)
    ride.follow(1, 9.0)
    ride.belt_kmh = 11.0
    assert ride.event(EventKind.SPEED_CHANGED, 11.0).lock is None
    assert ride.verdict.shown == "manual"


def test_i16_what_the_console_asked_is_no_disagreement() -> None:
    ride = Ride().at(10.0)
    ride.belt_kmh = 8.0
    ride.event(EventKind.SPEED_CHANGED, 8.0)
    assert ride.wait(20) == []
    assert ride.verdict.lock is None
    ride.belt_kmh = 9.0
    ride.wait(2.25)
    assert ride.verdict.lock is Lock.DISAGREEMENT
