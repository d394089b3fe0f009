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
<head>
<meta charset="utf-8">
<title>{% block title %}{% endblock %} · Floor</title>
<link rel="stylesheet" href="{{ url_for('static', filename='page.css') }}">
<script src="{{ url_for('static', filename='page.js') }}" defer></script>
</head>
<body>
<header>
<a href="{{ url_for('constant') }}">Home</a> <a href="{{ url_for('entities') }}">Courses</a>
<a href="{{ url_for('query') }}">Search</a>
{% if user %}<a href="{{ url_for('person', number=user.id) }}">{{ user.name }}</a>{% endif %}
</header>
<main>{% block main %}{% endblock %}</main>
</body>
</html>
"""
PAGE = """{% extends "layout.html" %}
{% block title %}{{ title }}{% endblock %}
{% block main %}
<h1>{{ title }}</h1>
<p>{{ courses|length }} courses</p>
<ul class="grid">
{% for course in courses %}
<li><article class="card" id="course-{{ course.id }}">
<a href="{{ url_for('course', slug=course.slug) }}">
<img class="cover" src="{{ url_for('static', filename='cover-%s.svg' % (course.id % 9)) }}" alt=""></a>
<div class="card-body">
<h2 class="card-title"><a href="{{ url_for('course', slug=course.slug) }}">{{ course.title }}</a></h2>
<p class="card-summary">{{ course.summary }}</p>
<p class="meta"><span class="category">{{ course.category }}</span> · <span>{{ course.level|title }}</span>
· <span>{{ course.lesson_count }} lessons</span>
· <span>{{ course.minutes // 60 }} h {{ course.minutes % 60 }} min</span></p>
<p class="date">Since
<time datetime="{{ course.published_at.isoformat() }}">{{ course.published_at.strftime("%d %B %Y") }}</time>,
{{ course.enrollment_count }} learners</p>
{% if course.rating_count %}
<p class="rating">{{ "%.1f"|format(course.rating_average) }} of 5, {{ course.rating_count }} ratings</p>
{% endif %}
</div>
</article></li>
{% endfor %}
</ul>
{% endblock %}
"""

_local = threading.local()
_COURSES = """
    select id, slug, title, summary, category, level, lesson_count, minutes, enrollment_count, rating_count,
           rating_average, published_at
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
    app.add_url_rule("/people/<int:number>", "person", constant)
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


def constant(**_: object) -> str:
    """Floor (a)."""
    return "Hello from the floor."


def query() -> str:
    """Floor (b)."""
    rows = _connection().execute(_COURSES).fetchall()
    return render_template("page.html", title="Courses", courses=rows, user=None)


@login_required
def entities() -> str:
    """Floor (c)."""
    statement = (
        select(Course).where(Course.state == "published").order_by(Course.published_at.desc()).limit(20)
    )
    courses = db.session.scalars(statement).all()
    return render_template("page.html", title="Courses", courses=courses, user=current_user)


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
