"""Portraits: what was uploaded is drawn anew, so that only its pixels remain. Nothing here commits."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select, update

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.files import actions
from lms.files.models import StoredFile

LARGEST = 5 * 1024 * 1024
"""Bytes of an upload."""
MOST_PIXELS = 16_000_000
"""A small file may unfold to gigabytes; a good camera stays below this."""
EDGE = 256
FORMATS = ("JPEG", "PNG", "WEBP")


class Unusable(Exception):
    """This is no picture that we take."""


def drawn_anew(data: bytes) -> bytes:
    """A square WebP of EDGE pixels, turned upright, without any metadata. Raises Unusable."""
    if len(data) > LARGEST:
        raise Unusable("too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Unusable("too many pixels")
                image.draft("RGB", (EDGE * 2, EDGE * 2))
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise Unusable(str(error)) from error
    square = ImageOps.fit(upright, (EDGE, EDGE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", square.size, "white")
    paper.paste(square, mask=square.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "WEBP", quality=82)
    return out.getvalue()


def set_portrait(user_id: int, data: bytes) -> None:
    """Use the picture. Raises Unusable."""
    stored = actions.keep(drawn_anew(data), "image/webp", width=EDGE, height=EDGE)
    _point(user_id, stored.id)


def remove(user_id: int) -> None:
    """Back to the initials."""
    _point(user_id, None)


def portrait_of(user_id: int) -> AnyRow | None:
    """The stored file of an active person's portrait."""
    return db.session.execute(
        select(
            StoredFile.key, StoredFile.media_type, StoredFile.size, StoredFile.sha256, StoredFile.created_at
        )
        .join(User, User.avatar_file_id == StoredFile.id)
        .where(User.id == user_id, User.is_active)
    ).one_or_none()


def _point(user_id: int, file_id: int | None) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(avatar_file_id=file_id))
