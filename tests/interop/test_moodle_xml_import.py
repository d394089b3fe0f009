"""Alice brings her question bank from Moodle, and takes it out again."""

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core.db import db
from lms.courses.models import Course
from lms.interop.moodle_xml.parser import parse
from tests import factories
from tests.support import quizzes
from tests.support.forms import token

IMPORT = "/teaching/tea/questions/import"


@pytest.fixture
def tea(app: Flask, alice: User) -> Course:
    return factories.course(app, alice)


@pytest.fixture
def teacher(as_user: Callable[[User], FlaskClient], alice: User) -> FlaskClient:
    return as_user(alice)


def load(client: FlaskClient, data: bytes, do: str = "take", to: str = IMPORT) -> TestResponse:
    fields: dict[str, Any] = {"csrf_token": token(client, IMPORT), "do": do}
    fields["file"] = (io.BytesIO(data), "bank.xml")
    return client.post(to, data=fields, content_type="multipart/form-data")


def rows(app: Flask, sql: str) -> list[Any]:
    with app.app_context():
        return list(db.session.execute(text(sql)))


def fixture(shared: Path, name: str) -> bytes:
    return (shared / "moodle-xml" / f"{name}.xml").read_bytes()


def test_a_bank_comes_in_with_its_pictures(
    app: Flask, shared: Path, teacher: FlaskClient, tea: Course
) -> None:
    looked = load(teacher, fixture(shared, "multianswer"), "look")
    assert looked.status_code == 200
    assert "1 question can be taken" in looked.text
    assert "3 files come with them" in looked.text
    assert rows(app, "select 1 from questions") == []
    assert load(teacher, fixture(shared, "multianswer")).status_code == 303
    (made,) = rows(
        app,
        "select q.title, q.category, v.kind, v.content from questions q join question_versions v on v.id = q.version_id",
    )
    assert made[:3] == ("cloze with images", "Default for Test images in backup", "cloze")
    paths = [row.path for row in rows(app, "select path from course_assets order by path")]
    assert len(paths) == 3
    assert all(path.startswith("assets/") for path in paths)
    shown = [
        path for path in paths if f"@@PLUGINFILE@@/{path.removeprefix('assets/')}" in made.content["text"]
    ]
    assert len(shown) == 2


def test_what_was_looked_at_is_taken_as_it_was_shown(app: Flask, teacher: FlaskClient, tea: Course) -> None:
    """Czech in an old encoding, looked at first and then sent again as the text of the form."""
    source = (
        '<?xml version="1.0" encoding="ISO-8859-2"?>\n<quiz><question type="essay"><name><text>Čaj</text></name>'
        "<questiontext><text>Proč čaj?</text></questiontext></question></quiz>"
    )
    looked = load(teacher, source.encode("iso-8859-2"), "look")
    assert "Proč čaj?" in looked.text
    shown = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", looked.text, re.DOTALL)[0])
    fields = {"csrf_token": token(teacher, IMPORT), "do": "take", "text": shown}
    assert teacher.post(IMPORT, data=fields).status_code == 303
    assert [row.title for row in rows(app, "select title from questions")] == ["Čaj"]


def test_bringing_it_twice_keeps_each_file_once(
    app: Flask, shared: Path, teacher: FlaskClient, tea: Course
) -> None:
    for _ in range(2):
        load(teacher, fixture(shared, "truefalse"))
    assert len(rows(app, "select 1 from questions")) == 4
    assert len(rows(app, "select 1 from course_assets")) == 4


def test_what_is_not_taken_stands_in_the_report(teacher: FlaskClient, tea: Course, shared: Path) -> None:
    answer = load(teacher, fixture(shared, "broken_cloze_questions"))
    assert answer.status_code == 422
    assert "There is no question in it that can be taken" in answer.text
    assert "gap 1: no answer earns 100 %" in answer.text
    assert answer.text.count("Not taken:") == 5


def test_a_quiz_goes_out_and_into_another_course_as_it_was(
    app: Flask, teacher: FlaskClient, tea: Course, alice: User
) -> None:
    pairs = quizzes.one_of_each()
    quiz = quizzes.quiz(app, tea, pairs)
    sent = teacher.get(f"/teaching/tea/quizzes/{quiz.id}/questions.xml")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="steeping.xml"'
    assert [(found.content, found.key) for found in parse(sent.data).questions] == pairs
    factories.course(app, alice, slug="coffee")
    assert load(teacher, sent.data, to="/teaching/coffee/questions/import").status_code == 303
    assert teacher.get("/teaching/coffee/bank/questions.xml").data == sent.data


def test_pictures_go_out_with_their_questions_into_another_course_with_them(
    app: Flask, shared: Path, teacher: FlaskClient, tea: Course, alice: User
) -> None:
    load(teacher, fixture(shared, "multichoice"))
    sent = teacher.get("/teaching/tea/bank/questions.xml").data
    before, after = parse(fixture(shared, "multichoice")), parse(sent)
    assert len(after.files) == len(before.files) == 5
    assert [problem for problem in after.problems if problem.severity == "error"] == []
    factories.course(app, alice, slug="coffee")
    load(teacher, sent, to="/teaching/coffee/questions/import")
    (pictures,) = rows(
        app,
        "select count(*) from course_assets a join courses c on c.id = a.course_id where c.slug = 'coffee'",
    )[0]
    assert pictures == 5
    again = parse(teacher.get("/teaching/coffee/bank/questions.xml").data)
    assert {file.path[:-13] for file in again.files} == {file.path[:-13] for file in before.files}


def test_learners_see_the_pictures_of_a_question_from_moodle(
    app: Flask,
    shared: Path,
    teacher: FlaskClient,
    tea: Course,
    bob: User,
    as_user: Callable[[User], FlaskClient],
) -> None:
    quiz = quizzes.quiz(app, tea, [])
    quizzes.enrolled(app, bob, tea)
    assert load(teacher, fixture(shared, "multianswer"), to=f"{IMPORT}?quiz={quiz.id}").status_code == 303
    learner, place = as_user(bob), "/courses/tea/lessons/lesson-1/quizzes/steeping"
    started = learner.post(f"{place}/attempts", data={"csrf_token": token(learner, place)})
    page = learner.get(started.location).text
    pictures = re.findall(r'src="(/courses/tea/assets/[^"?]+)', page)
    assert len(pictures) == 2
    assert [learner.get(picture).status_code for picture in pictures] == [200, 200]
    assert "California flag" in page
    assert "{1:MULTICHOICE" not in page
