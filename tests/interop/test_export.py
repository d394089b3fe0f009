"""A course goes out as a folder and comes back as itself."""

import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, true, update

from lms.assignments.models import Assignment
from lms.core import work
from lms.core.db import db
from lms.courses import editing, prerequisites, settings
from lms.courses.models import Course, CoursePrerequisite, Lesson, LessonPage
from lms.interop import actions, export
from lms.quizzes.content import ChoiceContent, Option
from lms.quizzes.keys import ChoiceKey, OptionMark
from lms.quizzes.models import Question, QuestionVersion, Quiz
from tests.conftest import ROOT
from tests.factories import NOW

EXAMPLES = [ROOT / "examples" / name for name in ("first-day", "reading-maps")]


@pytest.fixture
def bring(app, alice):
    def bring(path, owner=alice, **how):
        with app.app_context(), work.unit():
            return actions.import_course(path, owner, NOW, **how)

    return bring


@pytest.fixture
def take_out(app, tmp_path):
    def take_out(name="course.zip", slug=None):
        with app.app_context(), work.unit():
            course = db.session.scalars(select(Course).where(Course.slug == slug if slug else true())).one()
            return tmp_path / name, export.export_course(course, tmp_path / name, NOW)

    return take_out


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_an_exported_course_is_the_course(app, bring, take_out, folder):
    bring(folder)
    file, report = take_out()
    assert report.is_whole, report
    assert bring(file).changes.is_empty
    again, _ = take_out("again.zip")
    assert again.read_bytes() == file.read_bytes()


def test_the_real_course_goes_out_whole(bring, take_out, shared):
    folder = shared / "courses" / "iot-for-beginners"
    bring(folder)
    file, report = take_out()
    assert report.is_whole, report
    with zipfile.ZipFile(file) as archive:
        names = {name.removeprefix("iot-for-beginners/") for name in archive.namelist()}
    assert names == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_course_made_in_the_browser_goes_out_whole(app, alice, bring, take_out):
    """Made with the studio's own actions: names and places that no folder ever had."""
    with app.app_context(), work.unit():
        course = settings.create(
            alice.id, title='Чай: a "book" of tea', level="advanced", language="en", category="Food", at=NOW
        )
        settings.change(course, {"summary": "How: to #brew", "tags": ["tea", "yes", "1"]}, NOW)
        first = editing.add_module(course, "2 ways in", NOW)
        db.session.flush()
        second = editing.add_module(course, "Über uns", NOW)
        db.session.flush()
        for module, title in ((first, "10 leaves"), (first, "10 leaves"), (second, "茶"), (second, "lesson")):
            lesson = editing.add_lesson(course, module.id, title, NOW)
            lesson.body = f"# {title}\r\n\r\n---\r\nOn to [the next](../10-leaves-2/lesson.md)."
            lesson.minutes = 7
            db.session.flush()
        lesson.is_preview, lesson.is_required, lesson.is_published = True, False, False
        lesson.release = {"on": "2026-05-01T09:00", "after_lesson": "2-ways-in/10-leaves", "score": 70}
        lesson.minutes = 0
        editing.move_lesson(course, lesson.slug, "up", NOW)
        pages = [("zebra", "First"), ("apple", "Second"), ("lesson", "Third"), ("2-more", "Fourth")]
        for position, (slug, title) in enumerate(pages, 1):
            db.session.add(
                LessonPage(
                    lesson_id=lesson.id,
                    slug=slug,
                    title=title,
                    body="---\nno front matter",
                    position=position,
                )
            )
        db.session.add(
            Assignment(
                course_id=course.id,
                lesson_id=lesson.id,
                source_id="brief",
                slug="assignment",
                title="Brew it",
                body="Brew a | cup.",
                rubric={
                    "levels": ["Poor", "Good | great"],
                    "criteria": [{"title": "Taste\\", "cells": ["", "a | b"]}],
                    "percents": [30.0, 100.0],
                },
                max_points=Decimal("12.5"),
                is_required=True,
                position=1,
                **RULES,
            )
        )
        add_quiz(course, lesson)
    # Rendering is the studio's own matter: the first import brings its HTML to the importer's.
    first_file, report = take_out()
    assert report.notes == ()
    assert not report.changes.added
    assert not report.changes.removed
    assert bring(first_file).ok
    file, report = take_out("second.zip")
    assert report.is_whole, report
    assert bring(file).changes.is_empty
    again, _ = take_out("again.zip")
    assert again.read_bytes() == file.read_bytes()
    with app.app_context(), work.unit():
        usual = {**dict.fromkeys(("due_at", "closes_at", "max_attempts", "passing_percent"))}
        db.session.execute(
            update(Assignment).values(**usual, late_policy="none", takes_files=True, is_blind=False)
        )
    bring(file)
    with app.app_context():
        brief = db.session.scalars(select(Assignment)).one()
        assert {name: getattr(brief, name) for name in RULES} == RULES
        assert brief.rubric is not None and brief.rubric["percents"] == [30, 100]


