"""Assignment briefs and their rubrics."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Assignment(db.Model):  # type: ignore[name-defined]
    """A brief. `rubric` is `{"levels": [...], "criteria": [{"title": ..., "cells": [...]}]}`."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("course_id", "source_id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    rubric: Mapped[dict[str, Any] | None]
    max_points: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(100))
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    removed_at: Mapped[datetime | None]
