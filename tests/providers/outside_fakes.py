"""Stand-ins for outside services, on real sockets of this machine: their shapes, their refusals."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Raw:
    """What a service sends, well-formed or not; `body` None: it says nothing at all."""

    status: int = 200
    body: bytes | None = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    #: More than is sent: the connection breaks in the middle.
    promised_bytes: int | None = None


def answer(value: Any, status: int = 200, **headers: str) -> Raw:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Raw(status, json.dumps(value).encode(), named)


SILENCE = Raw(body=None)


@dataclass
class OutsideFake:
    """Answers by `reply`, except while something is in `instead`."""

    reply: Callable[[str, dict[str, str]], Raw]
    address: str = ""
    instead: deque[Raw] = field(default_factory=deque)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                url = urlsplit(line.split()[1].decode())
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.asked.append((unquote(url.path), query))
                raw = self.instead.popleft() if self.instead else self.reply(*self.asked[-1])
                if raw.body is None:
                    await reader.read()  # until the other side gives up
                    return
                headers = {
                    "Content-Type": "application/json",
                    **raw.headers,
                    "Content-Length": str(raw.promised_bytes or len(raw.body)),
                }
                head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {raw.status} -\r\n{head}\r\n".encode() + raw.body)
                await writer.drain()
                if raw.promised_bytes:
                    return
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def standing(fake: OutsideFake) -> AsyncIterator[OutsideFake]:
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fake.address = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        server.close()
        for writer in fake.connections:
            writer.close()


@dataclass(frozen=True)
class Known:
    """A recording as catalogues know it."""

    spotify_id: str
    isrc: str | None = None
    reccobeats_bpm: float | None = None
    deezer_bpm: float | None = None


def reccobeats(*catalogue: Known) -> OutsideFake:
    """Knows the songs with a `reccobeats_bpm`; answers the last one first."""

    def reply(path: str, query: dict[str, str]) -> Raw:
        ids = query.get("ids", "").split(",")
        if path != "/audio-features":
            return answer({"error": "Not Found"}, 404)
        if not 1 <= len(ids) <= 40 or not all(ids):
            return answer({"error": "size must be between 1 and 40"}, 400)
        if any(len(found) != 22 for found in ids):
            return answer({"error": "invalid id"}, 400)
        return answer({"content": [features(x) for x in reversed(catalogue) if wanted(x, ids)]})

    def wanted(known: Known, ids: list[str]) -> bool:
        return known.spotify_id in ids and known.reccobeats_bpm is not None

    def features(known: Known) -> dict[str, Any]:
        return {
            "id": "e1f7a9a4-1b1c-4a07-9d2c-3f0d0f6f2f11",
            "href": f"https://open.spotify.com/track/{known.spotify_id}",
            "isrc": known.isrc,
            "energy": 0.8,
            "key": 4,
            "loudness": -5.1,
            "tempo": known.reccobeats_bpm,
            "valence": 0.6,
        }

    return OutsideFake(reply)


QUOTA = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}


#: In Deezer's words, in which the tempo has the name of its unit.
TRACK = b"""{"id": 3135556, "readable": true, "title": "A Song", "isrc": "%s", "duration": 224,
"rank": 956167, "release_date": "2001-03-07", "bpm": %.1f, "gain": -12.4, "type": "track"}"""


def deezer(*catalogue: Known) -> OutsideFake:
    """Has the songs with an ISRC; 0 where it does not know the tempo."""

    def reply(path: str, _query: dict[str, str]) -> Raw:
        for known in catalogue:
            if known.isrc is not None and path == f"/track/isrc:{known.isrc}":
                return Raw(body=TRACK % (known.isrc.encode(), known.deezer_bpm or 0))
        return answer({"error": {"type": "DataException", "message": "no data", "code": 800}})

    return OutsideFake(reply)