RULES = {
    "due_at": datetime(2026, 5, 1, 21, 59, tzinfo=UTC),
    "closes_at": datetime(2026, 5, 8, 21, 59, tzinfo=UTC),
    "time_zone": "Europe/Berlin",
    "late_policy": "percent",
    "late_percent": Decimal("7.50"),
    "takes_files": False,
    "max_attempts": 3,
    "passing_percent": Decimal("60.00"),
    "is_blind": True,
    "released_together": True,
}


def add_quiz(course, lesson):
    quiz = Quiz(
        course_id=course.id,
        lesson_id=lesson.id,
        source_id="a quiz/1",
        slug="5-cups",
        title="Five cups?",
        passing_percent=Decimal("66.67"),
        time_limit=95,
        max_attempts=2,
        counts="average",
        reveal="never",
        shuffle_questions=True,
        shuffle_options=False,
        one_per_page=True,
        position=1,
    )
    db.session.add(quiz)
    db.session.flush()
    for position, (name, points) in enumerate((("one", "2.5"), ("two ]", "1"), ("three", "0")), 1):
        content = ChoiceContent("single", f"Cup {name}?", (Option("3", "Yes"), Option("7", "No")), "markdown")
        key = ChoiceKey("single", (OptionMark("3", Decimal(100)), OptionMark("7", Decimal(0))))
        row = Question(quiz_id=quiz.id, source_id=name, position=position, points=Decimal(points))
        db.session.add(row)
        db.session.flush()
        version = QuestionVersion(
            question_id=row.id, kind="single", content=content.to_json(), key=key.to_json()
        )
        db.session.add(version)
        db.session.flush()
        row.version_id = version.id


def test_an_export_makes_the_same_course_elsewhere(app, bring, take_out):
    bring(EXAMPLES[1])
    file, _ = take_out()
    with app.app_context(), work.unit():
        db.session.execute(delete(Course))
    bring(file)
    again, report = take_out("elsewhere.zip")
    assert report.is_whole
    assert again.read_bytes() == file.read_bytes()


def test_links_still_lead_there_after_lessons_moved(app, bring, take_out):
    """Numbers order files and say nothing: a link by an old number, or an old module, finds its lesson."""
    bring(EXAMPLES[1])
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course)).one()
        modules = editing.modules_of(course)
        slugs = [row.slug for row in db.session.scalars(select(Lesson).order_by(Lesson.position))]
        editing.move_module(course, modules[-1].id, 0, NOW)
        editing.move_lesson(course, slugs[0], 0, NOW, module_id=modules[1].id)
    file, report = take_out()
    assert not [problem for problem in report.notes if problem.severity == "error"], report.notes
    assert bring(file).ok


