"""The page that shows what a development system has sent."""

import dataclasses

import pytest

from lms.ops.mailbox import Mailbox


@pytest.fixture
def development(app, tmp_path):
    """The application as a development system with a mailbox of its own."""
    settings = app.config["LECTERN"]
    with Mailbox(tmp_path / "mail") as mailbox:
        app.config["LECTERN"] = dataclasses.replace(settings, environment="development", smtp_url=mailbox.url)
        app.config["DEVELOPMENT_MAIL"] = mailbox.directory
        yield mailbox
    app.config["LECTERN"] = settings
    del app.config["DEVELOPMENT_MAIL"]


@pytest.fixture
def sent(app, development, bob, run_jobs):
    """The name of bob's reset message."""
    from lms.accounts import actions
    from lms.core import clock, work

    with app.app_context(), work.unit():
        actions.request_reset(bob.email, clock.now())
    run_jobs()
    return development.messages()[0].stem


def test_outside_of_development_there_is_no_such_page(client, dana, as_user):
    for path in (
        "/dev/mail",
        "/dev/styleguide",
        "/dev/mail/20260302T090000000000-0001",
        "/dev/mail/20260302T090000000000-0001/html",
    ):
        assert client.get(path).status_code == 404
        assert as_user(dana).get(path).status_code == 404


def test_an_empty_inbox_says_so(client, development):
    assert "No message has been sent yet" in client.get("/dev/mail").text


def test_a_message_is_listed_and_its_link_can_be_followed(client, sent):
    assert "Choose a new password" in client.get("/dev/mail").text
    page = client.get(f"/dev/mail/{sent}").text
    assert "bob@example.org" in page
    assert 'href="http://localhost/password/reset/' in page


def test_the_html_of_a_message_is_caged(client, sent):
    page = client.get(f"/dev/mail/{sent}")
    assert "sandbox=" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    html = client.get(f"/dev/mail/{sent}/html")
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert '<base target="_blank">' in html.text


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsecret", "20260302T090000000000-0001", "x" * 300])
def test_no_other_file_can_be_read(client, development, name):
    assert client.get(f"/dev/mail/{name}").status_code == 404
