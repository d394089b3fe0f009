"""An address that a server refuses for good gets no more mail until its owner does something about it."""

import pytest
from sqlalchemy import select, update

from lms.accounts import actions as accounts
from lms.accounts.models import User
from lms.core import clock, work
from lms.core.db import db
from lms.notifications import actions, notices, rules
from lms.notifications.models import Bounce
from lms.notifications.notices import Told
from tests.support import forms


def tell(app, user, number):
    facts = {"quiz": f"Quiz {number}", "course": "Tea"}
    with app.app_context(), work.unit():
        notices.tell("graded", [Told(user.id, f"graded:{user.id}:{number}", facts, "/learning")], clock.now())


@pytest.fixture
def refused(app, bob, inbox, run_jobs):
    inbox.answers.append("rcpt 550 5.1.1 no such person")
    tell(app, bob, 1)
    run_jobs()
    return bob


def test_no_more_mail_goes_to_an_address_that_was_refused(app, refused, inbox, run_jobs):
    tell(app, refused, 2)
    with app.app_context(), work.unit():
        actions.queue_to(refused.id, "lockout", clock.now(), "lockout:1")
    run_jobs()
    assert not inbox.messages


def test_the_person_sees_why_and_what_to_do(refused, as_user):
    client = as_user(refused)
    assert "Mail does not reach you at bob@example.org" in client.get("/inbox").text
    page = client.get("/profile/messages").text
    assert "no such person" in page
    assert "It works again" in page


def test_who_says_that_it_works_again_is_written_to_again(app, refused, as_user, inbox, run_jobs):
    client = as_user(refused)
    forms.post(client, "/profile/messages/address", form_at="/profile/messages")
    tell(app, refused, 2)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 2
    assert "Mail does not reach you" not in client.get("/profile/messages").text


def test_another_address_is_not_the_refused_one(app, refused, inbox, run_jobs):
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.id == refused.id).values(email="bob@elsewhere.org"))
    tell(app, refused, 2)
    run_jobs()
    assert len(inbox.to("bob@elsewhere.org")) == 1


def test_a_link_that_somebody_asks_for_is_sent_all_the_same(app, refused, inbox, run_jobs):
    with app.app_context(), work.unit():
        accounts.request_reset(refused.email, clock.now())
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 1


@pytest.mark.parametrize(
    "answer", ["rcpt 451 come later", "rcpt 550 5.7.1 your server is blocked", "554 spam"]
)
def test_what_is_not_about_the_address_marks_nobody(app, bob, inbox, run_jobs, answer):
    inbox.answers.append(answer)
    tell(app, bob, 1)
    run_jobs()
    with app.app_context():
        assert db.session.scalar(select(Bounce.user_id)) is None


def test_which_refusals_are_about_the_address():
    assert rules.is_bad_address(550, "5.1.1 no such user")
    assert rules.is_bad_address(553, "mailbox name not allowed")
    assert not rules.is_bad_address(450, "4.2.1 busy")
    assert not rules.is_bad_address(550, "5.7.26 unauthenticated")


def test_an_admin_sees_it_and_can_send_the_message_again(app, refused, dana, as_user, inbox, run_jobs):
    client = as_user(dana)
    assert "no such person" in client.get(f"/admin/users/{refused.id}").text
    forms.post(client, "/admin/emails/1/retry", form_at="/admin/emails")
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 1
    assert "Mail is refused" not in client.get(f"/admin/users/{refused.id}").text
