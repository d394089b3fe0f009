"""A small school with everything in it that a right can be about: used by the rights matrix and the page tests.

Charlie is signed in and nothing more. Bob learns. Erin teaches another course. Alice owns the courses here,
Frank teaches them with her. Dana is admin. `tea` is published, `attic` is a draft that bob joined while it was open.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.accounts import applications, invitations
from lms.accounts.models import User, UserSession
from lms.assignments import attaching, submitting
from lms.assignments.models import Assignment, SubmissionFile
from lms.assignments.rules import Terms
from lms.certificates.models import Certificate
from lms.core import tasks, work
from lms.core.db import db
from lms.core.models import Fault
from lms.courses.models import Course, CourseAsset, CourseInstructor, Lesson, LessonPage, TextRevision
from lms.discussions import announcements, posts
from lms.discussions.models import Post, Report
from lms.files import actions as files
from lms.files import portraits
from lms.interop import jobs as interop_jobs
from lms.learning import actions as learning
from lms.learning.reviews_models import Review
from lms.notifications import notices, unsubscribing
from lms.notifications.models import Notice
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quiz_queries
from lms.quizzes.authoring.questions import Draft, add_questions
from lms.quizzes.content import ChoiceContent, Option
from lms.quizzes.keys import ChoiceKey, OptionMark
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizDraw
from lms.webhooks import actions as webhooks
from tests import factories
from tests.support import tables

NUMBER = "CERT-20260302-2346789ABC"
ASKED = ChoiceContent(
    "single", "When is it ready?", (Option("1", "After a minute"), Option("2", "After four"))
)
RIGHT = ChoiceKey("single", (OptionMark("1", Decimal(0)), OptionMark("2", Decimal(100))))


@dataclass
class School:
    """`people` by first name; `values` fill the parameters of an address."""

    app: Flask
    people: dict[str, User] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def client(self, name: str) -> FlaskClient:
        """A browser of that person; `visitor` is nobody."""
        return (
            self.app.test_client() if name == "visitor" else factories.signed_in(self.app, self.people[name])
        )

    @property
    def parameters(self) -> dict[str, object]:
        """Newest session of bob included: every browser of his that is opened makes another."""
        with self.app.app_context():
            newest = db.session.scalar(
                select(UserSession.id)
                .where(UserSession.user_id == self.people["bob"].id)
                .order_by(UserSession.id.desc())
                .limit(1)
            )
        return {**self.values, "session_id": newest}


def built(app: Flask) -> School:
    """A fresh school in empty tables."""
    tables.empty(app)
    school = School(app)
    for name, role in (
        ("charlie", "student"),
        ("bob", "student"),
        ("erin", "instructor"),
        ("alice", "instructor"),
        ("frank", "instructor"),
        ("dana", "admin"),
    ):
        school.people[name] = factories.person(app, name.title(), f"{name}@example.org", role=role)
    school.values["user_id"] = school.people["bob"].id
    factories.course(app, school.people["erin"], slug="coffee")
    for slug in ("tea", "attic"):
        course = factories.course(app, school.people["alice"], slug=slug, lessons=3)
        with app.app_context(), work.unit():
            _furnish(school, course)
    with app.app_context(), work.unit():
        portraits.set_portrait(school.people["bob"].id, factories.picture())
        school.values |= _waiting_for_the_admin(school)
        school.values |= _told(school.people["bob"])
        db.session.execute(update(Course).where(Course.slug == "attic").values(state="draft"))
    return school


def _waiting_for_the_admin(school: School) -> dict[str, object]:
    """Charlie would like to teach, a guest was invited, and another system hears of what happens."""
    charlie, dana = school.people["charlie"], school.people["dana"]
    assert applications.apply(charlie.id, "Twenty years behind the counter.", ["tea"], factories.NOW)
    application = applications.latest(charlie.id)
    assert application is not None
    invited = invitations.invite("guest@example.org", by_id=dana.id, at=datetime.now(UTC))
    hooked, _ = webhooks.create("https://hooks.example.org/tea", "Books", ["user.registered"], factories.NOW)
    broken = Fault(
        fingerprint="tea", source="web", exception="LookupError", place="kettle in boil", trace="LookupError",
        route="GET /", request_id="", version="", count=1, first_at=factories.NOW, last_at=factories.NOW, is_back=False,
    )  # fmt: skip
    db.session.add(broken)
    db.session.flush()
    return {
        "fault_id": broken.id,
        "application_id": application.id,
        "invitation_id": invited.id,
        "endpoint_id": hooked.id,
        "message_id": webhooks.test(hooked, factories.NOW),
    }


def _told(bob: User) -> dict[str, object]:
    """Something stands in bob's inbox, and a mail of his has a link to stop such mail."""
    told = notices.Told(bob.id, "enrolled:0", {"course": "Tea"}, "/courses/tea", {"enrollment_id": 0})
    notices.tell("enrolled", [told], factories.NOW, template="enrolled")
    notice = db.session.scalars(select(Notice).where(Notice.dedupe_key == "enrolled:0")).one()
    return {"notice_id": notice.id, "token": unsubscribing.address(bob.id, "enrolled").rpartition("/")[2]}


