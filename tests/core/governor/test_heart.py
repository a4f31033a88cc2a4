import math
from dataclasses import replace

from beatrunner.core.governor import HeartRate, Lock, Reason, SetIncline, SetSpeed, Stop
from beatrunner.core.governor.heart import HeartWatch, present
from tests.core.governor.belts import LIMITS, Ride, kinds, speeds


def seen(*readings: tuple[float, float], watch: HeartWatch | None = None) -> HeartWatch:
    watch = watch or HeartWatch(0.0)
    for now_s, rate_bpm in readings:
        watch = watch.seeing(now_s, HeartRate(rate_bpm, None, 0.0))
    return watch


def test_i7_a_reading_is_present_when_fresh_touching_and_of_a_heart() -> None:
    assert present(HeartRate(140, True, 5.0))
    assert present(HeartRate(140, None, 0.0))
    assert present(HeartRate(30, True, 0.0))
    assert present(HeartRate(230, True, 0.0))
    for unfit in (
        HeartRate(140, False, 0.0),
        HeartRate(140, True, 5.01),
        HeartRate(140, True, -0.1),
        HeartRate(140, True, math.nan),
        HeartRate(29.9, True, 0.0),
        HeartRate(230.1, True, 0.0),
        HeartRate(0, True, 0.0),
        HeartRate(255, True, 0.0),
        HeartRate(math.nan, True, 0.0),
    ):
        assert not present(unfit)
        assert HeartWatch(None).seeing(7.0, unfit).unfit_since_s == 7.0
    assert HeartWatch(None).seeing(7.0, None).unfit_since_s == 7.0


def steady(until_s: int, rate_bpm: float = 140.0) -> HeartWatch:
    """Fit, once a second, from second 1; it wobbles so as not to be frozen."""
    watch = seen(*((now_s, rate_bpm + now_s % 2) for now_s in range(1, until_s + 1)))
    assert watch.unfit_since_s is None
    return watch


def test_i7_a_wild_value_is_unfit_until_it_is_taken_back() -> None:
    for rate_bpm, fit in ((152, True), (153, False), (129, True), (128, False)):
        watch = seen((11, rate_bpm), watch=steady(10))
        assert (watch.unfit_since_s is None) == fit, rate_bpm
    wild = seen((11, 230), watch=steady(10))
    assert wild.unfit_since_s == 11
    assert seen((12, 141), watch=wild).unfit_since_s is None
    assert seen((12, 229), watch=wild).unfit_since_s == 11


def test_i7_two_readings_that_contradict_each_other_are_both_doubted() -> None:
    assert seen((1, 140), (2, 153)).unfit_since_s == 2
    assert seen((1, 140), (2, 153), (3, 140)).unfit_since_s == 2
    assert seen((1, 140), (2, 152)).unfit_since_s is None


def test_i7_what_strays_for_two_seconds_is_unfit_for_ten_more() -> None:
    brief = seen((11, 170), (12.75, 170), (13, 140), watch=steady(10))
    assert brief.unfit_since_s is None
    swift = seen((11, 170), (13, 170), (14, 140), watch=steady(10))
    assert swift.unfit_since_s == 11
    back = seen(*((now_s, 140 + now_s % 2) for now_s in range(15, 24)), watch=swift)
    assert back.unfit_since_s == 11
    assert seen((23.1, 140), watch=back).unfit_since_s is None


def test_i7_a_heart_that_follows_a_start_is_fit() -> None:
    """Gain and time constant at the steep end of what is published."""
    rising = seen(*((now_s, 90 + 80 * (1 - math.exp(-now_s / 34))) for now_s in range(120)))
    assert rising.unfit_since_s is None


def test_i7_after_a_gap_a_jump_is_measured_from_the_last_reading_of_half_a_minute() -> None:
    gone = seen((1, 140)).seeing(2, None)
    assert gone.unfit_since_s == 2
    assert seen((12, 165), watch=gone).unfit_since_s is None
    assert seen((12, 115), watch=gone).unfit_since_s is None
    assert seen((12, 166), watch=gone).unfit_since_s == 2
    assert seen((12, 114), watch=gone).unfit_since_s == 2
    assert seen((31, 166), watch=gone).unfit_since_s == 2
    assert seen((31.1, 166), watch=gone).unfit_since_s is None
    assert seen((11, 156), watch=gone).unfit_since_s == 2


