"""Bringing people into a course by their addresses."""

import io
import re

import pytest
from sqlalchemy import select, update

from lms.accounts.models import Invitation, User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment
from tests import factories
from tests.support.forms import post

ACCEPT = {"name": "Eve Elm", "password": "four plain words here"}


@pytest.fixture
def closed_tea(tea):
    tea.change(update(Course).values(state="published", access="invitation", capacity=1))
    return tea


def bring(tea, addresses):
    return tea.post("/learners/admission", {"addresses": addresses})


def link(inbox, address="eve@example.org"):
    text = inbox.to(address)[-1].get_body(("plain",)).get_content()
    return re.search(r"(/invitations/\S+)", text)[1]


def in_course(app):
    with app.app_context():
        return set(
            db.session.scalars(
                select(User.email)
                .join(Enrollment, Enrollment.user_id == User.id)
                .where(Enrollment.state == "active")
            )
        )


def test_the_list_is_checked_first_and_nothing_happens_then(app, closed_tea, bob, inbox, run_jobs):
    typed = (
        "Name,Email\nBob Birch,BOB@example.org\n\nnonsense@\n"
        '"Elm, Eve" <eve@example.org>\njust words\neve@example.org'
    )
    page = closed_tea.post("/learners", {"addresses": typed}).text
    assert "2 people would come in" in page and "1 address stood there before" in page
    assert (
        "“nonsense@” is no email address that mail can reach." in page
        and "There is no email address in this line." in page
    )
    for line in ("4", "6"):
        assert f'<th scope="row">{line}</th>' in page
    run_jobs()
    assert not in_course(app) and not inbox.messages
    assert "Bob" not in page.replace("Bob Birch", ""), "no account's name is told"


def test_who_has_an_account_is_enrolled_and_told_the_others_are_invited(
    app, client, closed_tea, bob, charlie, inbox, run_jobs
):
    bring(closed_tea, "bob@example.org\nCharlie <charlie@example.org>\nEve Elm <eve@example.org>")
    page = closed_tea.page("/learners")
    assert "2 people are enrolled" in page and "1 invitation is on its way" in page
    assert "eve@example.org" in page and "bob@example.org" not in page
    run_jobs()
    assert in_course(app) == {"bob@example.org", "charlie@example.org"}, "access and places don't matter"
    assert "You are enrolled" in inbox.to("bob@example.org")[0]["Subject"]

    assert post(client, link(inbox), ACCEPT).status_code == 303
    assert "eve@example.org" in in_course(app)
    assert "Nobody is waited for" in closed_tea.page("/learners")
    again = closed_tea.post("/learners", {"addresses": "bob@example.org"}).text
    assert "There is nobody to bring in" in again and "1 address is in the course already" in again


def test_a_file_is_read_too_and_what_is_no_text_is_refused(closed_tea):
    table = "E-mail;Name\neve@example.org;Eve Elm\n".encode("utf-8-sig")
    page = closed_tea.post("/learners", {"addresses": "", "file": (io.BytesIO(table), "class.csv")}).text
    assert "1 person would come in" in page and "Eve Elm" in page
    wrong = closed_tea.post("/learners", {"addresses": "", "file": (io.BytesIO(b"\x00\x01"), "class.csv")})
    assert wrong.status_code == 422 and "This is not a text file" in wrong.text
    assert closed_tea.post("/learners", {"addresses": " "}).status_code == 422
    many = "\n".join(f"p{number}@example.org" for number in range(301))
    assert "At most 300 addresses" in closed_tea.post("/learners", {"addresses": many}).text
    assert bring(closed_tea, many).status_code == 422


def test_an_invitation_is_sent_again_and_revoked(app, client, closed_tea, inbox, run_jobs):
    bring(closed_tea, "eve@example.org")
    number = closed_tea.row(Invitation).id
    closed_tea.post(f"/invitations/{number}/resend")
    run_jobs()
    path = link(inbox)
    assert client.get(path).status_code == 200
    closed_tea.post(f"/invitations/{number}/revocation")
    assert client.get(path).status_code == 410
    assert closed_tea.post(f"/invitations/{number}/resend").status_code == 404


