"""The question bank, draws and what questions are filed under travel with a course's folder."""

import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.interop.actions import import_course
from lms.interop.export import export_course
from lms.quizzes.authoring import bank, places
from lms.quizzes.authoring.questions import Draft, add_questions
from lms.quizzes.models import Question, Quiz, QuizDraw
from tests import factories
from tests.support import quizzes
from tests.support.tables import empty


@pytest.fixture
def course(app, alice) -> Course:
    """A quiz with a copy of a bank question and a draw, and one that only draws."""
    course = factories.course(app, alice)
    first = quizzes.quiz(app, course)
    second = quizzes.quiz(app, course, [], slug="drawn", title="Drawn", position=2)
    with app.app_context(), work.unit():
        home = db.session.get_one(Course, course.id)
        items = [
            Draft(*pair, title=f"Nr. {n}", tags=("leaf", "asia"), category="Tea/Green", points=Decimal(n))
            for n, pair in enumerate(quizzes.one_of_each(), 1)
        ]
        add_questions(home, items, alice.id, factories.NOW)
        bank.use(home, db.session.get_one(Quiz, first.id), [places.questions_of(home)[0].id], factories.NOW)
        for quiz in (first, second):
            db.session.add(
                QuizDraw(quiz_id=quiz.id, position=1, count=2, tags=["leaf"], points=Decimal("1.5"))
            )
    return course


def exported(app, course, path) -> bytes:
    with app.app_context():
        result = export_course(db.session.get_one(Course, course.id), path, factories.NOW)
        # The lessons of the factory have HTML that no text of theirs gives.
        assert not result.notes and set(result.changes.changed) <= {"lesson"}, result.to_json()
        assert not result.changes.added and not result.changes.removed
    return path.read_bytes()


def test_the_bank_and_the_draws_come_back_byte_for_byte(app, alice, course, tmp_path):
    before = exported(app, course, tmp_path / "a.zip")
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert "tea/bank.gift" in names and any(name.endswith("/drawn.gift") for name in names)
    empty(app)
    owner = factories.person(app, "Alice", "alice@example.org", role="instructor")
    with app.app_context(), work.unit():
        outcome = import_course(tmp_path / "a.zip", owner, factories.NOW)
        assert outcome.ok, outcome.problems
    with app.app_context():
        again = db.session.scalars(select(Course)).one()
        questions = places.questions_of(again)
        assert [(q.title, q.tags, q.category, q.points) for q in questions][1] == (
            "Nr. 2", ["leaf", "asia"], "Tea/Green", Decimal(2),
        )  # fmt: skip
        assert db.session.scalars(select(QuizDraw.count)).all() == [2, 2]
        copy = db.session.scalars(select(Question).where(Question.origin_id.is_not(None))).one()
        assert copy.origin_id == questions[0].id
    assert exported(app, again, tmp_path / "b.zip") == before


def test_a_folder_without_a_bank_leaves_the_bank_alone(app, alice, course, tmp_path):
    exported(app, course, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as source, zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        for name in source.namelist():
            if name != "tea/bank.gift":
                target.writestr(name, source.read(name))
    with app.app_context(), work.unit():
        assert import_course(tmp_path / "b.zip", alice, factories.NOW).ok
        assert len(places.questions_of(db.session.get_one(Course, course.id))) == 6


@pytest.mark.parametrize(
    ("draw", "said"),
    [("{count: 0}", "whole number"), ("{count: 2, tag: leaf}", "tag"), ("{count: 1, tags: [[a]]}", "tags")],
)
def test_a_wrong_draw_is_named_with_its_file(app, alice, course, tmp_path, draw, said):
    exported(app, course, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as source, zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("lesson.md"):
                text = re.sub(rb"- count: 2\s+tags: \[leaf\]\s+points: 1.5", f"- {draw}".encode(), text)
            target.writestr(name, text)
    with app.app_context():
        problems = import_course(tmp_path / "b.zip", alice, factories.NOW, dry_run=True).problems
        assert any(said in problem.message and problem.path.endswith("lesson.md") for problem in problems)


def test_dates_and_how_one_enrolls_come_back_too(app, alice, course, tmp_path):
    opens, closes = factories.NOW, factories.NOW + timedelta(days=7)
    with app.app_context(), work.unit():
        row = db.session.get_one(Course, course.id)
        row.access, row.capacity, row.starts_at, row.ends_at = "invitation", 12, opens, closes
        quiz = db.session.scalars(select(Quiz).where(Quiz.slug == "drawn")).one()
        quiz.opens_at, quiz.closes_at, quiz.reveal_score = opens, closes, "close"
    before = exported(app, course, tmp_path / "a.zip")
    empty(app)
    owner = factories.person(app, "Alice", "alice@example.org", role="instructor")
    with app.app_context(), work.unit():
        assert import_course(tmp_path / "a.zip", owner, factories.NOW).ok
    with app.app_context():
        row = db.session.scalars(select(Course)).one()
        assert (row.access, row.capacity, row.starts_at, row.ends_at) == ("invitation", 12, opens, closes)
        quiz = db.session.scalars(select(Quiz).where(Quiz.slug == "drawn")).one()
        assert (quiz.opens_at, quiz.closes_at, quiz.reveal_score) == (opens, closes, "close")
    assert exported(app, row, tmp_path / "b.zip") == before


def test_a_folder_that_names_no_dates_leaves_those_that_are_set_here(app, alice, course, tmp_path):
    exported(app, course, tmp_path / "a.zip")
    with app.app_context(), work.unit():
        db.session.get_one(Course, course.id).capacity = 12
        db.session.scalars(select(Quiz).where(Quiz.slug == "drawn")).one().opens_at = factories.NOW
    with app.app_context(), work.unit():
        assert import_course(tmp_path / "a.zip", alice, factories.NOW).ok
        assert db.session.get_one(Course, course.id).capacity == 12
        quiz = db.session.scalars(select(Quiz).where(Quiz.slug == "drawn")).one()
        assert quiz.opens_at == factories.NOW


def test_the_code_of_a_course_stays_here_and_that_is_said(app, alice, course, tmp_path):
    with app.app_context(), work.unit():
        row = db.session.get_one(Course, course.id)
        row.access, row.access_code = "code", "first-flush"
    with app.app_context():
        result = export_course(db.session.get_one(Course, course.id), tmp_path / "a.zip", factories.NOW)
        assert any("code" in note.message for note in result.notes)
    with zipfile.ZipFile(tmp_path / "a.zip") as written:
        assert b"access: code" in written.read("tea/course.md")
        assert not any(b"first-flush" in written.read(name) for name in written.namelist())
