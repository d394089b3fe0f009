"""The forms of SMTP_URL."""

import dataclasses
import ssl
from contextlib import contextmanager
from email.message import EmailMessage
from smtplib import SMTPAuthenticationError

import pytest

from lms.notifications import smtp
from tests.support import tls
from tests.support.mail import Inbox


@contextmanager
def sending_to(app, url):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, smtp_url=url)
    try:
        with app.app_context():
            yield
    finally:
        app.config["LECTERN"] = settings


def message(to="bob@example.org"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "lectern@example.org", to, "Hello"
    made.set_content("Words.")
    return made


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    return tls.server(tmp_path_factory.mktemp("tls"))


def test_a_name_and_password_are_given_to_the_server(app, inbox):
    with sending_to(app, inbox.url.replace("//", "//lectern%40example.org:right@")):
        smtp.send(message())
    assert inbox.logins == [(b"lectern@example.org", b"right")]
    assert len(inbox.messages) == 1


def test_a_wrong_password_is_no_fault_of_the_message(app, inbox):
    with sending_to(app, inbox.url.replace("//", "//lectern:wrong@")), pytest.raises(SMTPAuthenticationError):
        smtp.send(message())


def test_an_address_that_the_server_cannot_take_is_refused_for_good(app, inbox):
    with sending_to(app, inbox.url), pytest.raises(smtp.Refused):
        inbox.answers.append("rcpt 553 no such name")
        smtp.send(message("δοκιμή@example.org"))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_the_line_is_encrypted_and_the_server_must_prove_its_name(app, secured, monkeypatch, scheme):
    context, path = secured
    with Inbox(**{"tls" if scheme == "smtps" else "starttls": context}) as inbox:
        url = inbox.url.replace("smtp://127.0.0.1", f"{scheme}://localhost")
        with sending_to(app, url), pytest.raises(ssl.SSLCertVerificationError):
            smtp.send(message())
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        with sending_to(app, url):
            smtp.send(message())
        assert len(inbox.messages) == 1
