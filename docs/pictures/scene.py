"""What the pictures show: the demo data, and what people would have done besides, at one fixed moment."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.calendars import actions as calendars
from lms.certificates.models import Certificate
from lms.core import tasks, work
from lms.core.db import db
from lms.courses import actions as courses
from lms.courses.models import Course, Lesson
from lms.discussions import announcements, posts
from lms.discussions.models import Post
from lms.files import storage
from lms.files.models import StoredFile
from lms.interop import jobs
from lms.interop.actions import import_course
from lms.learning import actions as learning
from lms.learning.models import Enrollment
from lms.ops import seed
from lms.ops.seed_people import LEARNERS
from lms.quizzes import accommodations
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quiz_queries
from lms.quizzes.models import Question, Quiz

AT = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)
"""A Tuesday morning; every date in a picture is counted from here."""

ARABIC = "learner05@example.org"
"""Reads the site in Arabic."""
GRACE = timedelta(seconds=30)
MAPS = "how-to-read-a-map"
_ESSAYS = (
    ("learner01@example.org", "The stream went over the third stone only when a cart had crossed upstream."),
    ("learner02@example.org", "Two wagtails, one of them ringed, came back to the same alder four times."),
    ("learner04@example.org", "It rained, so I wrote what I heard: gutters, then leaves, then nothing."),
)


def speak(app: Flask, language: str) -> None:
    """Let everybody read the site in this language, but who reads it in Arabic among the English."""
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.email != ARABIC).values(language=language))


@dataclass
class Scene:
    """`facts` fill the `{...}` in the addresses of shots; `people` are the addresses that sign in."""

    app: Flask
    facts: dict[str, object] = field(default_factory=dict)
    people: dict[str, str] = field(
        default_factory=lambda: {
            "bob": "bob@example.org",
            "alice": "alice@example.org",
            "dana": "dana@example.org",
            "reader": ARABIC,
        }
    )


def set_up(app: Flask, run_jobs: Callable[[Flask], None], learners: int = 30) -> Scene:
    """Make it in an empty database. The clock must stand at AT; `run_jobs` works off what waits.

    Ten learners are enough for every shot; more fill the lists.
    """
    scene = Scene(app)
    with app.app_context(), work.unit():
        seed.demo(AT, LEARNERS[:learners])
    run_jobs(app)
    with app.app_context(), work.unit():
        _put_clocks_right()
        people = {person.email: person for person in db.session.scalars(select(User))}
        course = db.session.scalars(select(Course).where(Course.slug == MAPS)).one()
        _read_on(course, people["bob@example.org"], scene)
        _talk(course, people, scene)
        _hand_in_essays(people)
        _accommodate(people, scene)
        calendars.renew(people["bob@example.org"].id, AT)
        scene.facts["task"] = _look_at_an_import(people["alice@example.org"].id)
    run_jobs(app)
    with app.app_context(), work.unit():
        refreshing.refresh(AT)
        scene.facts["bob"] = people["bob@example.org"].id
        scene.facts["certificate"], scene.people["graduate"] = db.session.execute(
            select(Certificate.number, User.email)
            .join(User, User.id == Certificate.user_id)
            .where(Certificate.course_title == "How to Read a Map")
            .order_by(User.id)
            .limit(1)
        ).one()
    return scene


def _put_clocks_right() -> None:
    """Everybody lives in one zone, and files are as old as their courses; the database stamped those itself."""
    db.session.execute(update(User).values(time_zone="Europe/London"))
    db.session.execute(update(User).where(User.email == ARABIC).values(language="ar"))
    db.session.execute(update(StoredFile).values(created_at=AT - timedelta(days=60)))
    db.session.expire_all()


def _lesson(slug: str) -> Lesson:
    return db.session.scalars(select(Lesson).where(Lesson.slug == slug)).one()


def _read_on(course: Course, bob: User, scene: Scene) -> None:
    """Bob has the next quiz open, with two answers given; an earlier one of his is the result that is shown."""
    enrolled = db.session.scalars(
        select(Enrollment).where(Enrollment.course_id == course.id, Enrollment.user_id == bob.id)
    ).one()
    taken = db.session.scalars(select(Quiz).where(Quiz.lesson_id == _lesson("scale").id)).one()
    scene.facts["scale"] = taken.id
    scene.facts["question"] = db.session.scalar(
        select(Question.id).where(Question.quiz_id == taken.id).order_by(Question.position.desc()).limit(1)
    )
    scene.facts["result"] = quiz_queries.attempts_of(taken.id, bob.id)[0].id
    learning.open_lesson(enrolled.id, _lesson("direction").id, AT - timedelta(minutes=20))
    quiz = quiz_queries.quiz_for(MAPS, "where-exactly", "check", user_id=bob.id, is_admin=False)
    assert quiz is not None
    started = quizzes.start(quiz, bob.id, AT - timedelta(minutes=4), GRACE)
    scene.facts["attempt"] = started.attempt_id


def _talk(course: Course, people: dict[str, User], scene: Scene) -> None:
    alice, bob = people["alice@example.org"].id, people["bob@example.org"].id
    amina = people["learner01@example.org"].id
    earlier = AT - timedelta(days=1)
    news = (
        "We meet at the **village bridge** at nine. Bring:\n\n- the Linnet Vale sheet\n- a pencil\n- a ruler"
    )
    announcements.announce(course, alice, "The walk on Saturday starts at nine", news, None, earlier)
    question = "Why is a 1:25,000 map called large-scale?"
    body = "Everything on it looks *larger* than on a 1:50,000 map, and the number is smaller. How do you remember it?"
    asked = posts.ask(course, _lesson("scale").id, bob, question, body, earlier, by_staff=False)
    thread = db.session.get_one(Post, asked)
    posts.reply(
        thread, amina, "Think of it as a fraction: 1/25,000 is more than 1/50,000.", earlier, by_staff=False
    )
    best = posts.reply(
        thread,
        alice,
        "Amina is right. Large scale, large things; small scale, small things.",
        AT,
        by_staff=True,
    )
    posts.accept(thread, best)
    scene.facts["thread"] = asked


def _hand_in_essays(people: dict[str, User]) -> None:
    outcome = import_course(
        Path(__file__).parent / "field-notes", people["alice@example.org"], AT - timedelta(days=20)
    )
    assert outcome.course_id is not None, outcome.problems
    course = db.session.get_one(Course, outcome.course_id)
    courses.publish(course, people["alice@example.org"], AT - timedelta(days=19), unfit_quizzes=0)
    db.session.flush()
    for hours, (email, essay) in enumerate(_ESSAYS):
        at = AT - timedelta(hours=20 - hours)
        learner = people[email].id
        learning.enroll(course.id, learner, at)
        quiz = quiz_queries.quiz_for("field-notes", "writing", "notes", user_id=learner, is_admin=False)
        assert quiz is not None
        attempt_id = quizzes.start(quiz, learner, at, GRACE).attempt_id
        assert attempt_id is not None
        for row in quiz_queries.slots_with_keys(attempt_id):
            answer: dict[str, Any] = {"text": essay}
            if row.content["type"] != "essay":
                answer = {"option": row.content["options"][0]["id"]}
            quizzes.save(attempt_id, row.slot, learner, answer, 1, at + timedelta(minutes=6), GRACE)
        quizzes.close(attempt_id, at + timedelta(minutes=9), "learner")


def _accommodate(people: dict[str, User], scene: Scene) -> None:
    quiz = db.session.scalars(select(Quiz).where(Quiz.lesson_id == _lesson("staying-found").id)).one()
    quiz.time_limit = 45 * 60
    scene.facts["final"] = quiz.id
    grant = accommodations.Grant(extra_percent=25, extra_minutes=5)
    by = people["alice@example.org"].id
    accommodations.give(quiz.id, people["bob@example.org"].id, grant, "Reads with a screen reader", by, AT)


def _look_at_an_import(alice: int) -> int:
    """The example course, edited at home, as an import would bring it; the number of the look."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((seed.EXAMPLES / "reading-maps").rglob("*")):
            data = path.read_bytes() if path.is_file() else b""
            if path.name == "lesson.md" and "scale" in path.parent.name:
                data = data.replace(b"One centimetre on the map", b"A centimetre on the map")
                data += b"\nBefore you go on: put a thumb on the sheet and say how much ground it hides.\n"
            archive.writestr(str(path.relative_to(seed.EXAMPLES)) + "/" * path.is_dir(), data)
    packed.seek(0)
    key = storage.new_key()
    storage.put_stream(key, packed)
    return tasks.start(jobs.import_course, alice, AT, key=key, dry_run=True, name="reading-maps.zip").id