def glide(watch: HeartWatch, to_bpm: float, cadence_spm: float | None) -> HeartWatch:
    """Within ten seconds to where the steps are, and a minute there."""
    for second in range(1, 70):
        rate_bpm = 140 + min(second / 10, 1.0) * (to_bpm - 140) + second % 2
        heart = HeartRate(rate_bpm, None, 0.0)
        watch = watch.seeing(10 + second, heart, cadence_spm)
    return watch


def test_i7_a_count_that_glides_to_the_cadence_and_stays_is_of_steps() -> None:
    for to_bpm in (176.0, 104.0):
        assert glide(steady(10), to_bpm, to_bpm).unfit_since_s is not None
        assert glide(steady(10), to_bpm, to_bpm + 6).locked
        # Elsewhere it becomes believable again, as it does when nobody counts steps.
        assert glide(steady(10), to_bpm, to_bpm + 7.1).unfit_since_s is None
        assert glide(steady(10), to_bpm, None).unfit_since_s is None
    assert not glide(steady(10), 148.0, 148.0).locked


def test_i7_a_count_at_the_cadence_is_doubted_for_twenty_seconds_after_it_strayed() -> None:
    strayed = seen((11, 170), *((at_s, 140 + at_s % 2) for at_s in range(12, 31)), watch=steady(10))
    for now_s, locked in ((31.0, True), (31.25, False)):
        watch = strayed.seeing(now_s, HeartRate(140, None, 0.0), 140.0)
        assert (watch.locked, watch.unfit_since_s is not None) == (locked, locked)


def test_i7_a_count_that_leaves_the_cadence_is_believed_after_ten_seconds() -> None:
    locked = glide(steady(10), 176.0, 176.0)
    rates_bpm = (*range(169, 160, -1), 160, 161, 160, 161, 160)
    left = [locked]
    for at_s, rate_bpm in enumerate(rates_bpm, start=80):
        left.append(left[-1].seeing(at_s, HeartRate(rate_bpm, None, 0.0), 176.0))
    assert not any(watch.locked for watch in left[1:])
    believed = [watch.unfit_since_s is None for watch in left]
    assert believed == [False] * 12 + [True] * 3


def test_i7_a_reading_that_never_changes_is_unfit() -> None:
    assert seen((1, 140), (9, 140), (16, 140)).unfit_since_s is None
    frozen = seen((1, 140), (9, 140), (16.1, 140))
    assert frozen.unfit_since_s == 16.1
    assert seen((17, 140), watch=frozen).unfit_since_s == 16.1
    assert seen((17, 141), watch=frozen).unfit_since_s is None
    assert seen((17, 140), watch=seen((1, 140), (9, 141))).unfit_since_s is None
    back = seen((1, 140), (9, 140)).seeing(10, None)
    assert seen((11, 140), (20, 140), watch=back).unfit_since_s is None


def test_i7_half_a_minute_unfit_is_the_end() -> None:
    lost = seen((1, 140)).seeing(2, None)
    assert not seen((1, 140)).ended(1000)
    assert not lost.ended(31.9)
    assert lost.ended(32)


def test_i6_at_the_ceiling_speed_falls_in_every_tick() -> None:
    ride = Ride().at(10.0)
    ceiling = HeartRate(170, True, 0.0)
    assert speeds(ride.follow(1, 12.0, heart=ceiling)) == [9.9, 9.8, 9.7, 9.6]
    assert ride.verdict.reasons == (Reason.HEART_CEILING,)
    assert ride.verdict.shown == "slowing"
    assert speeds(ride.follow(1, 9.5, heart=HeartRate(169, True, 0.0))) == [9.5]


def test_i6_the_ceiling_counts_only_where_there_is_one() -> None:
    ride = Ride(limits=replace(LIMITS, ceiling_bpm=None)).at(10.0)
    assert speeds(ride.follow(1, 12.0, heart=HeartRate(200, True, 0.0))) == [10.5]


def test_i6_even_when_the_reading_jumped_there() -> None:
    ride = Ride().at(10.0)
    assert speeds(ride.wait(0.5, heart=HeartRate(200, True, 0.0))) == [9.9, 9.8]


