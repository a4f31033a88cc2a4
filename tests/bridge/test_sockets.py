"""Connections to servers that refuse, fall silent, or talk nonsense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.frames import Close

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.sockets import (
    FinalError,
    LaterError,
    Line,
    both,
    judge,
    open_line,
    stay_connected,
)
from beatrunner.codecs import live
from tests.bridge.scripted import (
    Caller,
    Words,
    answering,
    http,
    own_certificate,
    running,
    scripted,
    until,
)

SERVER = ServerAddress("https://runs.example.org")
HELLO = live.Hello(live.PROTOCOL, "bridge", "token")


def closed(code: int) -> ConnectionClosedError:
    return ConnectionClosedError(Close(code, ""), None)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (4400, LaterError, "another version"),
        (4401, FinalError, "Pair it again"),
        (4403, FinalError, "Pair it again"),
        (4404, FinalError, "over"),
        (4409, LaterError, "Another copy"),
        (4410, FinalError, "over"),
        (1012, ConnectionClosed, ""),
        (4408, ConnectionClosed, ""),
    ],
)
def test_what_a_closing_means(code: int, kind: type[Exception], words: str) -> None:
    verdict = judge(closed(code), SERVER)
    assert isinstance(verdict, kind)
    assert words in str(verdict)


def test_a_connection_that_just_broke_means_nothing_more() -> None:
    error = ConnectionClosedError(None, None)
    assert judge(error, SERVER) is error


class Trying:
    """`stay_connected` on a clock of its own; each try takes as long as it says, then raises."""

    def __init__(self, *tries: tuple[float, Exception | None]) -> None:
        self._tries = iter(tries)
        self.now_s = 0.0
        self.pauses_s: list[float] = []
        self.words = Words()

    async def run(self) -> None:
        await stay_connected(self._once, SERVER, self.words, lambda: self.now_s, self._sleep)

    async def _once(self) -> None:
        took_s, error = next(self._tries)
        self.now_s += took_s
        if error is not None:
            raise error

    async def _sleep(self, pause_s: float) -> None:
        self.pauses_s.append(pause_s)
        self.now_s += pause_s


async def test_pauses_grow_to_ten_seconds_and_scatter() -> None:
    trying = Trying(*[(0.1, OSError())] * 8, (0, None))
    await trying.run()
    longest_s = [0.25, 0.5, 1, 2, 4, 8, 10, 10]
    for pause_s, most_s in zip(trying.pauses_s, longest_s, strict=True):
        assert most_s / 2 <= pause_s <= most_s
    assert trying.words.said == ["https://runs.example.org does not answer."] * 8


async def test_a_connection_that_held_is_tried_again_at_once() -> None:
    trying = Trying(*[(0.1, OSError())] * 6, (3, closed(1012)), (0, None))
    await trying.run()
    assert trying.pauses_s[-2] >= 4
    assert trying.pauses_s[-1] <= 0.25
    assert trying.words.said[-1] == "https://runs.example.org has closed the connection."


@pytest.mark.parametrize("error", [LaterError("Not now."), closed(4400), closed(4409)])
async def test_what_may_pass_is_tried_again_much_later(error: Exception) -> None:
    trying = Trying((0, error), (0, None))
    await trying.run()
    assert trying.pauses_s == [30]
    assert not trying.words.is_well


@pytest.mark.parametrize("error", [FinalError("Never."), closed(4401), closed(4410)])
async def test_what_is_final_is_not_tried_again(error: Exception) -> None:
    trying = Trying((0, error), (0, None))
    with pytest.raises(FinalError):
        await trying.run()
    assert trying.pauses_s == []


async def test_what_is_not_of_the_network_goes_up() -> None:
    with pytest.raises(ZeroDivisionError):
        await Trying((0, ZeroDivisionError())).run()


@asynccontextmanager
async def line_to(
    server: ServerAddress, silent_s: float = 5.0
) -> AsyncIterator[Line[live.ToBridge]]:
    async with open_line(server, "/ws/workout/7", live.TO_BRIDGE, silent_s) as line:
        await line.say(HELLO)
        yield line


async def test_the_token_is_in_the_first_message_and_nowhere_else() -> None:
    heard: list[Any] = []

    async def listen(caller: Caller) -> None:
        heard.extend([caller.request, await caller.hear()])

    async with scripted(listen) as server, line_to(server):
        await until(lambda: len(heard) == 2)
    request, first = heard
    assert first == {"type": "hello", "protocol": 1, "role": "bridge", "token": "token"}
    assert request.path == "/ws/workout/7"
    assert "token" not in str(request.headers).lower()
    # A server takes a page's Origin for a reason to look closer; a bridge is no page.
    assert "Origin" not in request.headers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '{"type": "start"}',
        '{"type": "ack"}',
        '{"type": "ack", "number": "7"}',
        '{"type": "pulse", "sent_ms": 1, "controller_age_s": NaN}',
        '{"type": "pulse", "sent_ms": 1, "controller_age_s": 1e999}',
        "[" * 50_000,
        '{"type": "problem", "code": "x", "detail": "' + "x" * 70_000 + '"}',
        '{"type": "problem", "code": "x", "detail": "' + "x" * 3_000_000 + '"}',
        b"\xff\xfe\x00",
    ],
)
async def test_nonsense_is_refused_in_words(text: str | bytes) -> None:
    async def talk(caller: Caller) -> None:
        await caller.say_text(text)
        await caller.stay()

    words = Words()

    async def once() -> None:
        async with line_to(server) as line:
            await line.hear()

    async def sleep(pause_s: float) -> None:
        assert pause_s == 30
        raise FinalError

    async with scripted(talk) as server:
        with pytest.raises(FinalError):
            await stay_connected(once, server, words, lambda: 0.0, sleep)
    assert "does not understand" in words.said[0]


async def test_fields_of_a_newer_server_are_passed_over() -> None:
    async def talk(caller: Caller) -> None:
        await caller.say_text('{"type": "ack", "number": 7, "colour": "red"}')
        await caller.stay()

    async with scripted(talk) as server, line_to(server) as line:
        assert await line.hear() == live.Ack(7)


async def test_a_silent_server_is_given_up() -> None:
    async with scripted(Caller.stay) as server, line_to(server, silent_s=0.05) as line:
        with pytest.raises(TimeoutError):
            await line.hear()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (4401, FinalError, "Pair it again"),
        (4403, FinalError, "Pair it again"),
        (4400, LaterError, "another version"),
        (4410, FinalError, "over"),
        (4499, LaterError, "refused: No."),
    ],
)
async def test_who_is_refused_hears_why(code: int, kind: type[Exception], words: str) -> None:
    """The reason comes as a message, and what to make of it with the closing."""

    async def refuse(caller: Caller) -> None:
        await caller.hear()
        await caller.say(live.Problem("no", "No."))
        await caller.close(code)

    async with scripted(refuse) as server, line_to(server) as line:
        with pytest.raises(kind, match=words):
            await line.hear_first(live.Welcome)


async def test_another_answer_than_a_welcome_is_nonsense() -> None:
    async def talk(caller: Caller) -> None:
        await caller.say(live.Ack(1))
        await caller.stay()

    async with scripted(talk) as server, line_to(server) as line:
        with pytest.raises(LaterError, match="does not understand"):
            await line.hear_first(live.Welcome)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (http("404 Not Found"), LaterError, "no BeatRunner that bridges can join \\(404\\)"),
        (http("200 OK"), LaterError, "no BeatRunner"),
        (http("503 Service Unavailable"), OSError, "503"),
        (b"220 mail.example.org ESMTP\r\n", LaterError, "does not speak as BeatRunner does"),
        (b"", LaterError, "does not speak as BeatRunner does"),
        (b"HTTP/1.1 101 Yes\r\n\r\n", LaterError, "does not speak as BeatRunner does"),
    ],
)
async def test_what_is_no_server_of_ours(answer: bytes, kind: type[Exception], words: str) -> None:
    async with answering(answer) as (server, _asked):
        with pytest.raises(kind, match=words):
            async with line_to(server):
                pass


async def test_nobody_there_is_of_the_network() -> None:
    async with answering(b"") as (server, _asked):
        pass
    with pytest.raises(OSError, match=r"refused|Connect"):
        async with line_to(server):
            pass


async def test_a_server_that_vouches_for_itself_gets_no_token(tmp_path: Path) -> None:
    async with answering(b"", own_certificate(tmp_path)) as (server, asked):
        with pytest.raises(LaterError, match="cannot prove who it is: self-signed certificate"):
            async with line_to(server):
                pass
    assert asked == []


async def test_a_redirection_leads_the_token_nowhere() -> None:
    async with answering(b"") as (elsewhere, asked):
        away = f"Location: {elsewhere.page('/ws')}\r\n"
        async with answering(http("307 Temporary Redirect", away)) as (server, _asked):
            with pytest.raises(LaterError, match="307"):
                async with line_to(server):
                    pass
    assert asked == []


async def test_the_end_of_one_ends_the_other() -> None:
    ends = asyncio.Event()
    cancelled = False

    async def wait() -> None:
        await ends.wait()

    async def last() -> None:
        nonlocal cancelled
        try:
            await asyncio.sleep(60)
        finally:
            cancelled = True

    async with running(both(wait(), last())) as task:
        await asyncio.sleep(0)
        ends.set()
        await task
    assert cancelled


async def test_what_one_raises_goes_up() -> None:
    async def breaks() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await both(asyncio.sleep(60), breaks())
