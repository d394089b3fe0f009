"""After the end of a course its discussions are read; its staff may still answer."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from lms.discussions import rules
from tests.discussions.test_discussion import HERE, ask, reply, tea  # noqa: F401 - bob and erin learn, alice teaches
from tests.support import forms

SAID = "nothing is written in its discussions any more"


def change(app, **values) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(**values))


@pytest.fixture
def over(app, tea, as_user, alice, bob):  # noqa: F811
    """Bob asked, alice answered, and the course has ended since."""
    ask(as_user(bob))
    reply(as_user(alice))
    change(app, ends_at=clock.now() - timedelta(minutes=1))
    return tea


def test_learners_read_on_and_write_no_more_and_the_page_says_so(over, as_user, bob) -> None:
    browser = as_user(bob)
    for page in (HERE, f"{HERE}?lesson=lesson-1", f"{HERE}/1"):
        shown = browser.get(page)
        assert shown.status_code == 200 and SAID in shown.text and "Why is it bitter?" in shown.text
        assert "Ask a question" not in shown.text and "Write @ and a name" not in shown.text
    page = browser.get(f"{HERE}/1").text
    assert "Three are enough." in page and ">Edit<" not in page and "This answers it" not in page
    assert "Stop following" in page and ">Report<" in page
    refused = (
        ask(browser),
        reply(browser, "Thank you"),
        forms.post(browser, f"{HERE}/posts/1/edit", {"title": "Other", "body": "Words"}, form_at="/profile"),
        forms.post(browser, f"{HERE}/posts/1/removal", form_at="/profile"),
        forms.post(browser, f"{HERE}/1/accepted", {"reply": "2"}, form_at="/profile"),
    )
    for answer in refused:
        assert answer.status_code == 403 and "nothing is written in them any more" in answer.text
    assert browser.get(f"{HERE}/new/lesson-1").status_code == 403
    page = browser.get(f"{HERE}/1").text
    assert "Why is it bitter?" in page and "Thank you" not in page and "Accepted answer" not in page


def test_what_keeps_order_goes_on(over, as_user, bob) -> None:
    browser = as_user(bob)
    assert (
        forms.post(browser, f"{HERE}/1/following", {"follow": "no"}, form_at=f"{HERE}/1").status_code == 303
    )
    assert forms.post(browser, f"{HERE}/posts/2/report", {"reason": "Rude"}).status_code == 303


def test_a_form_that_was_open_when_the_course_ended_stays_with_what_was_typed(over, as_user, bob) -> None:
    answer = reply(as_user(bob), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 403 and answer.headers["HX-Reswap"] == "none"
    assert "The course has ended" in answer.headers["HX-Trigger"], "said in a message beside the page"


def test_staff_still_answer(over, as_user, alice) -> None:
    browser = as_user(alice)
    page = browser.get(f"{HERE}/1").text
    assert "Learners read here and write no more; you still may." in page
    assert reply(browser, "One thing more").status_code == 303
    assert "One thing more" in browser.get(f"{HERE}/1").text


def test_a_lesson_without_questions_offers_none_to_ask(over, as_user, bob, alice) -> None:
    page = as_user(bob).get("/courses/tea/lessons/lesson-2").text
    assert "Ask about this lesson" not in page
    assert "1 question about this lesson" in as_user(bob).get("/courses/tea/lessons/lesson-1").text
    assert "Ask about this lesson" in as_user(alice).get("/courses/tea/lessons/lesson-2").text


def test_a_later_end_opens_them_again_and_an_archived_course_stays_open_until_its_own(
    app,
    over,
    as_user,
    bob,
) -> None:
    browser = as_user(bob)
    change(app, ends_at=clock.now() + timedelta(days=1), state="archived")
    assert SAID not in browser.get(f"{HERE}/1").text
    assert reply(browser, "Thank you").status_code == 303
    change(app, ends_at=clock.now() - timedelta(minutes=1))
    assert SAID in browser.get(f"{HERE}/1").text
    change(app, ends_at=None)
    assert reply(browser, "Once more").status_code == 303


@pytest.mark.parametrize("season", ["before", "open", "over"])
def test_who_takes_no_part_never_writes_and_staff_always(season) -> None:
    assert not rules.may_write(takes_part=False, is_staff=False, season=season)
    assert rules.may_write(takes_part=True, is_staff=True, season=season)
    assert rules.may_write(takes_part=True, is_staff=False, season=season) == (season != "over")
