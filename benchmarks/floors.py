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
from jinja2 import DictLoader
from sqlalchemy import select

from lms.accounts.models import User, UserSession
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes.models import Answer, Attempt

login = LoginManager()

LAYOUT = """<!doctype html>
<html lang="en">
<head><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='page.css') }}"></head>
<body>
<header><a href="{{ url_for('constant') }}">Home</a> <a href="{{ url_for('entities') }}">Courses</a>
{% if user %}<a href="{{ url_for('query') }}">{{ user.name }}</a>{% endif %}</header>
<main>{% block main %}{% endblock %}</main>
<footer>{{ text }}</footer>
</body>
</html>
"""
PAGE = """{% extends "layout.html" %}
{% block title %}{{ title }}{% endblock %}
{% block main %}
<h1>{{ title }}</h1>
<ul>
{% for course in courses %}
<li class="card">
<h2><a href="{{ url_for('course', slug=course.slug) }}">{{ course.title }}</a></h2>
<p>{{ course.summary }}</p>
<p class="meta">{{ course.category }} · {{ course.level|title }} · {{ course.lesson_count }} lessons
· {{ course.minutes }} minutes · {{ course.published_at.strftime("%d %B %Y") }}</p>
{% if course.rating_count %}<p class="rating">{{ "%.1f"|format(course.rating_average) }} of 5,
{{ course.rating_count }} ratings</p>{% endif %}
</li>
{% endfor %}
</ul>
{% endblock %}
"""
TEXT = "Every page of a product says more than its list does. " * 150

_local = threading.local()
_COURSES = """
    select slug, title, summary, category, level, lesson_count, minutes, rating_count, rating_average, published_at
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
    app.jinja_loader = DictLoader({"layout.html": LAYOUT, "page.html": PAGE})
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
    app.add_url_rule("/courses/<slug>", "course", constant)
    app.add_url_rule("/entities", view_func=entities)
    app.add_url_rule("/attempts/<int:attempt_id>/answers/<int:slot>", view_func=save, methods=["POST"])
    return app


class Person(UserMixin):
    """What Flask-Login asks of a user, around the entity."""

    def __init__(self, user: User) -> None:
        self.id, self.name = user.id, user.name


@login.user_loader
def load_user(token: str) -> Person | None:
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = db.session.scalars(select(UserSession).where(UserSession.token_hash == digest)).one_or_none()
    if found is None or found.ended_at is not None or found.expires_at <= datetime.now(UTC):
        return None
    user = db.session.get(User, found.user_id)
    return Person(user) if user and user.is_active else None


def constant(slug: str = "") -> str:
    """Floor (a)."""
    return "Hello from the floor."


def query() -> str:
    """Floor (b)."""
    rows = _connection().execute(_COURSES).fetchall()
    return render_template("page.html", title="Courses", courses=rows, user=None, text=TEXT)


@login_required
def entities() -> str:
    """Floor (c)."""
    statement = (
        select(Course).where(Course.state == "published").order_by(Course.published_at.desc()).limit(20)
    )
    courses = db.session.scalars(statement).all()
    return render_template("page.html", title="Courses", courses=courses, user=current_user, text=TEXT)


@login_required
def save(attempt_id: int, slot: int) -> Response:
    """Floor (d)."""
    attempt = db.session.get(Attempt, attempt_id)
    if (
        attempt is None
        or attempt.user_id != current_user.id
        or attempt.state != "open"
        or slot >= len(attempt.layout)
    ):
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
