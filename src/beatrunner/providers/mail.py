"""Mail by SMTP."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from beatrunner.kit.clock import Clock
from beatrunner.kit.post import Mail, RefusedMailError
from beatrunner.kit.settings import MailSecurity, Settings

_PATIENCE_S = 15.0


class Smtp:
    """One connection for each mail: they are few."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Raises ValueError when the settings name a server and no sender."""
        if settings.mail_host is None or settings.mail_from is None:
            raise ValueError("mail needs both mail_host and mail_from")
        self._host = settings.mail_host
        self._port = settings.mail_port
        self._security = settings.mail_security
        self._user = settings.mail_user
        password = settings.mail_password
        self._password = "" if password is None else password.get_secret_value()
        self._sender = Address("BeatRunner", addr_spec=settings.mail_from)
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Raises OSError, RefusedMailError."""
        try:
            message = self._written(mail)
        except (ValueError, IndexError, MessageError) as error:
            raise RefusedMailError("not an address") from error
        try:
            await asyncio.to_thread(self._send, message)
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedMailError("the server lacks what this needs") from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if all(code >= 500 for code in codes):
                raise RefusedMailError(f"status {codes[0]}") from error
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500:
                raise RefusedMailError(f"status {error.smtp_code}") from error
            raise

    def _written(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = make_msgid(domain=self._sender.domain)
        # So that nobody's holiday answers it.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    def _send(self, message: EmailMessage) -> None:
        with self._connect() as server:
            if self._user is not None:
                server.login(self._user, self._password)
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        """To a server whose certificate is good, unless the settings want none."""
        context = ssl.create_default_context()
        if self._security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_PATIENCE_S, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=_PATIENCE_S)
        if self._security is MailSecurity.STARTTLS:
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server
