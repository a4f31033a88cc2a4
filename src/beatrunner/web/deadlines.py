"""uvicorn's HTTP protocol, for people who do not mean it well.

uvicorn waits for ever: for a request whose headers come a byte a minute, for a body that never
ends, for a socket that says nothing, for a client that does not read its answer. Each costs the
sender nothing and us a connection. So there is always a deadline on whoever has the next move:

- the whole head of a request, from the connection or from its first byte: `head_s`, `head_bytes`;
- a body: at least `body_bytes` in each `body_s` in which we were ready to read it, and nothing that
  is none of it (trailers) beyond `head_bytes`;
- whoever is sent an answer: to read some of it within `read_s`.

While the application works, and between two requests (`timeout_keep_alive`), nothing of this
runs. A socket that has become a WebSocket is another protocol's.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class DeadlineProtocol(HttpToolsProtocol):
    head_s = 10.0
    head_bytes = 65_536
    body_s = 10.0
    body_bytes = 4096
    read_s = 30.0

    _deadline: TimerHandle | None = None
    _read_deadline: TimerHandle | None = None
    #: Bytes since the deadline was set.
    _received = 0
    _is_in_body = False
    #: Bytes since the last of a body, which are kept until they come to an end.
    _beside_body = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set(self.head_s, self._on_no_head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unset()
        self._unset_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._is_in_body:
            self._set(self.head_s, self._on_no_head)
        self._received += len(data)
        self._beside_body += len(data)
        super().data_received(data)
        kept = self._beside_body if self._is_in_body else self._received
        if self._deadline is not None and kept > self.head_bytes:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._is_in_body = True
        self._beside_body = 0
        self._set(self.body_s, self._on_slow_body)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._beside_body = 0

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_body = False
        self._unset()

    def handle_websocket_upgrade(self) -> None:
        self._unset()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unset_read()
        self._read_deadline = self.loop.call_later(self.read_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unset_read()

    def _set(self, seconds: float, then: Callable[[], None]) -> None:
        self._unset()
        self._received = 0
        self._deadline = self.loop.call_later(seconds, then)

    def _unset(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _unset_read(self) -> None:
        if self._read_deadline is not None:
            self._read_deadline.cancel()
            self._read_deadline = None

    def _on_no_head(self) -> None:
        self._deadline = None
        if (cycle := self._cycle()) is not None and not cycle.response_complete:
            # The request before is still being answered.
            self._set(self.head_s, self._on_no_head)
        else:
            self._refuse(b"408 Request Timeout")

    def _on_slow_body(self) -> None:
        self._deadline = None
        if self._received >= self.body_bytes or self.flow.read_paused:
            self._set(self.body_s, self._on_slow_body)
        else:
            self._refuse(b"408 Request Timeout")

    def _cycle(self) -> RequestResponseCycle | None:
        """The request at hand, or the last one."""
        return self.cycle

    def _refuse(self, status: bytes) -> None:
        """Close the connection, with an answer where none has begun."""
        self._unset()
        if not self.transport.is_closing():
            cycle = self._cycle()
            if (
                cycle is None
                or not cycle.response_started
                or (cycle.response_complete and not self._is_in_body)
            ):
                self.transport.write(
                    b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                )
            self.transport.close()
