"""A session that ends while a page without scripts is filled in costs no answer."""

import re

import pytest

from lms.core import work
from lms.core.db import db
from tests.quizzes import taking
from tests.support import quizzes
from tests.support.forms import token

OURS = {"Origin": "http://localhost", "Accept": "text/html"}
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def attempt(make_quiz, as_user, bob) -> int:
    make_quiz([quizzes.multiple(), quizzes.essay()])
    return taking.start(as_user(bob))


def sent(browser, attempt, headers=OURS, **fields):
    data = {
        "q0-seq": "0",
        "q0-options": ["1", "2"],
        "q1-seq": "0",
        "q1-text": 'For "calm"\nand <b>',
        "then": "save",
    }
    return browser.post(f"/attempts/{attempt}/submission", data=data | fields, headers=headers)


def kept(app) -> list:
    with app.app_context(), db.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("select response from answers order by slot")]


def test_signed_in_again_the_same_fields_are_sent_with_one_press(app, attempt, as_user, bob, client) -> None:
    page = sent(client, attempt)
    assert page.status_code == 400 and "You were signed out" in page.text
    assert kept(app) == []
    browser = as_user(bob)
    page = sent(browser, attempt, csrf_token="of the session before")
    assert page.status_code == 400 and "Nothing you wrote is lost" in page.text
    main = page.text.partition("<main")[2].partition("</main>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in FIELD.findall(main):
        fields.setdefault(name, []).append(
            value.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
        )
    assert browser.post(f"/attempts/{attempt}/submission", data=fields, headers=OURS).status_code == 303
    assert kept(app) == [{"options": ["1", "2"]}, {"text": 'For "calm"\nand <b>'}]


def test_a_session_that_was_ended_elsewhere_keeps_them_too(app, attempt, as_user, bob) -> None:
    browser = as_user(bob)
    good = token(browser, "/no-such-page")
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update user_sessions set ended_at = now()")
    page = sent(browser, attempt, csrf_token=good)
    assert page.status_code == 400 and 'name="q1-text" value="For' in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Accept": "text/html"},
        {"Accept": "text/html"},
        {"Origin": "null", "Accept": "text/html"},
        {"Origin": "http://localhost", "Accept": "application/json"},
    ],
)
def test_what_another_site_sends_is_never_offered_again(attempt, as_user, bob, headers) -> None:
    page = sent(as_user(bob), attempt, headers)
    assert page.status_code == 400 and "q1-text" not in page.text
