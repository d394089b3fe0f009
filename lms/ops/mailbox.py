"""The development inbox: an SMTP server on a free port of 127.0.0.1 that keeps each message as a file."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lms.ops.servers import free_port

_LARGEST = 50 * 1024 * 1024


class Mailbox:
    """Keeps messages in `directory` as `<time>-<number>.eml`, oldest first by name.

    The envelope stands above the message as `X-Envelope-From` and `X-Envelope-To`:
    a blind copy has no other trace.

        with Mailbox(Path("var/mail")) as mailbox:
            mailbox.url     # smtp://127.0.0.1:2525
    """

    def __init__(self, directory: Path, *, port: int | None = None) -> None:
        self.directory = directory
        self.port = port or free_port()
        self._numbers = count(1)
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, data_size_limit=_LARGEST, enable_SMTPUTF8=True
        )

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "Mailbox":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def messages(self) -> list[Path]:
        """The files of all messages, oldest first."""
        return sorted(self.directory.glob("*.eml"))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Store one message. A file has its final name only when it is whole."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{next(self._numbers):04}"
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        content = envelope.original_content or b""
        unfinished = self.directory / f"{name}.part"
        unfinished.write_bytes(head.encode() + content)
        unfinished.replace(self.directory / f"{name}.eml")
        return "250 Message kept"