def test_invitations_of_other_courses_are_not_theirs(app, closed_tea, as_user, dana):
    post(
        as_user(dana),
        "/admin/invitations",
        {"addresses": "eve@example.org", "role": "instructor", "course": ""},
    )
    number = closed_tea.row(Invitation).id
    assert closed_tea.post(f"/invitations/{number}/revocation").status_code == 404
    bring(closed_tea, "eve@example.org")
    assert closed_tea.row(Invitation, id=number).revoked_at is None, "another invitation stays good"


def test_one_link_opens_every_course_and_gives_the_strongest_role(
    app, client, closed_tea, as_user, dana, inbox, run_jobs
):
    post(
        as_user(dana),
        "/admin/invitations",
        {"addresses": "eve@example.org", "role": "instructor", "course": ""},
    )
    other = factories.course(app, dana, slug="coffee")
    bring(closed_tea, "eve@example.org")
    fields = {"addresses": "eve@example.org", "role": "student", "course": str(other.id)}
    post(as_user(dana), "/admin/invitations", fields)
    run_jobs()
    post(client, link(inbox), ACCEPT)
    assert closed_tea.row(User, email="eve@example.org").role == "instructor"
    with app.app_context():
        assert set(db.session.scalars(select(Enrollment.course_id))) == {closed_tea.course.id, other.id}


def test_who_registers_without_the_link_comes_in_when_the_address_is_confirmed(
    app, client, closed_tea, inbox, run_jobs
):
    bring(closed_tea, "eve@example.org")
    register = ACCEPT | {"email": "eve@example.org", "time_zone": "UTC"}
    assert post(client, "/register", register).status_code == 303
    run_jobs()
    assert not in_course(app), "nobody knows yet whose address it is"
    mails = (message.get_body(("plain",)).get_content() for message in inbox.to("eve@example.org"))
    confirm = next(found[0] for mail in mails if (found := re.search(r"/verify-email/\S+", mail)))
    client.get(confirm)
    run_jobs()
    assert in_course(app) == {"eve@example.org"}


def test_an_unconfirmed_account_comes_in_only_by_the_link(app, closed_tea, inbox, run_jobs):
    factories.person(app, "Mallory", "eve@example.org", verified=False)
    bring(closed_tea, "eve@example.org")
    run_jobs()
    assert not in_course(app)
    assert link(inbox)


def test_who_left_is_brought_back(app, closed_tea, as_user, bob):
    bring(closed_tea, "bob@example.org")
    post(as_user(bob), "/courses/tea/enrollment/leave", form_at="/profile")
    assert not in_course(app)
    bring(closed_tea, "bob@example.org")
    assert in_course(app) == {"bob@example.org"}


def test_nobody_is_brought_in_by_who_is_not_verified_or_into_an_archive(app, closed_tea, alice):
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.id == alice.id).values(is_verified_instructor=False))
    assert "has not been verified yet" in closed_tea.page("/learners")
    assert bring(closed_tea, "eve@example.org").status_code == 403
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.id == alice.id).values(is_verified_instructor=True))
    closed_tea.change(update(Course).values(state="archived"))
    assert bring(closed_tea, "eve@example.org").status_code == 403


def test_an_admins_invitation_to_a_course_enrolls_who_has_an_account(app, closed_tea, as_user, bob, dana):
    admin = as_user(dana)
    fields = {"addresses": "bob@example.org", "role": "student", "course": str(closed_tea.course.id)}
    post(admin, "/admin/invitations", fields)
    assert in_course(app) == {"bob@example.org"}
    assert "1 person with an account is enrolled" in admin.get("/admin/invitations").text
