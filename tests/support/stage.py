"""The running system with one course in it and people at every point of the way, for looking at all its pages."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.assignments import attaching, submitting
from lms.assignments.models import Assignment
from lms.assignments.rules import Terms
from lms.certificates.models import Certificate
from lms.core import faults, tasks, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.discussions import announcements, posts
from lms.discussions.models import Post
from lms.interop import jobs as interop_jobs
from lms.learning import actions as learning
from lms.learning import reviews, reviews_queries
from lms.learning.models import Enrollment
from lms.notifications import unsubscribing
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quiz_queries
from lms.quizzes import setting_aside
from lms.webhooks import actions as webhooks
from tests import factories
from tests.support import tables
from tests.support.browser import browser_of
from tests.support.journeys import import_course
from tests.support.mail import Inbox, arrived
from tests.support.server import Live
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SLUG = "how-to-read-a-map"
QUIZ = ("scale", "check")


@dataclass
class Stage:
    """`open` and `closed` are attempts of bob (`learner`) at `quiz`, `gone` is charlie's work on what the
    course asks for no more, `number` his certificate."""

    app: Flask
    live: Live
    chromium: Browser
    open: int = 0
    closed: int = 0
    quiz: int = 0
    question: int = 0
    assignment: int = 0
    submission: int = 0
    gone: int = 0
    enrollment: int = 0
    learner: int = 0
    number: str = ""
    task: int = 0
    thread: int = 0
    stop: str = ""
    reset_token: str = ""
    people: dict[str, User] = field(default_factory=dict)

    def browser_of(self, name: str, **options: Any) -> BrowserContext:
        """A browser in which that person is signed in; `visitor` is nobody."""
        user = None if name == "visitor" else self.people[name]
        return browser_of(user, self.app, self.live, self.chromium, **options)


def set_up(app: Flask, live: Live, chromium: Browser, inbox: Inbox) -> Stage:
    """A course published by alice; bob in the middle of it, charlie at its end with the certificate."""
    tables.empty(app)
    stage = Stage(app, live, chromium)
    for name, role in (
        ("alice", "instructor"),
        ("bob", "student"),
        ("charlie", "student"),
        ("dana", "admin"),
    ):
        stage.people[name] = factories.person(app, name.title(), f"{name}@example.org", role=role)
    stage.people["erin"] = factories.person(app, "Erin", "erin@example.org", verified=False)
    import_course(app, ROOT / "examples" / "reading-maps", "alice@example.org")
    at = datetime.now(UTC)
    with app.app_context(), work.unit():
        _study(stage, at)
        _talk(stage, at)
    with app.app_context(), work.unit():
        hooked, _ = webhooks.create("https://hooks.example.invalid/books", "Books", ["user.registered"], at)
        webhooks.test(hooked, at)
    with app.app_context():
        faults.record(LookupError(), source="job", route="certificates.make_pdf", request_id="")
        refreshing.refresh(at)
        stage.number = until(_number_of_the_ready_certificate)
    stage.reset_token = _asked_for_reset(stage, inbox)
    return stage


def _asked_for_reset(stage: Stage, inbox: Inbox) -> str:
    context = stage.browser_of("visitor")
    page = context.new_page()
    page.goto(f"{stage.live.url}/password/forgot")
    page.get_by_label("Email address").fill("bob@example.org")
    page.get_by_label("Email address").press("Enter")
    text = arrived(inbox, "bob@example.org", "/password/reset/")
    context.close()
    return text.partition("/password/reset/")[2].split()[0]


def _number_of_the_ready_certificate() -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Certificate.number).where(Certificate.file_id.is_not(None)))


def _talk(stage: Stage, at: datetime) -> None:
    """News of the course, one of them for next week; a question of bob's, answered, and another that was reported."""
    alice, bob, charlie = (stage.people[name].id for name in ("alice", "bob", "charlie"))
    course = db.session.scalars(select(Course)).one()
    news = "The walk on Saturday starts at **nine**. Bring:\n\n- a map\n- a pencil"
    announcements.announce(course, alice, "The walk starts an hour earlier", news, None, at)
    later = at + timedelta(days=7)
    announcements.announce(course, alice, "What we saw on the walk", "Pictures follow.", later, at)
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == "scale")).one()
    title = "Why is a 1:25,000 map called large-scale when everything on it looks larger?"
    body = (
        "I read `1:25,000` twice and still mix them up. @Charlie, how do you remember it?\n\n> larger number"
    )
    stage.thread = posts.ask(course, lesson.id, bob, title, body, at, by_staff=False)
    question = db.session.get_one(Post, stage.thread)
    posts.reply(question, charlie, "Think of the fraction: **1/25,000** is more.", at, by_staff=False)
    best = posts.reply(question, alice, "Charlie is right, and [here is more](/courses).", at, by_staff=True)
    posts.accept(question, best)
    posts.pin(question, is_pinned=True)
    rude = posts.ask(course, lesson.id, charlie, "Is this on the exam?", "Tell me NOW", at, by_staff=False)
    posts.report(db.session.get_one(Post, rude), bob, "Not a nice tone", at)
    stage.stop = unsubscribing.address(bob, "announcement").rpartition("/")[2]


