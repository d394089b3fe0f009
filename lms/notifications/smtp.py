"""Sending one message by SMTP."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from urllib.parse import unquote, urlsplit

from flask import current_app

from lms.notifications import rules

TIMEOUT_SECONDS = 30
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class Refused(Exception):
    """The server will never take this message; sending it again is of no use."""

    expected = True
    """Stands with its reason beside the message; not an error of ours."""


def send(message: EmailMessage) -> None:
    """Hand a message to the server of SMTP_URL.

    Raises Refused when the server refuses it for good (5xx for the recipient or the content), and
    SMTPException or OSError for what may pass: no server, greylisting, a wrong password in the settings.
    """
    with session() as server:
        try:
            server.send_message(message)
        except SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise _refusal(code, reason, of_recipient=True) from error
        except SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except SMTPNotSupportedError as error:
            raise Refused(str(error)) from error


class Bounced(Refused):
    """The server says that nothing will ever arrive at this address."""


@contextmanager
def session(seconds: float | None = None) -> Iterator[SMTP]:
    """An open, authenticated session with the server of SMTP_URL, which has so long for each answer, else TIMEOUT_SECONDS.

    Raises SMTPException or OSError.
    """
    server = _connect(seconds or TIMEOUT_SECONDS)
    try:
        _greet(server)
        yield server
    except BaseException:
        server.close()
        raise
    # What goes wrong in saying goodbye does not undo what was accepted before.
    with suppress(SMTPException, OSError):
        server.quit()
    server.close()


def _connect(seconds: float) -> SMTP:
    settings = current_app.config["LECTERN"]
    parts = urlsplit(settings.smtp_url)
    host, port = parts.hostname or "127.0.0.1", parts.port or PORTS[parts.scheme]
    # The name we greet with, so that smtplib does not ask the name server for this machine's own.
    name = urlsplit(settings.base_url).hostname or "localhost"
    if parts.scheme == "smtps":
        return SMTP_SSL(host, port, name, timeout=seconds, context=ssl.create_default_context())
    return SMTP(host, port, name, timeout=seconds)


def _greet(server: SMTP) -> None:
    parts = urlsplit(current_app.config["LECTERN"].smtp_url)
    if parts.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    else:
        server.ehlo_or_helo_if_needed()


def _refusal(code: int, reason: bytes | str, *, of_recipient: bool = False) -> Exception:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    if of_recipient and rules.is_bad_address(code, text):
        return Bounced(f"{code} {text}")
    if 500 <= code < 600:
        return Refused(f"{code} {text}")
    return SMTPResponseException(code, text)
