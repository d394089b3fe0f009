"""Pictures in the width that a reader's screen has use for, drawn when they are first asked for."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lms.core.db import AnyRow, db
from lms.files import actions, pictures, storage
from lms.files.kinds import widths
from lms.files.models import FileVariant, StoredFile

_FACTS = (
    StoredFile.id,
    StoredFile.key,
    StoredFile.sha256,
    StoredFile.size,
    StoredFile.media_type,
    StoredFile.created_at,
)


def in_width(name: str, key: str, wanted: str | None) -> AnyRow | None:
    """The picture stored under `key`, called `name`, in the width that an address asks for (pixels).

    None when it has no such width: the picture itself then serves. Raises FileNotFoundError when the storage
    lost its bytes.
    """
    if wanted is None or not wanted.isdecimal() or len(wanted) > 4:
        return None
    width = int(wanted)
    if width not in widths(name, width + 1):
        return None
    return _known(key, width) or _made(name, key, width)


def _known(key: str, width: int) -> AnyRow | None:
    file = select(StoredFile.id).where(StoredFile.key == key).scalar_subquery()
    return db.session.execute(
        select(*_FACTS)
        .join(FileVariant, FileVariant.variant_id == StoredFile.id)
        .where(FileVariant.file_id == file, FileVariant.width == width)
    ).one_or_none()


def _made(name: str, key: str, width: int) -> AnyRow | None:
    original = db.session.execute(select(StoredFile).where(StoredFile.key == key)).scalar_one()
    if width not in widths(name, original.width):
        return None
    variant = original
    try:
        small = pictures.narrowed(storage.read(key), width)
    except (pictures.Unreadable, pictures.TooLarge):
        pass
    else:
        if len(small.data) < original.size:
            variant = actions.keep(small.data, "image/webp", width=small.width, height=small.height)
    # Two readers may ask at once; both drew the same.
    db.session.execute(
        insert(FileVariant)
        .values(file_id=original.id, width=width, variant_id=variant.id)
        .on_conflict_do_nothing()
    )
    return _known(key, width)
