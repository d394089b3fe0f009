"""Stored files: what they are and where their bytes lie."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class StoredFile(db.Model):  # type: ignore[name-defined]
    """Bytes in a storage back end under an opaque key. Same bytes, same row."""

    __tablename__ = "stored_files"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FileVariant(db.Model):  # type: ignore[name-defined]
    """A stored picture in a smaller width (pixels); `variant_id` is the picture itself where that saves nothing."""

    __tablename__ = "file_variants"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id", ondelete="CASCADE"), index=True)


class Upload(db.Model):  # type: ignore[name-defined]
    """A file that comes in pieces, for a course. `size` and `received` are bytes; `path` is where it went in the
    end, kept for a while in case the answer that said so was lost."""

    __tablename__ = "uploads"
    __table_args__ = (CheckConstraint("received between 0 and size", name="received"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0, server_default="0")
    path: Mapped[str | None]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class UploadChunk(db.Model):  # type: ignore[name-defined]
    """A piece of it that lies in the storage under `key`; it begins `start` bytes into the file."""

    __tablename__ = "upload_chunks"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    key: Mapped[str]
