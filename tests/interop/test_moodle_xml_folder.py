"""Quizzes in Moodle XML in a course folder: where GIFT cannot hold what is asked, and where authors bring their own."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.interop import actions, export
from lms.interop.course_folder.reader import read
from lms.interop.moodle_xml.export import export as as_xml
from lms.interop.moodle_xml.report import MoodleQuestion
from lms.quizzes.content import ClozeContent, Gap, Text
from lms.quizzes.keys import AcceptedText, ClozeKey, GapKey, ShortAnswerKey, match_up, put_in_order
from tests import factories
from tests.factories import NOW
from tests.support import quizzes

Bring = Callable[..., Any]


@pytest.fixture
def bring(app: Flask, alice: User) -> Bring:
    def bring(path: Path, **how: Any) -> Any:
        with app.app_context(), work.unit():
            return actions.import_course(path, alice, NOW, **how)

    return bring


def gaps() -> tuple[ClozeContent, ClozeKey]:
    content = ClozeContent("Tea comes from [[land]].", (Gap("land", "short_answer"),))
    return content, ClozeKey((GapKey("land", ShortAnswerKey((AcceptedText("China"),)), Decimal("1.5")),))


def pairs_with_feedback() -> Any:
    content, key = match_up(Text("Match"), [(Text("Longjing"), "China"), (Text("Nilgiri"), "India")])
    return content, replace(key, feedback=(("1", Text("Dragon Well")),))


def taken_out(app: Flask, target: Path) -> Any:
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course)).one()
        return export.export_course(course, target, NOW)


def test_what_gift_cannot_hold_goes_out_as_xml_and_comes_back_the_same(
    app: Flask, alice: User, bring: Bring, tmp_path: Path
) -> None:
    tea = factories.course(app, alice)
    asked = [
        put_in_order(Text("Brew"), [Text("Boil"), Text("Pour")]),
        gaps(),
        pairs_with_feedback(),
        quizzes.essay(),
    ]
    quizzes.quiz(app, tea, asked)
    with app.app_context(), work.unit():
        lesson = db.session.scalars(select(Lesson).order_by(Lesson.position)).first()
        assert lesson is not None
        lesson.body = "# Lesson 1\n\nThen [check yourself](steeping.gift).\n"
    taken_out(app, tmp_path / "first.zip")
    assert bring(tmp_path / "first.zip").ok
    report = taken_out(app, tmp_path / "second.zip")
    assert report.is_whole, report
    with zipfile.ZipFile(tmp_path / "second.zip") as archive:
        names = [name for name in archive.namelist() if "steeping" in name]
    assert [name.rsplit("/", 1)[1] for name in names] == ["steeping.xml"]
    assert bring(tmp_path / "second.zip").changes.is_empty
    taken_out(app, tmp_path / "third.zip")
    assert (tmp_path / "third.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with app.app_context():
        (html,) = db.session.execute(text("select body_html from lessons where body like '%steeping%'")).one()
    assert "/quizzes/steeping" in html


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of one lesson, to put files beside."""
    lesson = tmp_path / "course" / "01-leaves" / "01-steeping"
    lesson.mkdir(parents=True)
    (tmp_path / "course" / "course.md").write_text("---\ntitle: Tea\n---\n")
    (lesson.parent / "module.md").write_text("# Leaves\n")
    (lesson / "lesson.md").write_text("# Steeping\n")
    return tmp_path / "course"


def test_a_file_of_moodle_beside_a_lesson_is_a_quiz(folder: Path) -> None:
    asked = MoodleQuestion(*gaps(), title="Origin", points=Decimal(3))
    (folder / "01-leaves/01-steeping/check.xml").write_bytes(as_xml([asked]))
    with read(folder) as reading:
        assert reading.ok, reading.problems
        assert reading.course is not None
        (quiz,) = reading.course.lessons[0].quizzes
        assert [question.content for question in quiz.questions] == [asked.content]
        assert quiz.points == {"Origin": 3}


def test_other_xml_beside_a_lesson_is_a_file_like_any_other(folder: Path) -> None:
    (folder / "01-leaves/01-steeping/config.xml").write_text("<settings><heat>80</heat></settings>")
    with read(folder) as reading:
        assert reading.ok
        assert reading.course is not None
        assert reading.course.lessons[0].quizzes == ()
        assert [asset.path for asset in reading.course.assets] == ["01-leaves/01-steeping/config.xml"]


def test_what_such_a_file_holds_and_we_cannot_take_is_named_with_its_line(folder: Path) -> None:
    kept = as_xml([MoodleQuestion(*quizzes.essay())]).decode()
    other = '<question type="stack"><name><text>Solve it</text></name></question>'
    (folder / "01-leaves/01-steeping/check.xml").write_text(kept.replace("<quiz>", f"<quiz>{other}"))
    with read(folder) as reading:
        assert reading.ok
        (problem,) = [found for found in reading.problems if found.path.endswith("check.xml")]
    assert problem.line == 2
    assert "computer algebra" in problem.message
