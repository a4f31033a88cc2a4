"""The page beside the belt, served to this computer alone.

Only here is Start accepted, so only here must nobody else speak: the Host and the Origin of each
request have to be this page's own, and no page but the paired server's may show it in a frame.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from urllib.parse import urlsplit

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from beatrunner.accounts.this_computer import is_loopback
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.desk import Desk
from beatrunner.bridge.gym import Part, Switches
from beatrunner.bridge.page_messages import AtTheDesk, FromPage, Switch, View, follow
from beatrunner.kit.log import logger

HOST = "127.0.0.1"
_MAX_BYTES = 4096

log = logger(__name__)
_reader = msgspec.json.Decoder(FromPage)
_writer = msgspec.json.Encoder()


class PageServer:
    """`frame_origin` is that of the paired server, None where there is none."""

    def __init__(
        self,
        listening: socket.socket,
        controls: Controls,
        switches: Switches | None,
        frame_origin: str | None,
        desk: Desk | None = None,
    ) -> None:
        self._listening = listening
        self._controls = controls
        self._switches = switches
        self._frame_origin = frame_origin
        self._desk = desk
        self._html = _read("page.html").replace("<!-- desk.html -->", _read("desk.html"))
        self._inline = _hashes(self._html)
        self._pages: set[_Page] = set()
        self.port: int = listening.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def run(self) -> None:
        """Until cancelled."""
        app = Starlette(
            routes=[Route("/", self._show), WebSocketRoute("/socket", self._speak)],
        )
        config = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=_MAX_BYTES,
            ws_per_message_deflate=False,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve([self._listening]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = server.force_exit = True
            await serving

    def show(self, view: View) -> None:
        """A tick has passed."""
        text = _writer.encode(view).decode()
        for page in self._pages:
            page.show(text)

    async def _show(self, request: Request) -> Response:
        if not self._is_ours(request.headers.get("host", "")):
            return PlainTextResponse("This page is at its own address only.", 421)
        return Response(
            self._html,
            media_type="text/html",
            headers={
                "Content-Security-Policy": self._policy(),
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
            },
        )

    async def _speak(self, socket: WebSocket) -> None:
        origin = urlsplit(socket.headers.get("origin", ""))
        if not (
            self._is_ours(socket.headers.get("host", ""))
            and origin.scheme == "http"
            and self._is_ours(origin.netloc)
        ):
            await socket.close(4403)
            return
        await socket.accept()
        page = _Page(socket)
        self._pages.add(page)
        showing = asyncio.create_task(page.run())
        try:
            while True:
                message = _reader.decode(await _text_of(socket))
                self._controls.hear()
                await self._follow(message, page)
        except WebSocketDisconnect:
            pass
        except msgspec.MsgspecError as error:
            log.warning("bridge.page_said_nonsense", error=str(error))
            await socket.close(4400, "This is no message of the page beside the belt.")
        finally:
            self._controls.leave(page)
            self._pages.discard(page)
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _follow(self, message: FromPage, page: _Page) -> None:
        if isinstance(message, Switch):
            if self._switches is not None:
                await self._switches.turn(Part(message.part), is_off=message.is_off)
        elif isinstance(message, AtTheDesk):
            if self._desk is not None:
                self._desk.follow(message)
        else:
            follow(message, self._controls, page)

    def _is_ours(self, host: str) -> bool:
        return host.lower() in {f"{name}:{self.port}" for name in (HOST, "localhost", "[::1]")}

    def _policy(self) -> str:
        scripts, styles = self._inline
        return (
            f"default-src 'none'; script-src {scripts}; style-src {styles};"
            f" img-src data:; connect-src 'self'"
            f" ws://{HOST}:{self.port} ws://localhost:{self.port}; base-uri 'none';"
            f" form-action 'none'; frame-ancestors {' '.join(self._frames())}"
        )

    def _frames(self) -> list[str]:
        """Who may show this page in a frame; of a server on this computer, under each name."""
        origin = self._frame_origin
        if origin is None:
            return ["'none'"]
        split = urlsplit(origin)
        if not is_loopback(split.hostname or ""):
            return [origin]
        port = f":{split.port}" if split.port else ""
        return [f"{split.scheme}://{name}{port}" for name in (HOST, "localhost")]


async def _text_of(socket: WebSocket) -> str:
    """The next message. Raises WebSocketDisconnect, or DecodeError for a frame that is no text."""
    frame = await socket.receive()
    if frame["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(frame["code"])
    text: str | None = frame.get("text")
    if text is None:
        raise msgspec.DecodeError("a frame that is no text")
    return text


class _Page:
    """One open page. It gets the newest view; those that it was too slow for are left out."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._text: str | None = None
        self._news = asyncio.Event()

    def show(self, text: str) -> None:
        self._text = text
        self._news.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            if self._text is not None:
                await self._socket.send_text(self._text)


class _Server(uvicorn.Server):
    """Leaves the signals to the process: a belt is stopped before anything else is."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def open_port(port: int) -> socket.socket:
    """A socket that listens on `port` of this computer alone; 0: on a free one. Raises OSError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        raise
    return listening


def _read(name: str) -> str:
    return files("beatrunner.bridge").joinpath(name).read_text("utf-8")


def _hashes(html: str) -> tuple[str, str]:
    """What the policy has to name so that the page's own script and style run, and no other."""
    found = (re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL) for tag in ("script", "style"))
    scripts, styles = (
        " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in texts
        )
        for texts in found
    )
    return scripts, styles
