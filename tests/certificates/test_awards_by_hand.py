"""Awarding by hand: first what would happen, then each exactly once."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from lms.accounts.models import AuditEntry, User
from lms.certificates import rules
from lms.certificates.models import Certificate
from lms.core import work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course
from tests import factories
from tests.support import sql
from tests.support.forms import post, token

AsUser = Callable[[User], FlaskClient]
Enrol = Callable[..., int]
LIST = "/courses/tea/certificates"
PAGE = f"{LIST}/award"


def count(app: Flask, thing: type, *where: object) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(thing).where(*where)) or 0  # type: ignore[arg-type]


def test_the_look_ahead_names_every_problem_and_awards_nothing(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, dana: User, tea: Course, enrol: Enrol
) -> None:
    enrol(bob, tea, completed_at=None)
    enrol(charlie, tea)
    enrolled = factories.person(app, "Erin", "erin@example.org")
    enrol(enrolled, tea)
    typed = "BOB@example.org, Charlie Croft <charlie@example.org>\nnobody@example.org; dana@example.org\nbob@example.org"
    answer = post(as_user(alice), PAGE, {"people": typed, "reason": "Workshop in May"})
    assert answer.status_code == 200
    assert "2 certificates would be awarded" in answer.text
    assert answer.text.count("Nobody in this course has this address.") == 2
    assert "Named twice." in answer.text and "bears today’s date" in answer.text
    assert "Workshop in May" in answer.text and "nobody@example.org" in answer.text
    assert count(app, Certificate) == 0


def test_what_was_shown_is_awarded_once_however_often_it_is_sent(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, enrol: Enrol
) -> None:
    ids = [enrol(bob, tea, completed_at=None), enrol(charlie, tea, completed_at=None)]
    browser = as_user(alice)
    data = {"enrollment": ids, "reason": "Workshop", "confirmed": "1"}
    for words in ("2 certificates are awarded", "2 people had a certificate already"):
        answer = post(browser, PAGE, data)
        assert (answer.status_code, answer.location) == (303, LIST)
        assert words in browser.get(LIST).text
    assert count(app, Certificate) == 2
    assert count(app, Event, Event.name == "certificate.issued") == 2
    with app.app_context():
        notes = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificate.awarded")).all()
    assert [note.details["reason"] for note in notes] == ["Workshop", "Workshop"]


def test_two_presses_at_the_same_moment_award_once(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, enrol: Enrol
) -> None:
    ids = [enrol(bob, tea, completed_at=None), enrol(charlie, tea, completed_at=None)]
    browsers = [as_user(alice), as_user(alice)]
    forms = [
        {"csrf_token": token(browser, PAGE), "enrollment": ids, "reason": "Workshop", "confirmed": "1"}
        for browser in browsers
    ]
    gate, answers = threading.Barrier(2), []

    def press(browser: FlaskClient, form: dict[str, object]) -> None:
        gate.wait(10)
        answers.append(browser.post(PAGE, data=form).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [303, 303]
    assert count(app, Certificate) == count(app, Event, Event.name == "certificate.issued") == 2


def test_learners_of_another_course_are_left_alone(
    app: Flask, as_user: AsUser, alice: User, bob: User, tea: Course, enrol: Enrol
) -> None:
    rival = factories.person(app, "Rita", "rita@example.org", role="instructor")
    other = enrol(bob, factories.course(app, rival, slug="bread"), completed_at=None)
    post(as_user(alice), PAGE, {"enrollment": other, "reason": "Mine", "confirmed": "1"})
    assert count(app, Certificate) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"people": "bob@example.org"}, "Please give a reason."),
        ({"reason": "Workshop"}, "Tick somebody, or paste at least one address."),
        ({"people": "a@b.c " * 501, "reason": "Workshop"}, "At most 500 people at once."),
    ],
)
def test_what_is_missing_is_said_in_place_and_what_was_typed_stays(
    as_user: AsUser, alice: User, tea: Course, data: dict[str, str], words: str
) -> None:
    answer = post(as_user(alice), PAGE, data)
    assert answer.status_code == 422
    assert words in answer.text and data.get("people", "")[:20] in answer.text


def test_a_course_without_certificates_awards_none(
    app: Flask, as_user: AsUser, alice: User, bob: User, tea: Course, enrol: Enrol
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(certificate=False))
    browser = as_user(alice)
    assert "Award a certificate" not in browser.get(LIST).text
    answer = post(browser, PAGE, {"enrollment": enrollment_id, "reason": "Workshop", "confirmed": "1"})
    assert answer.status_code == 422 and "This course gives no certificates" in answer.text
    assert count(app, Certificate) == 0


def test_the_list_leads_to_one_learner_ticked(
    as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, enrol: Enrol
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    other = enrol(charlie, tea, completed_at=None)
    browser = as_user(alice)
    assert f'href="{PAGE}?enrollment={enrollment_id}"' in browser.get(LIST).text
    page = browser.get(f"{PAGE}?enrollment={enrollment_id}").text
    assert f'name="enrollment" value="{enrollment_id}" checked>' in page
    assert f'name="enrollment" value="{other}">' in page


def test_the_page_costs_the_same_for_many_learners(
    app: Flask, as_user: AsUser, alice: User, tea: Course, enrol: Enrol
) -> None:
    for number in range(20):
        enrol(factories.person(app, f"Learner {number:02}", f"l{number}@example.org"), tea, news=0)
    browser = as_user(alice)
    typed = ",".join(f"l{number}@example.org" for number in range(20))
    form = {"csrf_token": token(browser, PAGE), "people": typed, "reason": "Workshop"}
    with sql.count(app) as statements:
        assert "20 certificates would be awarded" in browser.post(PAGE, data=form).text
    assert len(statements) <= 4


@given(st.text(max_size=200))
def test_any_text_may_be_pasted(typed: str) -> None:
    assert all(address and address == address.strip().lower() for address in rules.addresses(typed))
