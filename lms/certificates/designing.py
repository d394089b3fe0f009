"""What a course's staff choose for its certificates. Those that were issued keep what they have. Nothing here commits."""

import io
from datetime import datetime
from typing import Any, Literal

from PIL import Image
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.certificates import queries
from lms.certificates.look import Look
from lms.certificates.models import Template
from lms.core.db import db
from lms.files import actions as files
from lms.files.pictures import TooLarge, Unreadable, drawn_anew

Part = Literal["logo", "signature"]

LARGEST = 5 * 1024 * 1024
"""Bytes of an upload."""
ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
EDGE = 1200
"""Pixels: more than a printer shows at the size in which it stands on the page."""


class Unusable(Exception):
    """This is no picture that can stand on a certificate."""


def choose(course: queries.Facts, look: Look, at: datetime) -> None:
    """Let the certificates of a course look so from now on."""
    _write(course, at, look=look.kept())


def set_picture(course: queries.Facts, part: Part, data: bytes, kind: str, at: datetime) -> None:
    """Use this as logo or signature. `kind` is the ending of its name. Raises Unusable."""
    drawn = printable(data, kind)
    with Image.open(io.BytesIO(drawn)) as picture:
        width, height = picture.size
    stored = files.keep(drawn, "image/png", width=width, height=height)
    _write(course, at, **{f"{part}_file_id": stored.id})


def remove_picture(course: queries.Facts, part: Part, at: datetime) -> None:
    """Leave it out from now on."""
    _write(course, at, **{f"{part}_file_id": None})


def printable(data: bytes, kind: str) -> bytes:
    """A PNG of at most EDGE pixels each way, with its clear parts clear, without its empty margins. Raises Unusable."""
    if kind not in ENDINGS or len(data) > LARGEST:
        raise Unusable
    try:
        bare = drawn_anew(io.BytesIO(data), kind)
    except (Unreadable, TooLarge) as error:
        raise Unusable from error
    with Image.open(io.BytesIO(bare.data)) as opened:
        picture = opened.convert("RGBA")
    ink = picture.getchannel("A").getbbox()
    if ink is None:
        raise Unusable
    picture = picture.crop(ink)
    picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(course: queries.Facts, at: datetime, **values: Any) -> None:
    db.session.execute(
        insert(Template)
        .values(course_id=course.id, updated_at=at, **values)
        .on_conflict_do_update(index_elements=[Template.course_id], set_={**values, "updated_at": at})
    )
    audit.record(
        "certificate.designed", at, subject_kind="course", subject_id=course.id, subject_name=course.title
    )