def _study(stage: Stage, at: datetime) -> None:
    lessons = list(db.session.scalars(select(Lesson).order_by(Lesson.position)))
    course_id = lessons[0].course_id
    for name, done in (("bob", 2), ("charlie", len(lessons))):
        enrolled = learning.enroll(course_id, stage.people[name].id, at)
        assert enrolled.enrollment_id is not None
        for lesson in lessons[:done]:
            learning.complete_lesson(enrolled.enrollment_id, lesson.id, (), at)
    charlie, alice = stage.people["charlie"], stage.people["alice"]
    _hand_in(stage, lessons[0].course_id, charlie.id, at)
    reviews.write(
        course_id, charlie.id, 4, "I read contours on the bus now.\n\nThe second module is long.", at
    )
    said = reviews_queries.own(course_id, charlie.id)
    assert said is not None
    reviews.answer(said, "Thank you. We will split it.", alice.id, at)
    bob = stage.people["bob"]
    quiz = quiz_queries.quiz_for(SLUG, *QUIZ, user_id=bob.id, is_admin=False)
    assert quiz is not None
    stage.quiz, stage.learner = quiz.id, bob.id
    stage.closed = quizzes.start(quiz, bob.id, at, timedelta(0)).attempt_id or 0
    quizzes.close(stage.closed, at, "learner")
    stage.question = setting_aside.asked(quiz.id)[0].question_id
    stage.open = quizzes.start(quiz, bob.id, at, timedelta(0)).attempt_id or 0
    stage.task = tasks.start(
        interop_jobs.import_course, stage.people["alice"].id, at, key="none", dry_run=True
    ).id


def _hand_in(stage: Stage, course_id: int, learner: int, at: datetime) -> None:
    """Work on the assignment of the second lesson, with a text and a file, that waits to be graded."""
    brief = db.session.scalars(
        select(Assignment).join(Lesson, Lesson.id == Assignment.lesson_id).where(Lesson.slug == "scale")
    ).one()
    brief.due_at, brief.late_policy = at - timedelta(days=2), "percent"
    enrollment = select(Enrollment.id).where(Enrollment.user_id == learner, Enrollment.course_id == course_id)
    stage.assignment, stage.enrollment = brief.id, db.session.scalars(enrollment).one()
    handed = submitting.locked(brief.id, learner, stage.enrollment)
    attaching.add(handed, [("The way to the mill.txt", BytesIO(b"left, left, right"))], 1000, at)
    words = "I measured the way to the mill.\n\nIt is 4 cm, so 1 km outside."
    submitting.hand_in(handed, Terms.of(brief), words, submitting.Seen(0, 0), at)
    stage.submission = handed.id
    rules = {
        "slug": "older",
        "title": "A walk to the mill",
        "max_points": 10,
        "position": 9,
        "removed_at": at,
    }
    place = {"course_id": course_id, "lesson_id": brief.lesson_id, "source_id": "older"}
    older = Assignment(**place, **rules, body_html="<p>Walk there and draw the way.</p>")
    db.session.add(older)
    db.session.flush()
    walked = submitting.locked(older.id, learner, stage.enrollment)
    submitting.hand_in(walked, Terms.of(older), words, submitting.Seen(0, 0), at)
    stage.gone = walked.id
