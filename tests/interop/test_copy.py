"""A copy of a course: everything but its learners."""

from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.interop import actions
from lms.learning import actions as learning
from lms.learning.models import Enrollment
from lms.quizzes.models import Quiz
from tests.conftest import ROOT
from tests.factories import NOW
from tests.support.forms import post


def test_alice_copies_her_course(app, alice, bob, as_user, run_jobs):
    with app.app_context(), work.unit():
        first = actions.import_course(ROOT / "examples" / "reading-maps", alice, NOW)
        db.session.get_one(Course, first.course_id).state = "published"
        learning.enroll(first.course_id, bob.id, NOW)
    browser, home = as_user(alice), "/teaching/how-to-read-a-map"
    answer = post(browser, f"{home}/copy", form_at=f"{home}/settings")
    run_jobs()
    page = browser.get(answer.location).text
    assert "The course is imported." in page and "/courses/how-to-read-a-map-2" in page
    with app.app_context():
        copy = db.session.scalars(select(Course).where(Course.slug == "how-to-read-a-map-2")).one()
        assert copy.title.endswith("(copy)") and copy.state == "draft" and copy.owner_id == alice.id
        for table in (Lesson, Quiz):
            counts = [
                db.session.scalar(select(func.count()).select_from(table).where(table.course_id == number))
                for number in (first.course_id, copy.id)
            ]
            assert counts[0] == counts[1] > 0
        assert db.session.scalar(select(func.count()).where(Enrollment.course_id == copy.id)) == 0
        body = " ".join(db.session.scalars(select(Lesson.body_html).where(Lesson.course_id == copy.id)))
        assert "/courses/how-to-read-a-map/" not in body
