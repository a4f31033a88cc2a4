"""Workouts over real sockets of a real server."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from beatrunner.codecs import live
from beatrunner.db.tables import music_events
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from beatrunner.workouts import store
from tests.conftest import make_account
from tests.workouts.gym import Gym, access_token, samples, song, status

HEART = {"mode": "heart", "target_low_bpm": 130, "target_high_bpm": 145}


async def test_a_workout_from_hello_to_the_sealed_run(gym: Gym) -> None:
    workout_id = await gym.begin(mode="beat")
    async with gym.bridge(workout_id) as bridge, gym.page(workout_id) as page:
        welcome = await bridge.hear(live.Welcome)
        assert (welcome.acknowledged, welcome.generation) == (0, 1)
        assert (await bridge.hear(live.Setup)).ceiling_bpm
        assert (await page.hear(live.Welcome)).in_control
        await page.say(song(position_s=40.0, is_shuffled=True))
        await bridge.say(status(elapsed_s=1.0, heart_rate_bpm=140.0), samples(1, 1))
        wish = await bridge.hear(live.Wish)
        assert (wish.lease_id, wish.generation) == (welcome.lease_id, 1)
        await bridge.say(samples(2, 60))
        await bridge.hear_ack(60)
        shown = await page.hear(live.Live)
        while shown.status is None:
            shown = await page.hear(live.Live)
        assert shown.status.heart_rate_bpm == 140.0
        await page.say(live.Finish())
        await bridge.hear(live.End)
        assert any(isinstance(message, live.StopBelt) for message in bridge.heard)
        await bridge.say(live.Bye())
        assert await bridge.closed() == 4410
        assert (await page.hear(live.Ended)).activity_id is None
        await gym.work()
        activity_id = (await page.hear(live.Ended)).activity_id
        assert await page.closed() == 4410
    told = await gym.workout(workout_id)
    assert (told["state"], told["activity_id"]) == ("sealed", str(activity_id))
    assert told["summary"]["distance_m"] == pytest.approx(150.0)
    soundtrack = (await gym.client.get(f"/v1/soundtracks/{activity_id}")).json()
    assert [track["title"] for track in soundtrack["tracks"]] == ["Blue"]
    async with gym.parts.database.read() as tx:
        assert await tx.scalar(select(music_events.c.is_shuffled)) is True
    fit = await gym.client.get(f"/v1/workouts/{workout_id}/fit")
    assert fit.content[8:12] == b".FIT"


async def test_after_a_break_nothing_is_lost_or_doubled(gym: Gym) -> None:
    workout_id = await gym.begin(**HEART)
    async with gym.bridge(workout_id) as bridge:
        await bridge.say(samples(1, 5))
        await bridge.hear_ack(5)
    async with gym.bridge(workout_id) as bridge:
        welcome = await bridge.hear(live.Welcome)
        assert (welcome.acknowledged, welcome.generation) == (5, 2)
        # It missed the last acknowledgement, so it sends more than it has to.
        await bridge.say(samples(4, 12), samples(9, 14))
        await bridge.hear_ack(14)
    assert await gym.numbers(workout_id) == list(range(1, 15))


async def test_the_later_socket_of_a_bridge_wins(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as first:
        await first.hear(live.Setup)
        async with gym.bridge(workout_id) as second:
            await second.hear(live.Setup)
            assert await first.closed() == 4409
            await second.say(samples(1, 2))
            await second.hear_ack(2)


async def test_a_server_that_was_taken_over_writes_nothing(gym: Gym) -> None:
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as bridge, gym.page(workout_id) as page:
        await bridge.say(samples(1, 2))
        await bridge.hear_ack(2)
        async with gym.parts.database.write() as tx:
            await store.update_holder(tx, workout_id, "another:1")
        await bridge.say(samples(3, 4))
        assert await bridge.closed() == 4409
        assert await page.closed() == 4421
    assert await gym.numbers(workout_id) == [1, 2]


async def test_history_before_a_break_does_not_lead_the_belt(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin(**HEART)
    async with sqlite_gym.bridge(workout_id) as bridge:
        await bridge.say(status(elapsed_s=100.0), samples(1, 50))
        await bridge.hear_ack(50)
        assert not [message for message in bridge.heard if isinstance(message, live.Wish)]
        await bridge.say(samples(51, 99))
        await bridge.hear(live.Wish)


async def test_nobody_but_the_runner_in_control_nudges(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with (
        gym.bridge(workout_id) as bridge,
        gym.page(workout_id) as page,
        gym.page(workout_id, "watcher") as watcher,
    ):
        await bridge.hear(live.Setup)
        await page.hear(live.History)
        await page.say(live.Nudge(0.5, 0.0))
        nudge = await bridge.hear(live.BridgeNudge)
        assert (nudge.speed_kmh, nudge.incline_pct) == (0.5, 0.0)
        gym.access_token = await access_token(gym.parts, gym.account_id)
        async with gym.page(workout_id) as other:
            assert not (await other.hear(live.Welcome)).in_control
            await other.say(live.Nudge(9.0, 0.0))
            assert (await other.hear(live.Problem)).code == "not_in_control"
            await other.say(live.TakeControl(), live.Nudge(-0.5, 0.0))
            assert (await bridge.hear(live.BridgeNudge)).speed_kmh == -0.5
        await watcher.say(live.Stop())
        await bridge.hear(live.StopBelt)
        await watcher.say(live.Nudge(0.5, 0.0))
        assert await watcher.closed() == 4400


async def test_a_page_that_is_loaded_again_is_in_control(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin()
    async with sqlite_gym.page(workout_id) as old:
        await old.hear(live.History)
        async with sqlite_gym.page(workout_id) as new:
            assert (await new.hear(live.Welcome)).in_control


async def test_another_goal_reaches_the_bridge_and_is_kept(gym: Gym) -> None:
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as bridge, gym.page(workout_id) as page:
        await bridge.hear(live.Setup)
        await page.hear(live.History)
        await page.say(live.Goal(live.Settings(mode="heart")))
        assert (await page.hear(live.Problem)).code == "refused"
        await page.say(live.Goal(live.Settings(mode="beat", max_speed_kmh=10.0)))
        assert (await bridge.hear(live.Setup)).workout.max_speed_kmh == 10.0
        await bridge.say(samples(1, 1))
        await bridge.hear_ack(1)
    assert (await gym.workout(workout_id))["settings"]["mode"] == "beat"


async def test_stop_and_finish_over_http_reach_the_belt(gym: Gym) -> None:
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as bridge:
        await bridge.hear(live.Setup)
        assert (await gym.client.post(f"/v1/workouts/{workout_id}/stop")).status_code == 202
        await bridge.hear(live.StopBelt)
        # As another process would ask for it.
        async with gym.parts.database.write() as tx:
            await store.update_workout(tx, workout_id, {"stop_asked_at": system_clock()})
        await bridge.hear(live.StopBelt)
        assert (await gym.client.post(f"/v1/workouts/{workout_id}/finish")).is_success
        await bridge.hear(live.End)
        await bridge.say(live.Bye())
        assert await bridge.closed() == 4410
    assert (await gym.workout(workout_id))["state"] == "dropped"


async def test_songs_over_http_are_kept(gym: Gym) -> None:
    workout_id = await gym.begin()
    songs = f"/v1/workouts/{workout_id}/songs"
    assert (await gym.client.post(songs, json={"title": "One", "artist": "A"})).is_success
    async with gym.bridge(workout_id) as bridge:
        await bridge.hear(live.Setup)
        assert (await gym.client.post(songs, json={"title": "Two", "artist": "A"})).is_success
        await bridge.say(samples(1, 1))
        await bridge.hear_ack(1)
    async with gym.parts.database.read() as tx:
        found = await store.list_songs(tx, workout_id)
    assert [(row.ordinal, row.title) for row in found] == [(0, "One"), (1, "Two")]


async def test_the_next_song_is_chosen_from_the_queue(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin(mode="beat")
    queue = [
        live.QueuedSong(track_id=new_id(), title=f"{tempo}", artist="A", tempo_bpm=tempo)
        for tempo in (120.0, 166.0)
    ]
    async with sqlite_gym.bridge(workout_id) as bridge, sqlite_gym.page(workout_id) as page:
        await page.hear(live.History)
        await page.say(song(), live.Queue(queue))
        for number in range(1, 6):
            # A heart that is known would soon want slower songs.
            await bridge.say(samples(number, number, heart_rate_bpm=None))
            await bridge.hear_ack(number)
        while (await page.hear(live.Choose)).track_id != queue[1].track_id:
            pass
        assert any(isinstance(m, live.Beat) and m.beat_spm == 165.0 for m in bridge.heard)


async def test_strangers_get_nothing(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    path = f"/ws/workout/{workout_id}"
    stranger = await access_token(gym.parts, await make_account(gym.parts.database))
    for hello, code in (
        (live.Hello(1, "runner", "nonsense"), 4401),
        (live.Hello(1, "bridge", gym.access_token), 4401),
        (live.Hello(1, "runner", gym.bridge_token), 4401),
        (live.Hello(1, "runner", stranger), 4404),
        (live.Hello(2, "runner", gym.access_token), 4400),
    ):
        async with gym.line(path, live.TO_RUNNER) as line:
            await line.say(hello)
            assert await line.closed() == code, hello
            assert isinstance(line.heard[0], live.Problem)
    for said in ("{}", "[", b"\x00", live.encode(live.Stop())):
        async with gym.line(path, live.TO_RUNNER) as line:
            await line.say_text(said)
            assert await line.closed() == 4400


async def test_a_bridge_of_another_workout_is_sent_away(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    code = (await gym.client.post("/v1/devices/pairing-codes", json={})).json()["code"]
    pair = {"code": code, "name": "Attic"}
    gym.bridge_token = (await gym.client.post("/v1/devices/bridges", json=pair)).json()["token"]
    async with gym.bridge(workout_id) as bridge:
        assert await bridge.closed() == 4403


async def test_a_foreign_page_opens_no_socket(sqlite_gym: Gym) -> None:
    url = sqlite_gym.address.replace("http", "ws") + "/ws/bridge"
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, origin="https://evil.example", proxy=None)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


async def test_a_flood_is_cut_off(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin()
    async with sqlite_gym.page(workout_id) as page:
        for number in range(400):
            await page.say(live.PulseBack(number))
        assert await page.closed() == 4429


async def test_whoever_signs_out_sees_nothing_more(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with gym.page(workout_id) as page:
        await page.hear(live.History)
        await gym.client.post("/v1/auth/sign-out")
        assert await page.closed() == 4401


async def test_a_withdrawn_bridge_is_out(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as bridge:
        await bridge.hear(live.Setup)
        assert (await gym.client.delete(f"/v1/devices/{gym.bridge_id}")).status_code == 204
        assert await bridge.closed() == 4403


async def test_a_deleted_workout_closes_its_sockets(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with gym.page(workout_id) as page:
        await page.hear(live.History)
        assert (await gym.client.delete(f"/v1/workouts/{workout_id}")).status_code == 204
        assert await page.closed() == 4404