def test_what_a_folder_can_not_say_is_reported(app, bring, take_out):
    bring(EXAMPLES[0])
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(capacity=20, access="code"))
        db.session.execute(update(Question).values(removed_at=NOW))
    _, report = take_out()
    said = " ".join(str(problem) for problem in report.notes)
    assert "the code for enrolling is not in the export" in said
    assert "asks nothing" in said
    assert not report.is_whole


def test_release_rules_and_courses_that_come_first_go_along(app, alice, bring, take_out):
    bring(EXAMPLES[0])
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course)).one()
        quiz = db.session.scalars(select(Quiz).order_by(Quiz.id)).first()
        other = db.session.scalars(
            select(Lesson).where(Lesson.id != quiz.lesson_id).order_by(Lesson.position)
        ).first()
        other.release = {"quiz": quiz.source_id, "score": 80}
        water = settings.create(alice.id, title="Water", level="beginner", language="en", category="", at=NOW)
        assert prerequisites.add(course, "water") is None
        water_id, slug = water.id, course.slug
    file, report = take_out(slug=slug)
    assert report.is_whole, report
    with app.app_context(), work.unit():
        db.session.execute(delete(CoursePrerequisite))
        db.session.execute(update(Lesson).values(release=None))
    assert not bring(file).changes.is_empty
    with app.app_context():
        assert db.session.scalar(select(CoursePrerequisite.required_id)) == water_id
        assert {"quiz": quiz.source_id, "score": 80} in list(db.session.scalars(select(Lesson.release)))
    again, _ = take_out("again.zip", slug)
    assert again.read_bytes() == file.read_bytes()
    with app.app_context(), work.unit():
        db.session.execute(delete(Course).where(Course.id == water_id))
    assert any("leaves out water: there is no such course here" in str(p) for p in bring(file).problems)


def test_a_release_rule_that_nobody_understands_is_told(bring, tmp_path):
    folder = tmp_path / "tea"
    lesson = folder / "01-leaves" / "01-green" / "lesson.md"
    lesson.parent.mkdir(parents=True)
    (folder / "course.md").write_text("---\ntitle: Tea\n---\n")
    (folder / "01-leaves" / "module.md").write_text("# Leaves\n")
    for rule, is_told in (("{on: tomorrow}", True), ("{days: 3}", False), ("{quiz: a/b, score: 50}", False)):
        lesson.write_text(f"---\nrelease: {rule}\n---\n# Green\n")
        problems = [str(problem) for problem in bring(folder).problems]
        assert any("`release` is not understood" in problem for problem in problems) is is_told, problems


def test_a_folder_from_before_the_course_moved_is_that_course_still(app, bring):
    first = bring(EXAMPLES[0])
    with app.app_context(), work.unit():
        course = db.session.get_one(Course, first.course_id)
        settings.change(course, {"slug": "elsewhere"}, NOW)
    again = bring(EXAMPLES[0])
    assert again.ok and again.course_id == first.course_id and again.slug == "elsewhere"
    assert again.changes.is_empty, again.changes
    assert any("stays there" in str(problem) for problem in again.problems)


def test_a_hidden_quiz_stays_hidden_on_its_way(app, bring, take_out):
    bring(EXAMPLES[0])
    with app.app_context(), work.unit():
        hidden = db.session.scalars(select(Quiz).order_by(Quiz.id)).first()
        hidden.is_published, name = False, hidden.source_id
    file, _ = take_out()
    with zipfile.ZipFile(file) as archive:
        lessons = [archive.read(each).decode() for each in archive.namelist() if each.endswith("lesson.md")]
    assert sum(text.count("published: false") for text in lessons) == 1, "what is shown says nothing"
    assert bring(file).changes.is_empty
    with app.app_context(), work.unit():
        db.session.execute(delete(Course))
    bring(file)
    with app.app_context():
        found = db.session.scalars(select(Quiz.source_id).where(~Quiz.is_published)).all()
    assert found == [name]
    again, _ = take_out("again.zip")
    assert again.read_bytes() == file.read_bytes()
