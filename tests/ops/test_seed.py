"""The demo is a system that looks lived in, and its people hear of little that was invented."""

from sqlalchemy import select

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.notifications.models import Email, Notice
from lms.ops import seed
from lms.ops.seed_people import LEARNERS
from tests import factories

COURSE = "/courses/how-to-read-a-map"


def test_the_demo_is_lived_in_and_people_hear_of_certificates_and_grades_alone(
    app, run_jobs, client, as_user
):
    with app.app_context(), work.unit():
        seed.demo(factories.NOW, LEARNERS[:12])
    run_jobs()
    visited = client.get(COURSE).text
    assert "from 3 reviews" in visited
    assert "people found this helpful." in visited
    assert "Thank you. We will cut that lesson in two." in visited
    with app.app_context():
        learner = db.session.scalars(select(User).filter_by(email="learner01@example.org")).one()
        assert set(db.session.scalars(select(Notice.kind))) == {"certificate", "graded"}
        assert set(db.session.scalars(select(Email.template))) == {"certificate_ready", "notice"}
    browser = as_user(learner)
    assert "A walk to close with" in browser.get(f"{COURSE}/announcements").text
    questions = browser.get(f"{COURSE}/discussion").text
    assert "Do contour lines ever cross?" in questions and "Answered" in questions
