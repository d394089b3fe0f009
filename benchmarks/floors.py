"""What this machine gives at best: four small applications in the usual style, on the same server and database.

(a) a constant string; (b) one Jinja page of 15 kB with one psycopg query; (c) that page with session, user
and 20 entities through the ORM; (d) one answer saved and committed through the ORM.
"""

import hashlib
import os
import threading
from datetime import UTC, datetime
from typing import Any

import psycopg
from flask import Flask, Response, abort, jsonify, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Tables of the real schema, seen through plain entities."""


db = SQLAlchemy(model_class=Base)
login = LoginManager()


class User(db.Model, UserMixin):  # type: ignore[name-defined,misc]
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    time_zone: Mapped[str]
    is_active: Mapped[bool]


class Session(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "user_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    expires_at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()


class Course(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    category: Mapped[str]
    level: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    lesson_count: Mapped[int]
    minutes: Mapped[int]
    enrollment_count: Mapped[int]
    rating_count: Mapped[int]
    rating_average: Mapped[float]
    published_at: Mapped[datetime]


class Attempt(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    state: Mapped[str]
    layout: Mapped[list[Any]] = mapped_column(JSONB)


class Answer(db.Model):  # type: ignore[name-defined,misc]
    __tablename__ = "answers"
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    response: Mapped[dict[str, Any]] = mapped_column(JSONB)
    seq: Mapped[int]
    saved_at: Mapped[datetime]


PAGE = """<!doctype html>
<html lang="en">
<head><title>{{ title }}</title><link rel="stylesheet" href="/static/page.css"></head>
<body>
<header><a href="/">Home</a>{% if user %}<span>{{ user.name }}</span>{% endif %}</header>
<main>
<h1>{{ title }}</h1>
<ul>
{% for course in courses %}
<li class="card">
<h2><a href="/courses/{{ course.slug }}">{{ course.title }}</a></h2>
<p>{{ course.summary }}</p>
<p class="meta">{{ course.category }} · {{ course.level }} · {{ course.lesson_count }} lessons · {{ course.minutes }} minutes</p>
{% if course.rating_count %}<p class="rating">{{ course.rating_average }} of 5, {{ course.rating_count }} ratings</p>{% endif %}
</li>
{% endfor %}
</ul>
<section>{{ text }}</section>
</main>
</body>
</html>
"""
TEXT = "Every page of a product says more than its list does. " * 140

_local = threading.local()
_COURSES = """
    select slug, title, summary, category, level, lesson_count, minutes, rating_count, rating_average
      from courses where state = 'published' order by published_at desc limit 20
"""


def _connection() -> "psycopg.Connection[Any]":
    """One connection a thread, kept open."""
    if not hasattr(_local, "connection"):
        address = os.environ["DATABASE_URL"]
        row_factory = psycopg.rows.namedtuple_row
        _local.connection = psycopg.connect(address, autocommit=True, row_factory=row_factory)
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def create_app() -> Flask:
    """The floors as an application; reads DATABASE_URL and SECRET_KEY."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        SESSION_COOKIE_NAME="__Host-session",
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://" + os.environ["DATABASE_URL"].split("://", 1)[1],
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8, "max_overflow": 4},
    )
    db.init_app(app)
    login.init_app(app)
    app.add_url_rule("/constant", view_func=constant)
    app.add_url_rule("/query", view_func=query)
    app.add_url_rule("/entities", view_func=entities)
    app.add_url_rule("/attempts/<int:attempt_id>/answers/<int:slot>", view_func=save, methods=["POST"])
    return app


@login.user_loader
def load_user(token: str) -> User | None:
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = db.session.scalars(select(Session).where(Session.token_hash == digest)).one_or_none()
    return found.user if found and found.expires_at > datetime.now(UTC) else None


def constant() -> str:
    """Floor (a)."""
    return "Hello from the floor."


def query() -> str:
    """Floor (b)."""
    rows = _connection().execute(_COURSES).fetchall()
    return render_template("page.html", title="Courses", courses=rows, user=None, text=TEXT)


@login_required
def entities() -> str:
    """Floor (c)."""
    statement = select(Course).where(Course.state == "published").order_by(Course.published_at.desc()).limit(20)
    courses = db.session.scalars(statement).all()
    return render_template("page.html", title="Courses", courses=courses, user=current_user, text=TEXT)


@login_required
def save(attempt_id: int, slot: int) -> Response:
    """Floor (d)."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.user_id != current_user.id or attempt.state != "open" or slot >= len(attempt.layout):
        abort(404)
    answer = db.session.get(Answer, (attempt_id, slot))
    if answer is None:
        answer = Answer(attempt_id=attempt_id, slot=slot)
        db.session.add(answer)
    answer.response = {"option": request.form["option"]}
    answer.seq = int(request.form["seq"])
    answer.saved_at = datetime.now(UTC)
    db.session.commit()
    return jsonify(saved_at=answer.saved_at.isoformat(), seq=answer.seq)
