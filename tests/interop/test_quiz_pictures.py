"""Pictures in questions: an author names them from the quiz's file, learners see them wherever they are asked."""

import pytest
from PIL import Image
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.interop import actions
from lms.quizzes.models import Question, QuestionVersion
from lms.quizzes.rendering import html_of
from tests.factories import NOW

LESSON = "01-start/01-knots"


@pytest.fixture
def bring(app, alice, tmp_path):
    """Import a course whose one quiz holds `gift`; pictures lie beside it and in assets/."""
    root = tmp_path / "course"
    for folder in (f"{LESSON}/images", "assets"):
        (root / folder).mkdir(parents=True)
    (root / "course.md").write_text("---\ntitle: Knots\n---\n\nTie them.\n")
    (root / "01-start/module.md").write_text("# Start\n")
    (root / LESSON / "lesson.md").write_text("# Knots\n\nText.\n")
    for place in (f"{LESSON}/images/bow line.png", "assets/reef.png"):
        Image.new("RGB", (4, 2)).save(root / place)

    def bring(gift):
        (root / LESSON / "check.gift").write_text(gift)
        with app.app_context(), work.unit():
            return actions.import_course(root, alice, NOW)

    return bring


@pytest.fixture
def asked(app):
    """The stored question with its key."""

    def asked():
        with app.app_context():
            return db.session.execute(
                select(QuestionVersion.content, QuestionVersion.key).join(
                    Question, Question.version_id == QuestionVersion.id
                )
            ).one()

    return asked


def shown(document):
    return html_of(document["text"], document["format"], "knots")


def test_a_picture_beside_the_quiz_is_shown_in_question_answer_and_feedback(client, bring, asked):
    outcome = bring(
        '[html]<p>Which? <img src="images/bow%20line.png" alt="A"></p> '
        '{=[markdown]![B](./images/bow%20line.png)#[html]<img src\\="images/bow line.png" alt\\="C"> ~no}\n'
    )
    assert outcome.ok, outcome.problems
    content, key = asked()
    address = "/courses/knots/assets/01-start/01-knots/images/bow%20line.png"
    texts = [content, content["options"][0], key["options"][0]["feedback"]]
    assert [address in shown(text) for text in texts] == [True] * 3


def test_a_picture_in_assets_is_left_as_it_was_written(bring, asked):
    assert bring("[markdown]![A knot](../../assets/reef.png) Which? {=reef ~granny}\n").ok
    content, _ = asked()
    assert content["text"].startswith("![A knot](../../assets/reef.png)")
    assert 'src="/courses/knots/assets/assets/reef.png"' in shown(content)


def test_a_picture_named_as_moodle_does_is_found(bring, asked):
    assert bring('[html]<img src\\="@@PLUGINFILE@@/reef.png" alt\\="A"> Which? {=reef ~granny}\n').ok
    assert 'src="/courses/knots/assets/assets/reef.png"' in shown(asked()[0])


def test_a_link_to_the_lesson_leads_there(bring, asked):
    assert bring("[markdown]Read [the lesson](lesson.md) again. Done? {T}\n").ok
    assert 'href="/courses/knots/lessons/knots"' in shown(asked()[0])


def test_a_missing_picture_is_named_and_nothing_is_imported(app, bring):
    outcome = bring("// first\n\n[markdown]Which? ![gone](../nope.png) {=a ~b}\n")
    assert [(p.path, p.line, p.severity) for p in outcome.problems] == [(f"{LESSON}/check.gift", 3, "error")]
    assert "../nope.png is not in the course" in outcome.problems[0].message
    with app.app_context():
        assert db.session.scalar(select(Course.id)) is None


def test_importing_again_changes_nothing(bring):
    gift = "[markdown]Which? ![A](images/bow%20line.png) {=a ~b}\n"
    assert bring(gift).ok
    assert bring(gift).changes.is_empty