def _furnish(school: School, course: Course) -> None:
    at, bob, alice = factories.NOW, school.people["bob"], school.people["alice"]
    db.session.add(CourseInstructor(course_id=course.id, user_id=school.people["frank"].id))
    first, second, third = db.session.scalars(
        select(Lesson).where(Lesson.course_id == course.id).order_by(Lesson.position)
    )
    first.is_preview = True
    third.is_published = False
    page = LessonPage(lesson_id=second.id, slug="more", title="More", body_html="<p>More.</p>", position=1)
    brief = Assignment(
        course_id=course.id, lesson_id=second.id, source_id="a", slug="assignment", title="Brew", position=1
    )
    stored = files.keep(b"%PDF-1.4 a leaf", "application/pdf")
    leaf = CourseAsset(course_id=course.id, path="leaf.pdf", file_id=stored.id)
    db.session.add_all([page, brief, leaf])
    db.session.flush()
    school.values |= {
        f"{course.slug} asset": leaf.id,
        f"{course.slug} module": second.module_id,
        f"{course.slug} lesson": second.id,
    }
    written = {"course_id": course.id, "kind": "page", "text_id": page.id, "title": "More", "body": "More."}
    db.session.add(TextRevision(**written, number=1, author_id=alice.id, created_at=at))
    erin = school.people["erin"]
    review = Review(course_id=course.id, user_id=erin.id, rating=4, body="A fine cup.", created_at=at)
    db.session.add(review)
    db.session.flush()
    school.values[f"{course.slug} review"] = review.id
    _add_quiz(course, second)
    enrolled = learning.enroll(course.id, bob.id, at)
    assert enrolled.enrollment_id is not None
    news = announcements.announce(course, alice.id, "The kettle moved", "It is in room 5 now.", None, at)
    asked = posts.ask(course, second.id, bob.id, "Why is it bitter?", "I waited.", at, by_staff=False)
    assert posts.report(db.session.get_one(Post, asked), alice.id, "Just to try it", at)
    school.values |= {
        f"{course.slug} announcement": news.id,
        f"{course.slug} thread": asked,
        f"{course.slug} report": db.session.scalar(select(func.max(Report.id))),
    }
    work_of_bob = submitting.locked(brief.id, bob.id, enrolled.enrollment_id)
    assert attaching.add(work_of_bob, [("leaf.txt", BytesIO(b"a leaf"))], 1000, at) == []
    terms, nothing = Terms(brief.max_points), submitting.Seen(0, 0)
    assert submitting.hand_in(work_of_bob, terms, "A cup of words.", nothing, at) == "submitted"
    drafted = select(func.min(SubmissionFile.id)).where(SubmissionFile.submission_id == work_of_bob.id)
    school.values[f"{course.slug} work draft"] = db.session.scalar(drafted)
    school.values[f"{course.slug} work file"] = db.session.scalar(drafted.where(SubmissionFile.number == 1))
    school.values |= {f"{course.slug} brief": brief.id, f"{course.slug} work": work_of_bob.id}
    quiz = quiz_queries.quiz_for(course.slug, second.slug, "check", user_id=bob.id, is_admin=False)
    assert quiz is not None
    closed = quizzes.start(quiz, bob.id, at, timedelta(0)).attempt_id
    assert closed is not None
    quizzes.close(closed, at, "learner")
    school.values[f"{course.slug} open"] = quizzes.start(quiz, bob.id, at, timedelta(0)).attempt_id
    school.values[f"{course.slug} closed"] = closed
    school.values[f"{course.slug} quiz"] = quiz.id
    add_questions(course, [Draft(ASKED, RIGHT, tags=("leaf",))], alice.id, at)
    draw = QuizDraw(quiz_id=quiz.id, position=1, count=1, tags=["leaf"])
    db.session.add(draw)
    db.session.flush()
    school.values[f"{course.slug} draw"] = draw.id
    school.values[f"{course.slug} question"] = db.session.scalar(
        select(Question.id).where(Question.quiz_id == quiz.id)
    )
    if course.slug == "tea":
        db.session.add(
            Certificate(
                number=NUMBER,
                enrollment_id=enrolled.enrollment_id,
                user_id=bob.id,
                course_id=course.id,
                recipient=bob.name,
                course_title=course.title,
                instructors="Alice",
                completed_on=at.date(),
                issued_at=at,
                file_id=stored.id,
            )
        )
        school.values["enrollment_id"] = enrolled.enrollment_id
        school.values["task_id"] = tasks.start(
            interop_jobs.import_course, alice.id, at, key="none", dry_run=True
        ).id
        school.values["export_id"] = tasks.start(
            interop_jobs.export_course, alice.id, at, course_id=course.id
        ).id


def _add_quiz(course: Course, lesson: Lesson) -> None:
    quiz = Quiz(
        course_id=course.id, lesson_id=lesson.id, source_id="check", slug="check", title="Check", position=1
    )
    db.session.add(quiz)
    db.session.flush()
    question = Question(quiz_id=quiz.id, source_id="1", position=1)
    db.session.add(question)
    db.session.flush()
    version = QuestionVersion(
        question_id=question.id, kind="single", content=ASKED.to_json(), key=RIGHT.to_json()
    )
    db.session.add(version)
    db.session.flush()
    question.version_id = version.id
    db.session.flush()
