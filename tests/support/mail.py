"""A real SMTP server that keeps what it receives."""

import asyncio
import ssl
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from lms.ops.servers import free_port


class _Keep:
    """Answers each message with the next of `answers`, and with "250 kept" when there is none left.

    An answer to `RCPT` begins with "rcpt "; "hang up" closes the line after the message, unanswered; "slow 2"
    takes the message, but says so only after two seconds.
    """

    def __init__(self, messages: list[EmailMessage]) -> None:
        self.messages = messages
        self.answers: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 kept"
        if answer == "hang up":
            server.transport.abort()
            return "451 nobody hears this"
        if answer.startswith("slow "):
            await asyncio.sleep(float(answer.removeprefix("slow ")))
            answer = "250 kept at last"
        if not answer.startswith("250"):
            return answer
        parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(envelope.content)
        self.messages.append(parsed)
        return answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


class Inbox:
    """`messages` in the order of their arrival. `answers` makes it refuse: see _Keep."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> None:
        self.messages: list[EmailMessage] = []
        self._handler = _Keep(self.messages)
        self.answers = self._handler.answers
        self.logins = self._handler.logins
        self._controller = Controller(
            self._handler,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=tls,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=self._handler.authenticate,
            auth_require_tls=False,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def clear(self) -> None:
        self.messages.clear()
        self.answers.clear()
        self.logins.clear()

    @property
    def subjects(self) -> list[str]:
        """What arrived, in short."""
        return [f"{message['to']}: {message['subject']}" for message in self.messages]

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that one address received."""
        return [message for message in self.messages if address in str(message["to"])]


def text_of(message: EmailMessage) -> str:
    """The plain words of a message."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def arrived(inbox: Inbox, address: str, words: str, seconds: float = 30.0) -> str:
    """Wait for a message to `address` that holds `words`; its text."""
    return text_of(message_with(inbox, address, words, seconds))


def message_with(inbox: Inbox, address: str, words: str, seconds: float = 30.0) -> EmailMessage:
    """The first message to `address` whose subject or text holds `words`. Fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        for message in inbox.to(address):
            if words in str(message["subject"]) or words in text_of(message):
                return message
        assert time.monotonic() < deadline, f"no mail with {words!r} to {address}: {inbox.subjects}"
        time.sleep(0.05)
