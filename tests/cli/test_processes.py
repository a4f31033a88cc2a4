from __future__ import annotations

import socket

from beatrunner.cli.processes import send_at_once


def test_small_messages_do_not_wait_for_each_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        send_at_once(listening.fileno())
        with socket.create_connection(listening.getsockname()):
            taken, _ = listening.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
