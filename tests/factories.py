"""Small factories: people and the least course that a test needs. Each commits what it makes."""

import io
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from lms.accounts.models import User, UserSession
from lms.accounts.passwords import fingerprint, hashed
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson, Module

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def person(app: Flask, name: str, email: str, *, role: str = "student", verified: bool = True) -> User:
    """An account whose password is PASSWORD."""
    with app.app_context(), work.unit():
        user = User(
            name=name,
            email=email,
            role=role,
            password_hash=hashed(PASSWORD, 4),
            email_verified_at=NOW if verified else None,
            is_verified_instructor=role != "student",
        )
        db.session.add(user)
        db.session.flush()
        db.session.expunge(user)
    return user


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A client that carries a live session of the user."""
    token = secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    with app.app_context(), work.unit():
        db.session.add(
            UserSession(
                user_id=user.id,
                token_hash=fingerprint(token),
                created_at=moment,
                expires_at=moment + timedelta(days=365),
            )
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def course(app: Flask, owner: User, *, slug: str = "tea", lessons: int = 2, published: bool = True) -> Course:
    """A course of one module with short lessons `lesson-1`, `lesson-2`, ..."""
    with app.app_context(), work.unit():
        made = Course(
            slug=slug,
            title=f"The book of {slug}",
            summary="How to make a good cup.",
            owner_id=owner.id,
            state="published" if published else "draft",
            published_at=NOW if published else None,
            lesson_count=lessons,
            minutes=lessons * 10,
        )
        db.session.add(made)
        db.session.flush()
        module = Module(course_id=made.id, source_id="basics", slug="basics", title="Basics", position=1)
        db.session.add(module)
        db.session.flush()
        for number in range(1, lessons + 1):
            db.session.add(
                Lesson(
                    course_id=made.id,
                    module_id=module.id,
                    source_id=f"basics/lesson-{number}",
                    slug=f"lesson-{number}",
                    title=f"Lesson {number}",
                    body_html=f"<p>Words of lesson {number}.</p>",
                    minutes=10,
                    position=number,
                )
            )
        db.session.flush()
        db.session.expunge_all()
    return made


def picture(width: int = 300, height: int = 200, kind: str = "PNG", **more: Any) -> bytes:
    """A small picture file."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 60, 60)).save(out, kind, **more)
    return out.getvalue()