def test_i6_no_fall_for_a_reading_that_is_none() -> None:
    ride = Ride().at(10.0)
    for heart in (HeartRate(255, True, 0.0), HeartRate(200, False, 0.0), HeartRate(200, True, 6.0)):
        assert ride.wait(0.5, heart=heart) == []


def test_i6_at_the_slowest_the_belt_stops() -> None:
    ride = Ride().start()
    ride.tick(heart=HeartRate(170, True, 0.0))
    assert isinstance(ride.verdict.command, Stop)


def test_i6_the_fall_goes_by_time_in_slow_ticks() -> None:
    ride = Ride().at(10.0)
    ride.now_s += 1.75
    ride.tick(heart=HeartRate(175, True, 0.0))
    assert ride.verdict.command == SetSpeed(ride.governor.state.number, 9.5)


def test_i6_a_belt_below_what_was_asked_falls_from_where_it_is() -> None:
    ride = Ride().at(10.0)
    ride.belt_kmh = 9.6
    ride.tick(heart=HeartRate(175, True, 0.0))
    assert ride.verdict.command == SetSpeed(ride.governor.state.number, 9.5)


def test_i6_a_belt_above_what_was_asked_falls_from_what_was_asked() -> None:
    ride = Ride().at(10.0)
    ride.belt_kmh = 10.4
    ride.tick(heart=HeartRate(175, True, 0.0))
    assert ride.verdict.command == SetSpeed(ride.governor.state.number, 9.9)


def test_i7_unfit_no_rise_of_speed_or_incline() -> None:
    for heart in (
        None,
        HeartRate(140, False, 0.0),
        HeartRate(140, True, 5.5),
        HeartRate(0, None, 0),
    ):
        ride = Ride().at(10.0)
        for speed_kmh, incline_pct in ((11.0, 2.0), (11.0, 0.0), (10.0, 2.0)):
            assert ride.follow(3, speed_kmh, incline_pct, heart=heart) == []
            assert Reason.HEART_UNFIT in ride.verdict.reasons
        assert ride.follow(3, 10.0, 0.0, heart=heart) == []
        assert ride.verdict.reasons == ()
        assert speeds(ride.follow(0.5, 9.5, heart=heart)) == [9.5]


def test_i7_the_runner_is_held_too_until_the_heart_ends() -> None:
    ride = Ride().at(10.0)
    ride.press(0.1, heart=None)
    assert ride.wait(1, heart=None) == []
    assert Reason.HEART_UNFIT in ride.verdict.reasons
    ride.wait(30, heart=None)
    assert Reason.HEART_ENDED in ride.verdict.reasons
    assert ride.verdict.shown == "manual"
    ride.press(1.0, heart=None)
    assert speeds(ride.wait(2, heart=None))[-1:] == [11.0]


def test_i7_after_half_a_minute_the_automation_has_no_say_until_confirmed() -> None:
    ride = Ride().at(10.0)
    ride.wait(29.75, heart=None)
    assert ride.verdict.shown == "automatic"
    ride.wait(0.5, heart=None)
    assert ride.verdict.shown == "manual"
    assert ride.follow(5, 9.0) == []
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert Reason.HEART_ENDED not in ride.verdict.reasons
    ride.wait(2)
    assert kinds(ride.follow(3, 11.0)) == {SetSpeed}
    assert ride.follow(1, 11.0, 3.0, heart=None) == []


def test_i7_without_a_ceiling_the_heart_says_nothing() -> None:
    ride = Ride(limits=replace(LIMITS, ceiling_bpm=None), heart=None).at(10.0)
    assert kinds(ride.follow(40, 11.0, 2.0)) == {SetSpeed, SetIncline}
    assert ride.verdict.shown == "automatic"
    assert ride.verdict.lock is not Lock.FAULT


def test_i7_a_heart_lost_before_the_start_has_its_half_minute() -> None:
    ride = Ride(heart=None).stand()
    ride.wait(30)
    ride.tick(confirm=ride.confirm())
    ride.wait(29.5)
    assert ride.verdict.shown == "automatic"
    ride.wait(0.5)
    assert ride.verdict.shown == "manual"


def test_i7_without_a_run_no_heart_is_missed() -> None:
    ride = Ride(heart=None).stand()
    ride.wait(35)
    assert ride.verdict.reasons == ()
