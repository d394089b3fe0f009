"""A quiz that is added where learners see it: theirs once its instructor shows it, and not before."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment
from lms.quizzes import queries
from lms.quizzes.authoring import places
from lms.quizzes.authoring import quizzes as authoring
from lms.quizzes.content import OpenContent
from lms.quizzes.keys import OpenKey
from lms.quizzes.models import Question, Quiz, QuizDraw
from tests import factories
from tests.support import forms, quizzes
from tests.support.forms import post

LESSON = "/courses/tea/lessons/lesson-2"
QUIZ = f"{LESSON}/quizzes/leaves"
HIDDEN = "Hidden from learners"


def add(tea, lesson="lesson-2", title="Leaves") -> Quiz:
    """Through the studio, with its first question."""
    assert tea.post(f"/lessons/{lesson}/quizzes", {"title": title}).status_code == 303
    made = tea.row(Quiz, title=title)
    with tea.app.app_context(), work.unit():
        quizzes.ask(made, *quizzes.single(), 1)
    return made


def show(tea, quiz, shown="yes", **more):
    return tea.post(f"/quizzes/{quiz.id}/visibility", {"shown": shown, **more})


def complete(browser) -> int:
    return post(browser, f"{LESSON}/completion", form_at="/profile").status_code


def test_a_required_quiz_is_written_behind_the_curtain_and_asked_once_it_is_shown(
    live_tea, as_user, bob, alice
):
    quiz, learner = add(live_tea), as_user(bob)
    assert quiz.is_required and not quiz.is_published
    page = live_tea.page(f"/quizzes/{quiz.id}")
    assert "Learners don’t see it until you show it." in page
    assert HIDDEN in page and "Show to learners" in page
    assert "Leaves" not in learner.get(LESSON).text
    assert learner.get(QUIZ).status_code == 404
    assert post(learner, f"{QUIZ}/attempts", form_at="/profile").status_code == 404
    assert complete(learner) == 303
    assert live_tea.row(Enrollment, user_id=bob.id).state == "active"
    live_tea.change(text("update lesson_progress set completed_at = null where completed_at is not null"))

    teacher = as_user(alice)
    assert HIDDEN in teacher.get(LESSON).text and HIDDEN in teacher.get(QUIZ).text
    assert HIDDEN in live_tea.page("/lessons/lesson-2")
    outline = live_tea.page()
    assert (
        "Hidden quiz" in outline
        and "Show to learners: Leaves" in outline
        and "only once they have passed the quiz" in outline
    )

    answer = show(live_tea, quiz, on="outline")
    assert answer.location.startswith("/teaching/tea#lesson-")
    assert "Learners see “Leaves” now." in live_tea.page()
    assert "Leaves" in learner.get(LESSON).text and HIDDEN not in learner.get(LESSON).text
    assert complete(learner) == 422
    started = post(learner, f"{QUIZ}/attempts", form_at="/profile").location
    post(learner, f"{started}/submission", {"answer-0-option": "1"}, form_at=started)
    assert complete(learner) == 422, "it was not passed"
    show(live_tea, quiz, "no")
    assert complete(learner) == 303


def test_what_learners_do_not_see_yet_needs_no_curtain(live_tea, tea):
    live_tea.post("/lessons/lesson-3/visibility", {"shown": "no"})
    assert add(live_tea, "lesson-3", "In a hidden lesson").is_published


def save_as_shown(tea):
    """The editor of the lesson, with *Learners see this lesson* ticked."""
    shown = forms.filled(tea.page("/lessons/lesson-2"), "editor")
    return tea.post("/lessons/lesson-2", shown | {"is_published": "y"})


SHOW = {
    "in the outline": lambda tea: tea.post("/lessons/lesson-2/visibility", {"shown": "yes"}),
    "with its module": lambda tea: tea.post(f"/modules/{tea.module()}/visibility"),
    "in its editor": save_as_shown,
}


@pytest.mark.parametrize("way", SHOW)
def test_a_quiz_that_asks_nothing_when_its_lesson_is_shown_waits_until_it_is_shown_itself(
    live_tea, as_user, bob, way
):
    live_tea.post("/lessons/lesson-2/visibility", {"shown": "no"})
    ready = add(live_tea, title="Water")
    live_tea.post("/lessons/lesson-2/quizzes", {"title": "Leaves"})
    quiz = live_tea.row(Quiz, title="Leaves")
    assert SHOW[way](live_tea).status_code == 303
    assert "The quiz “Leaves” asks nothing yet: learners don’t see it until you show it." in live_tea.page()
    with live_tea.app.app_context(), work.unit():
        quizzes.ask(quiz, *quizzes.single(), 1)
    learner = as_user(bob)
    page = learner.get(LESSON).text
    assert ready.title in page and "Leaves" not in page, "what was ready comes with its lesson"
    assert learner.get(QUIZ).status_code == 404
    show(live_tea, quiz)
    assert learner.get(QUIZ).status_code == 200


def test_a_quiz_that_was_taken_and_emptied_is_hidden_by_nobody_but_its_teacher(live_tea, as_user, bob):
    quiz = add(live_tea)
    show(live_tea, quiz)
    post(as_user(bob), f"{QUIZ}/attempts", form_at=QUIZ)
    live_tea.change(update(Question).values(removed_at=factories.NOW))
    live_tea.post("/lessons/lesson-2/visibility", {"shown": "no"})
    live_tea.post("/lessons/lesson-2/visibility", {"shown": "yes"})
    assert live_tea.row(Quiz).is_published


def test_several_quizzes_that_ask_nothing_are_counted(live_tea):
    live_tea.post("/lessons/lesson-2/visibility", {"shown": "no"})
    for title in ("Leaves", "Water"):
        live_tea.post("/lessons/lesson-2/quizzes", {"title": title})
    SHOW["in the outline"](live_tea)
    assert "2 quizzes ask nothing yet: learners don’t see them until you show them." in live_tea.page()


def test_in_a_draft_a_quiz_begins_shown(tea):
    assert add(tea).is_published
    assert HIDDEN not in tea.page("/lessons/lesson-2") and "Hidden quiz" not in tea.page()


def test_a_quiz_that_asks_nothing_is_not_shown(live_tea):
    live_tea.post("/lessons/lesson-2/quizzes", {"title": "Leaves"})
    quiz = live_tea.row(Quiz)
    answer = show(live_tea, quiz)
    assert answer.status_code == 422 and "This quiz can’t be shown yet: it asks nothing." in answer.text
    assert not live_tea.row(Quiz).is_published


def test_a_quiz_that_is_hidden_again_keeps_what_learners_did(live_tea, as_user, bob, charlie, app):
    quizzes.enrolled(app, charlie, live_tea.course)
    quiz, learner, late = add(live_tea), as_user(bob), as_user(charlie)
    show(live_tea, quiz)
    done = post(learner, f"{QUIZ}/attempts", form_at=QUIZ).location
    post(learner, f"{done}/submission", form_at=done)
    under_way = post(late, f"{QUIZ}/attempts", form_at=QUIZ).location

    assert "Attempts and grades stay" in live_tea.page(f"/quizzes/{quiz.id}")
    show(live_tea, quiz, "no")
    assert "attempts under way may be finished" in live_tea.page(f"/quizzes/{quiz.id}")
    assert learner.get(QUIZ).status_code == 404 and "Leaves" not in learner.get(LESSON).text
    result = learner.get(f"{done}/result")
    assert result.status_code == 200 and "Try again" not in result.text

    assert "Under way" in late.get(LESSON).text and HIDDEN not in late.get(LESSON).text
    page = late.get(QUIZ).text
    assert "Continue the attempt" in page and "You can finish the attempt that you began" in page
    assert "as often as you like" not in page and "complete only when this quiz is passed" not in page
    assert HIDDEN not in page, "that is the word of its teachers"
    assert post(late, f"{QUIZ}/attempts", form_at=QUIZ).location == under_way
    assert post(late, f"{under_way}/submission", form_at=under_way).status_code == 303
    assert late.get(f"{under_way}/result").status_code == 200
    assert late.get(QUIZ).status_code == 404, "a second attempt can't be begun"
    attempts = live_tea.page(f"/quizzes/{quiz.id}/attempts")
    assert HIDDEN in attempts and "Bob" in attempts and "Charlie" in attempts


def test_who_teaches_and_learns_begins_no_attempt_at_a_hidden_quiz(live_tea, as_user, alice, app):
    quizzes.enrolled(app, alice, live_tea.course)
    add(live_tea)
    teacher = as_user(alice)
    assert "It can’t be taken until it is shown" in teacher.get(QUIZ).text
    assert "/attempts/" not in post(teacher, f"{QUIZ}/attempts", form_at=QUIZ).location
    assert complete(teacher) == 303


def test_who_looks_as_a_learner_sees_what_learners_see(live_tea):
    quiz = add(live_tea)
    live_tea.page()
    live_tea.post("/view")
    assert "Leaves" not in live_tea.browser.get(LESSON).text
    assert live_tea.browser.get(QUIZ).status_code == 404
    live_tea.post("/view/end")
    show(live_tea, quiz)
    live_tea.post("/view")
    page = live_tea.browser.get(QUIZ)
    assert page.status_code == 200 and "Start the quiz" in page.text
    assert "Attempts of the learners" not in page.text
    assert post(live_tea.browser, f"{QUIZ}/attempts", form_at="/profile").status_code == 403
    live_tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(is_published=False))
    assert live_tea.browser.get(QUIZ).status_code == 404


def test_who_looks_as_a_learner_meets_no_work_of_their_own(live_tea, alice, app):
    quiz = add(live_tea)
    show(live_tea, quiz)
    quizzes.enrolled(app, alice, live_tea.course)
    started = post(live_tea.browser, f"{QUIZ}/attempts", form_at=QUIZ).location
    assert "Under way" in live_tea.browser.get(LESSON).text
    assert "Continue the attempt" in live_tea.browser.get(QUIZ).text
    live_tea.post("/view")
    assert "Under way" not in live_tea.browser.get(LESSON).text
    assert "Start the quiz" in live_tea.browser.get(QUIZ).text
    live_tea.post("/view/end")
    assert live_tea.browser.get(started).status_code == 200


def test_a_duplicate_begins_where_its_lesson_is_hidden_and_says_nothing_that_its_author_kept_back(live_tea):
    shown, kept = add(live_tea), add(live_tea, title="Half written")
    show(live_tea, shown)
    live_tea.post("/lessons/lesson-2/copy")
    lesson = live_tea.row(Lesson, title="Lesson 2 (copy)")
    assert live_tea.row(Quiz, lesson_id=lesson.id, title=shown.title).is_published
    assert not live_tea.row(Quiz, lesson_id=lesson.id, title=kept.title).is_published


def test_a_quiz_that_moves_before_learners_begins_hidden_there(live_tea):
    live_tea.post("/lessons/lesson-3/visibility", {"shown": "no"})
    quiz = add(live_tea, "lesson-3")
    live_tea.post(f"/quizzes/{quiz.id}/lesson", {"lesson": "lesson-2"})
    assert "Learners don’t see it until you show it." in live_tea.page(f"/quizzes/{quiz.id}")
    assert not live_tea.row(Quiz).is_published
    show(live_tea, quiz)
    live_tea.post(f"/quizzes/{quiz.id}/lesson", {"lesson": "lesson-1"})
    assert live_tea.row(Quiz).is_published, "learners saw it already"


def test_a_hidden_quiz_keeps_no_course_from_being_published(tea):
    quiz = add(tea)
    tea.change(update(Question).values(removed_at=factories.NOW))
    assert "has no question" in tea.page()
    show(tea, quiz, "no")
    assert "has no question" not in tea.page()
    tea.post("/publication")
    assert tea.row(Course).state == "published"


PARTS = st.lists(st.sampled_from(("question", "removed", "text", "draw")), max_size=4)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=PARTS, published=st.booleans())
def test_every_reader_of_what_a_quiz_asks_says_the_same(live_tea, bob, parts, published):
    with live_tea.app.app_context():
        try:
            lesson = db.session.scalars(select(Lesson).where(Lesson.slug == "lesson-2")).one()
            quiz = authoring.add_quiz(
                db.session.get_one(Course, lesson.course_id), lesson, "Leaves", factories.NOW
            )
            for place, part in enumerate(parts):
                if part == "draw":
                    db.session.add(QuizDraw(quiz_id=quiz.id, position=place, count=1))
                    continue
                told = OpenContent("description", "Read this."), OpenKey("description")
                question = quizzes.ask(quiz, *(told if part == "text" else quizzes.single()), place)
                question.removed_at = factories.NOW if part == "removed" else None
            quiz.is_published = published
            db.session.flush()
            asks = text(f"select {queries.asks_sql('q')} from quizzes q where q.id = {quiz.id}")  # noqa: S608
            asked = bool({"question", "draw"} & set(parts))
            assert places.asks(quiz) == db.session.scalar(asks) == asked
            seen = [row.is_asked for row in queries.quizzes_of_lesson(lesson.id, bob.id, is_staff=False)]
            unmet = queries.unmet_for(lesson.id, bob.id)
            assert seen == ([True] if published and asked else [])
            assert len(unmet) == len(seen)
        finally:
            db.session.rollback()
