"""Courses get another owner: one, or all of somebody who leaves."""

import pytest
from sqlalchemy import select

from lms.accounts.models import AuditEntry, User
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor
from tests.factories import PASSWORD, course, person
from tests.support.forms import post


@pytest.fixture
def erin(app):
    return person(app, "Erin Elm", "erin@example.org", role="instructor")


@pytest.fixture
def admin(app, as_user, dana, alice):
    course(app, alice)
    course(app, alice, slug="coffee")
    return as_user(dana)


def owners(app):
    with app.app_context():
        return dict(db.session.execute(select(Course.slug, Course.owner_id)).all())


def test_a_course_is_handed_over_and_both_are_told(app, admin, as_user, alice, erin, inbox, run_jobs):
    with app.app_context(), work.unit():
        tea = db.session.scalars(select(Course.id).where(Course.slug == "tea")).one()
        db.session.add(CourseInstructor(course_id=tea, user_id=erin.id))
    answer = post(admin, "/admin/courses/tea/owner", {"email": "ERIN@example.org", "stays": "y"})
    assert answer.status_code == 303
    assert owners(app) == {"tea": erin.id, "coffee": alice.id}
    run_jobs()
    assert [mail["Subject"] for mail in inbox.to(erin.email)] == ["Yours to teach now: “The book of tea”"]
    assert [mail["Subject"] for mail in inbox.to(alice.email)] == ["Handed over: “The book of tea”"]
    assert "Yours to teach now" in as_user(erin).get("/inbox").text
    assert as_user(erin).get("/teaching/tea/instructors").status_code == 200
    assert as_user(alice).get("/teaching/tea").status_code == 200, "goes on teaching"
    assert as_user(alice).get("/teaching/tea/instructors").status_code == 403, "but is not the owner"
    with app.app_context():
        others = db.session.scalars(select(CourseInstructor.user_id)).all()
        assert others == [alice.id], "who owns it is not listed as a co-instructor too"
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "course.handed_over")).one()
        assert entry.details == {"before": "Alice Arden", "after": "Erin Elm"}
        assert "Erin Elm" in db.session.scalars(select(Course.instructors).where(Course.id == tea)).one()


def test_who_leaves_hands_over_everything_at_once_and_can_be_erased(
    app, admin, as_user, alice, erin, inbox, run_jobs
):
    with app.app_context(), work.unit():
        old = db.session.scalars(select(Course).where(Course.slug == "coffee")).one()
        old.removed_at, old.state = clock.now(), "archived"
    assert "Hand over 2 courses" in admin.get(f"/admin/users/{alice.id}").text
    page = admin.get(f"/admin/users/{alice.id}/courses").text
    assert "The book of tea" in page and "The book of coffee" in page and "Deleted" in page
    post(admin, f"/admin/users/{alice.id}/courses", {"email": erin.email})
    assert set(owners(app).values()) == {erin.id}
    run_jobs()
    assert [mail["Subject"] for mail in inbox.to(erin.email)] == [
        "Yours to teach now: “The book of coffee” and 1 more"
    ]
    leaving = as_user(alice)
    assert leaving.get("/teaching/tea").status_code == 404, "does not go on teaching"
    answer = post(leaving, "/privacy/erasure", {"password": PASSWORD, "sure": "y"})
    assert "/privacy/erasures/" in answer.headers["Location"]
    assert "owns no course" in admin.get(f"/admin/users/{alice.id}/courses").text


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("bob@example.org", "No instructor has this address"),
        ("nobody@example.org", "No instructor has this address"),
        ("alice@example.org", "the owner already"),
        ("", "Enter the email address"),
    ],
)
def test_who_can_not_teach_gets_nothing_and_what_was_typed_stays(app, admin, alice, bob, email, words):
    answer = post(admin, "/admin/courses/tea/owner", {"email": email})
    assert answer.status_code == 422
    assert words in answer.text and f'value="{email}"' in answer.text
    assert owners(app)["tea"] == alice.id


def test_an_instructor_whose_account_is_off_gets_nothing(app, admin, alice, erin):
    with app.app_context(), work.unit():
        db.session.get_one(User, erin.id).is_active = False
    assert post(admin, "/admin/courses/tea/owner", {"email": erin.email}).status_code == 422
    assert erin.email not in admin.get("/admin/courses/tea/owner").text, "is not offered"
    assert owners(app)["tea"] == alice.id
