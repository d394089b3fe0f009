"""Applying to teach."""

from sqlalchemy import select

from lms.accounts.models import InstructorApplication, User
from lms.core import work
from lms.core.db import db
from tests.support.forms import post

GOOD = {"bio": "I have taught tea for twenty years.", "expertise": "Tea\nWater, Cups"}


def apply(client, **fields):
    return post(client, "/teaching/apply", {**GOOD, **fields})


def newest(app):
    with app.app_context():
        return db.session.scalars(
            select(InstructorApplication).order_by(InstructorApplication.id.desc())
        ).first()


def decide(client, app, **fields):
    return post(client, f"/admin/applications/{newest(app).id}", fields)


def test_who_is_verified_teaches_after_signing_in_again(app, as_user, bob, dana, inbox, run_jobs):
    student, admin = as_user(bob), as_user(dana)
    assert apply(student).status_code == 303
    assert "being read" in student.get("/teaching/apply").text
    assert newest(app).expertise == ["Tea", "Water", "Cups"]
    assert "Bob Brook" in admin.get("/admin/applications").text
    assert decide(admin, app, verdict="verified").status_code == 303
    with app.app_context():
        user = db.session.get_one(User, bob.id)
        assert (user.role, user.is_verified_instructor) == ("instructor", True)
    assert student.get("/learning").status_code == 303, "more rights begin with a new session"
    run_jobs()
    assert "You can teach" in inbox.to("bob@example.org")[0]["subject"]


def test_a_rejection_needs_a_reason_and_one_may_apply_again(app, as_user, bob, dana, inbox, run_jobs):
    student, admin = as_user(bob), as_user(dana)
    apply(student)
    assert decide(admin, app, verdict="rejected").status_code == 422
    assert decide(admin, app, verdict="rejected", reason="Please say where you taught.").status_code == 303
    run_jobs()
    assert "Please say where you taught." in inbox.to("bob@example.org")[0].get_body(("plain",)).get_content()
    page = student.get("/teaching/apply").text
    assert "Please say where you taught." in page and "twenty years" in page
    assert apply(student, bio="I taught tea in Kyoto.").status_code == 303
    assert newest(app).state == "submitted"


def test_applying_twice_is_one_application(app, as_user, bob):
    student = as_user(bob)
    apply(student)
    apply(student)
    with app.app_context():
        assert len(db.session.scalars(select(InstructorApplication)).all()) == 1


def test_a_decision_stands(app, as_user, bob, dana):
    admin = as_user(dana)
    apply(as_user(bob))
    decide(admin, app, verdict="verified")
    assert decide(admin, app, verdict="rejected", reason="Second thoughts").status_code == 303
    assert newest(app).state == "verified"


def test_what_is_too_short_or_too_much_is_said_and_kept(app, as_user, bob):
    client = as_user(bob)
    for wrong in (
        {"bio": "short"},
        {"expertise": "\n".join(f"field {n}" for n in range(11))},
        {"expertise": ""},
    ):
        answer = apply(client, **wrong)
        assert answer.status_code == 422
        assert next(iter(wrong.values())) in answer.text
    assert newest(app) is None


def test_a_verified_instructor_has_nothing_to_apply_for(app, as_user, alice):
    client = as_user(alice)
    assert "You are verified" in client.get("/teaching/apply").text


def test_an_instructor_who_waits_is_led_from_teaching_to_the_application(app, as_user, alice):
    assert "/teaching/apply" not in as_user(alice).get("/teaching").text
    with app.app_context(), work.unit():
        db.session.get_one(User, alice.id).is_verified_instructor = False
    assert 'href="/teaching/apply"' in as_user(alice).get("/teaching").text
