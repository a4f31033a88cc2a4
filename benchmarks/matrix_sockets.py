"""Whom the sockets listen to: every message that there is, from everybody but who may say it.

Before hello a socket hears every message, and hellos with every kind of token that is not for it.
After a good one it hears, in each role, every message of other roles and of the server. All of
them are made from the protocol's own unions, and each is as it should be but for who says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any, get_args
from uuid import UUID

from hypothesis import Phase, find, settings

from beatrunner.accounts.personal_tokens import PersonalTokens, Scope
from beatrunner.accounts.this_computer import Caller
from beatrunner.codecs import live
from beatrunner.codecs.live.parts import Role
from beatrunner.codecs.live.text import FromBridge, FromRunner, FromStanding, FromWatcher, Message
from tests.codecs.live.messages import messages_of
from tests.conftest import make_account
from tests.workouts.gym import Gym, Line, access_token
from tests.workouts.test_standing import standing

_MALFORMED = 4400
#: What a socket may answer to who is not to be there: only why it closes.
_TURNED_AWAY = frozenset({_MALFORMED, 4401, 4403, 4404})


async def before_hello(gym: Gym, workout_id: UUID) -> tuple[int, list[str]]:
    """How many cases there were, and those that were answered."""
    stranger = await access_token(gym.parts, await make_account(gym.parts.database))
    tokens = next(one for one in gym.parts.provided if isinstance(one, PersonalTokens))
    async with gym.parts.database.write() as tx:
        script = await tokens.make(tx, gym.account_id, "all", list(Scope), None, Caller("", {}))
    texts = {f"{name} before hello": live.encode(message) for name, message in _messages(set())}
    wrong = {"nobody": "x", "a stranger": stranger, "a script": script.token}
    for role in get_args(Role):
        other = gym.bridge_token if role != "bridge" else gym.access_token
        for who, token in {**wrong, "the other side": other}.items():
            hello = live.Hello(live.PROTOCOL, role, token)
            texts[f"{role} with the token of {who}"] = live.encode(hello)
    answered, said = [], 0
    for path in (f"/ws/workout/{workout_id}", "/ws/bridge"):
        for what, text in texts.items():
            said += 1
            async with gym.line(path, live.TO_RUNNER) as line:
                await line.say_text(text)
                code = await line.closed()
            told = [one for one in line.heard if not isinstance(one, live.Problem)]
            if code not in _TURNED_AWAY or told:
                answered.append(f"{path}: {what} ({code})")
    return said, answered


async def after_hello(gym: Gym, workout_id: UUID) -> tuple[int, list[str]]:
    """How many cases there were, and those in which somebody was not turned away."""
    before = await gym.workout(workout_id)

    roles: dict[str, tuple[Any, type, Callable[[], AbstractAsyncContextManager[Line]]]] = {
        "runner": (FromRunner, live.Welcome, lambda: gym.page(workout_id)),
        "watcher": (FromWatcher, live.Welcome, lambda: gym.page(workout_id, "watcher")),
        "bridge": (FromBridge, live.Welcome, lambda: gym.bridge(workout_id)),
        "standing bridge": (FromStanding, live.BridgeWelcome, lambda: standing(gym)),
    }
    heard, said = [], 0
    for role, (may_say, welcome, speaking) in roles.items():
        theirs = {kind.__struct_config__.tag for kind in get_args(may_say)}
        for name, message in _messages(theirs):
            said += 1
            async with speaking() as line:
                await line.hear(welcome)
                await line.say(message)
                code = await line.closed()
            if code != _MALFORMED:
                heard.append(f"{role} says {name} ({code})")
    after = await gym.workout(workout_id)
    if after["settings"] != before["settings"] or after["state"] != before["state"]:
        heard.append("the workout is another")
    return said, heard


def _messages(but: set[str]) -> Iterator[tuple[str, Any]]:
    """One of each kind, as simple as it may be."""
    for kind in get_args(Message):
        if kind.__struct_config__.tag not in but:
            yield kind.__name__, _simplest(kind)


@cache
def _simplest(kind: type) -> Any:
    # The first one that is tried.
    tries = settings(database=None, max_examples=1, phases=[Phase.generate])
    return find(messages_of(kind), lambda _: True, settings=tries)
