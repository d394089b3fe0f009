"""An admin looks at the site as somebody and changes nothing."""

from sqlalchemy import func, select

from lms.accounts.models import AuditEntry
from lms.core.db import db
from lms.learning.models import LessonProgress
from tests.factories import course, person
from tests.support import sql
from tests.support.forms import post


def view_as(client, user):
    return post(client, f"/admin/users/{user.id}/view-as", form_at=f"/admin/users/{user.id}")


def actions(app):
    with app.app_context():
        return list(
            db.session.execute(select(AuditEntry.actor_name, AuditEntry.action).order_by(AuditEntry.id))
        )


def test_every_page_says_so_and_shows_what_the_person_sees(app, as_user, dana, bob):
    client = as_user(dana)
    assert view_as(client, bob).status_code == 303
    for path in ("/learning", "/courses", "/"):
        text = client.get(path, follow_redirects=True).text
        assert "you see the site as" in text and "Bob Brook" in text
    assert client.get("/admin/").status_code == 403


def test_nothing_can_be_changed_but_the_view_can_be_ended(app, as_user, dana, bob, alice):
    course(app, alice)
    client = as_user(dana)
    view_as(client, bob)
    refused = post(client, "/courses/tea/enrollment", form_at="/learning")
    assert refused.status_code == 403
    assert "You are only looking" in refused.text
    assert post(client, "/profile", {"name": "Mallory"}, form_at="/learning").status_code == 403
    before = client.get_cookie("session").value
    assert post(client, "/view-as/end", form_at="/learning").status_code == 303
    assert client.get("/admin/").status_code == 200
    client.set_cookie("session", before)
    assert client.get("/admin/").status_code == 303, "the session has a new secret"


def test_it_stands_in_the_audit_log_with_the_name_of_the_admin(app, as_user, dana, bob):
    client = as_user(dana)
    view_as(client, bob)
    post(client, "/view-as/end", form_at="/learning")
    assert actions(app)[-2:] == [("Dana Dale", "view_as.started"), ("Dana Dale", "view_as.ended")]


def test_looking_at_a_lesson_does_not_begin_it_for_the_learner(app, as_user, dana, bob, alice):
    course(app, alice)
    post(as_user(bob), "/courses/tea/enrollment", form_at="/profile")
    client = as_user(dana)
    view_as(client, bob)
    assert client.get("/courses/tea/lessons/lesson-1").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LessonProgress)) == 0


def test_an_admin_cant_view_as_another_admin_nor_a_student_as_anybody(app, as_user, dana, bob, alice):
    other = person(app, "Erin", "erin@example.org", role="admin")
    assert view_as(as_user(dana), other).status_code == 403
    assert post(as_user(bob), f"/admin/users/{alice.id}/view-as", form_at="/profile").status_code == 403


def test_own_data_and_security_stay_private(app, as_user, dana, bob):
    client = as_user(dana)
    view_as(client, bob)
    assert client.get("/privacy").status_code == 403
    assert client.get("/privacy/erasure").status_code == 403
    assert client.get("/profile/security").status_code == 403


def test_the_view_ends_when_the_person_becomes_an_admin(app, as_user, dana, bob):
    looking, acting = as_user(dana), as_user(dana)
    view_as(looking, bob)
    post(acting, f"/admin/users/{bob.id}/role", {"role": "admin"}, form_at=f"/admin/users/{bob.id}")
    assert "you see the site as" not in looking.get("/learning").text


def test_it_costs_no_further_statement(app, as_user, dana, bob):
    client = as_user(dana)
    client.get("/privacy")
    with sql.count(app) as plain:
        client.get("/courses")
    view_as(client, bob)
    with sql.count(app) as looking:
        client.get("/courses")
    assert len(looking) == len(plain)
