from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.post import Mail, Post, RefusedMailError
from beatrunner.kit.settings import MailSecurity, Settings
from beatrunner.providers.mail import Smtp
from tests.conftest import HeldClock

MAIL = Mail("runner@example.com", "Your code", "Läuft: 1234 5678\n")


class Inbox:
    def __init__(self) -> None:
        self.answers: list[str] = []
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope.content)
        return answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=found)
    controller.start()
    yield found
    controller.stop()


def make_smtp(port: int, security: MailSecurity = MailSecurity.NONE) -> Smtp:
    settings = Settings(
        mail_host="127.0.0.1",
        mail_port=port,
        mail_security=security,
        mail_from="beatrunner@example.org",
    )
    return Smtp(settings, HeldClock())


async def test_a_mail_arrives_as_it_was_written(inbox: Inbox, port: int) -> None:
    await make_smtp(port).send(MAIL)
    (content,) = inbox.mails
    message = message_from_bytes(content, policy=policy.default)
    assert message["To"] == MAIL.to
    assert message["From"] == "BeatRunner <beatrunner@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.text


async def test_nothing_is_sent_in_the_clear_unless_that_is_set(inbox: Inbox, port: int) -> None:
    with pytest.raises(RefusedMailError):
        await make_smtp(port, MailSecurity.STARTTLS).send(MAIL)
    assert inbox.mails == []


@pytest.mark.parametrize("to", ["a@example.com\r\nBcc: b@example.com", "no address", ""])
async def test_an_address_cannot_add_a_header(inbox: Inbox, port: int, to: str) -> None:
    with pytest.raises(RefusedMailError):
        await make_smtp(port).send(Mail(to, "S", "T"))
    assert inbox.mails == []


@pytest.mark.parametrize(("answer", "arrives"), [("451 Later", 1), ("554 Never", 0)])
async def test_what_is_refused_for_now_is_sent_again(
    inbox: Inbox, port: int, answer: str, arrives: int
) -> None:
    inbox.answers = [answer, "250 OK"]
    post = Post(make_smtp(port), Afterwards(), waits_s=[0.01])
    post.send(MAIL)
    await post.afterwards.settle(10.0)
    assert len(inbox.mails) == arrives
