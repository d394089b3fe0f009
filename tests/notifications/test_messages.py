"""What stands in each message."""

import re

import pytest
from markupsafe import Markup
from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.core import clock, events, work
from lms.core.db import db
from lms.files import actions as files
from lms.learning.models import Enrollment
from lms.notifications import messages
from lms.notifications.models import Email
from tests.factories import NOW, course, person

LONG = "Łukasz <b>&amp; " + "Wiśniewska-" * 9 + "الأحمد"
FACTS = {
    "name": LONG,
    "verify_url": "http://localhost/verify-email/secret",
    "reset_url": "http://localhost/password/reset/secret",
    "forgot_url": "http://localhost/password/forgot",
    "course_url": "http://localhost/courses/tea",
    "certificate_url": "http://localhost/certificates/CERT-1",
    "course_title": "Tea <script>alert(1)</script> & 100 %(all)s",
    "course_summary": "Cups & <i>saucers</i>",
    "number": "CERT-1",
    "confirm_url": "http://localhost/email/secret",
    "security_url": "http://localhost/profile/security",
    "accept_url": "http://localhost/invitations/secret",
    "teaching_url": "http://localhost/teaching",
    "apply_url": "http://localhost/apply",
    "new_email": "<b>bob@example.org",
    "invited_by": "Dana <b>Dale",
    "role": "student",
    "reason": "Please say <b>more about</b> your field.",
    "code": "123456",
    "enabled": True,
    "is_verified": False,
    "days": 7,
    "hours": 24,
    "minutes": 30,
    "lesson_count": 3,
    "has_certificate": True,
    "has_file": True,
    "title": "Tea <script>alert(1)</script> & 100 %(all)s",
    "text": "Cups & <i>saucers</i>",
    "action": "Open <b>it",
    "link": "http://localhost/courses/tea",
    "html": Markup("<p>Cups &amp; saucers</p>"),
    "items": [
        {
            "title": "Tea <script>alert(1)</script> & 100 %(all)s",
            "text": "",
            "link": "http://localhost/courses/tea",
            "course_title": "Tea <b>& more",
        }
    ],
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("template", sorted(messages.CONTENTS))
def test_every_message_renders_whole_and_escaped(app, template, language):
    with app.app_context():
        subject, text, html = messages.render(template, language, FACTS)
    assert subject
    assert "\n" not in subject
    assert "http://localhost" in text
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;b" in html or LONG not in html
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert re.search(r"<title>\S", html)
    assert "{{" not in text + html
    assert "src=" not in html, "nothing is loaded from anywhere"
    assert "&lt;" not in text + subject, "plain text is not escaped"


def test_a_stranger_language_falls_back_to_english(app):
    with app.app_context():
        assert 'lang="en"' in messages.render("test", "xx", FACTS)[2]


def sent(app, run_jobs, name, **payload):
    with app.app_context(), work.unit():
        events.record(name, clock.now(), **payload)
    run_jobs()


def enroll(app, user, tea):
    with app.app_context(), work.unit():
        row = Enrollment(
            user_id=user.id, course_id=tea.id, state="active", enrolled_at=NOW, last_active_at=NOW
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def award(app, user, tea, enrollment_id, pdf):
    with app.app_context(), work.unit():
        row = Certificate(
            number="CERT-20260302-ABCDEFGHJK",
            enrollment_id=enrollment_id,
            user_id=user.id,
            course_id=tea.id,
            recipient=user.name,
            course_title=tea.title,
            completed_on=NOW.date(),
            issued_at=NOW,
            file_id=files.keep(pdf, "application/pdf").id,
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def test_a_message_has_both_forms_and_says_it_is_automatic(app, bob, alice, inbox, run_jobs):
    sent(app, run_jobs, "enrollment.created", enrollment_id=enroll(app, bob, course(app, alice)))
    message = inbox.to("bob@example.org")[0]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["auto-submitted"] == "auto-generated"
    assert message["date"].datetime.utcoffset() is not None
    assert re.fullmatch(r"<\d+\.[0-9a-f]{24}@localhost>", message["message-id"])
    assert message["to"] == "Bob Brook <bob@example.org>"
    assert "The book of tea" in message["subject"]
    text = message.get_body(("plain",)).get_content()
    assert "http://localhost/courses/tea" in text
    assert "2 lessons" in text


def test_returning_to_a_course_is_not_announced_twice(app, bob, alice, inbox, run_jobs):
    number = enroll(app, bob, course(app, alice))
    sent(app, run_jobs, "enrollment.created", enrollment_id=number)
    sent(app, run_jobs, "enrollment.created", enrollment_id=number)
    assert len(inbox.to("bob@example.org")) == 1


def test_the_certificate_comes_with_its_pdf(app, bob, alice, inbox, run_jobs):
    tea = course(app, alice)
    number = award(app, bob, tea, enroll(app, bob, tea), b"%PDF-1.7 of a test")
    sent(app, run_jobs, "certificate.ready", certificate_id=number)
    message = inbox.to("bob@example.org")[0]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "CERT-20260302-ABCDEFGHJK.pdf"
    assert attached.get_content() == b"%PDF-1.7 of a test"
    text = message.get_body(("plain",)).get_content()
    assert "http://localhost/certificates/CERT-20260302-ABCDEFGHJK" in text
    assert "http://localhost/verify/CERT-20260302-ABCDEFGHJK" in text


def test_a_large_pdf_is_left_at_its_address(app, bob, alice, inbox, run_jobs):
    tea = course(app, alice)
    pdf = b"%PDF-1.7" + bytes(messages.LARGEST_ATTACHMENT)
    number = award(app, bob, tea, enroll(app, bob, tea), pdf)
    sent(app, run_jobs, "certificate.ready", certificate_id=number)
    message = inbox.to("bob@example.org")[0]
    assert not list(message.iter_attachments())
    assert "/certificates/CERT-" in message.get_body(("plain",)).get_content()


def test_a_message_speaks_the_language_of_its_reader(app, inbox, run_jobs):
    noor = person(app, "نور", "noor@example.org")
    with app.app_context(), work.unit():
        db.session.merge(noor).language = "ar"
    sent(app, run_jobs, "account.locked", user_id=noor.id)
    message = inbox.to("noor@example.org")[0]
    assert message["content-language"] == "ar"
    assert 'dir="rtl"' in message.get_body(("html",)).get_content()


def test_no_secret_is_kept_in_the_row(app, client, inbox, run_jobs):
    person(app, "Gil", "gil@example.org", verified=False)
    with app.app_context(), work.unit():
        from lms.accounts import actions

        actions.request_reset("gil@example.org", clock.now())
    run_jobs()
    text = inbox.to("gil@example.org")[0].get_body(("plain",)).get_content()
    secret = re.search(r"/password/reset/(\S+)", text)[1]
    with app.app_context():
        (row,) = db.session.scalars(select(Email)).all()
    assert secret not in str(row.facts)
    assert set(row.facts) == {"token_id"}


def test_a_deactivated_account_gets_no_mail(app, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        db.session.merge(bob).is_active = False
    sent(app, run_jobs, "account.locked", user_id=bob.id)
    assert not inbox.messages


def test_a_name_cannot_forge_a_header(app, inbox, run_jobs):
    eve = person(app, "Eve\r\nBcc: all@example.org", "eve@example.org")
    sent(app, run_jobs, "account.locked", user_id=eve.id)
    message = inbox.to("eve@example.org")[0]
    assert message["bcc"] is None
    assert message["to"].addresses[0].addr_spec == "eve@example.org"
