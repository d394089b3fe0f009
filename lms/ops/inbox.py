"""What the development inbox has kept, for a page that shows it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import current_app

from config import ROOT

NAME = re.compile(r"(\d{8}T\d{6})\d{6}-\d+")
MOST = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message as text and as HTML; its links open in a page of their own."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: tuple[str, ...]


def folder() -> Path:
    """Where `make run` keeps its mail."""
    return Path(current_app.config.get("DEVELOPMENT_MAIL", ROOT / "var" / "mail"))


def newest() -> list[Message]:
    """The latest messages, newest first."""
    names = sorted((path.stem for path in folder().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)
    return [read for name in names[:MOST] if (read := message(name))]


def message(name: str) -> Message | None:
    """The message of that name, which is its file's without `.eml`."""
    path = folder() / f"{name}.eml"
    match = NAME.fullmatch(name)
    if match is None or not path.is_file():
        return None
    with path.open("rb") as file:
        parsed = BytesParser(EmailMessage, policy=policy.default).parse(file)
    return Message(
        name=name,
        at=datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC),
        to=str(parsed["X-Envelope-To"] or parsed["To"] or ""),
        sender=str(parsed["From"] or ""),
        subject=str(parsed["Subject"] or ""),
        text=_body(parsed, "plain"),
        html=_body(parsed, "html").replace("<head>", '<head><base target="_blank">', 1),
        attachments=tuple(part.get_filename() or "" for part in parsed.iter_attachments()),
    )


def _body(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
