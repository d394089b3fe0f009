"""A quiz waits with its lesson."""

from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.quizzes.models import Attempt
from tests.quizzes import taking
from tests.support.forms import post


def test_nobody_takes_the_quiz_of_a_lesson_that_is_not_open_yet(app, make_quiz, as_user, bob, alice) -> None:
    make_quiz()
    with app.app_context(), work.unit():
        db.session.execute(update(Lesson).values(release={"date": "2999-01-01"}))
    browser = as_user(bob)
    shown = browser.get(taking.QUIZ, follow_redirects=True)
    assert shown.status_code == 403 and "This lesson is not open yet" in shown.text
    started = post(browser, f"{taking.QUIZ}/attempts", form_at="/profile")
    assert started.status_code == 303 and "/attempts/" not in started.location
    with app.app_context():
        assert Attempt.query.count() == 0
    assert as_user(alice).get(taking.QUIZ).status_code == 200
