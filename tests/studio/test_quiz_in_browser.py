"""A quiz from nothing at a real browser: built by an instructor, taken by a learner."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes.authoring.questions import Draft, add_questions
from lms.quizzes.models import Question
from tests import factories
from tests.support import axe, quizzes
from tests.support.building import follow
from tests.support.watch import Watch


def test_the_list_is_worked_by_keyboard_and_points_save_themselves(live, window_of, app, alice):
    course = factories.course(app, alice, lessons=1)
    quiz = quizzes.quiz(app, course)
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/quizzes/{quiz.id}")
    lines = page.locator(".question-lines > li")
    first = lines.first.get_by_role("link").first
    first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(lines.nth(1)).to_contain_text("Which water")
    page.get_by_label("Points for question 2").fill("2.5")
    page.keyboard.press("Tab")
    expect(page.get_by_text("The points are changed")).to_be_visible()
    expect(page.get_by_text("7.5 points in all")).to_be_visible()
    lines.first.locator("[data-grip]").drag_to(lines.nth(3))
    expect(page.get_by_text("The question is moved.")).to_be_visible()
    page.get_by_label("More for question 1").click()
    page.get_by_role("button", name="Delete").first.click()
    expect(lines).to_have_count(5)
    page.get_by_role("button", name="Undo the deletion").click()
    expect(lines).to_have_count(6)
    assert axe.violations(page) == []


def test_the_editor_shows_the_question_while_it_is_written(live, window_of, app, alice):
    course = factories.course(app, alice, lessons=1)
    quiz = quizzes.quiz(app, course, [])
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/quizzes/{quiz.id}/questions/new?kind=single")
    body = page.get_by_label("Question", exact=True)
    body.fill("Is it green?")
    body.select_text()
    page.keyboard.press("Control+b")
    expect(page.locator("#question-look strong")).to_have_text("Is it green?")
    page.get_by_label("Answer 1", exact=True).fill("Yes, it is")
    expect(page.locator("#question-look")).to_contain_text("Yes, it is")
    page.get_by_role("button", name="Add another answer").click()
    expect(page.get_by_label("Answer 5", exact=True)).to_be_visible()
    expect(page.get_by_label("Answer 1", exact=True)).to_have_value("Yes, it is")
    page.get_by_label("Answer 5", exact=True).fill("No")
    page.get_by_role("button", name="Move line 5 up").click()
    expect(page.get_by_label("Answer 4", exact=True)).to_have_value("No")
    follow(page, page.get_by_role("button", name="Save question"))
    expect(page.get_by_role("alert")).to_contain_text(re.compile("no answer is marked as right"))
    assert axe.violations(page) == []
    page.get_by_label("Right (answer 1)").check()
    follow(page, page.get_by_role("button", name="Save question"))
    with app.app_context():
        assert db.session.scalar(select(Question.id)) is not None


def test_the_bank_is_narrowed_at_once_and_fills_a_quiz(live, window_of, app, alice):
    course = factories.course(app, alice, lessons=1)
    quiz = quizzes.quiz(app, course, [])
    with app.app_context(), work.unit():
        home = db.session.get_one(Course, course.id)
        items = [Draft(*pair, tags=("leaf",)) for pair in quizzes.one_of_each()]
        add_questions(home, items, alice.id, factories.NOW)
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/quizzes/{quiz.id}")
    follow(page, page.get_by_role("link", name="From the bank"))
    expect(page.locator(".bank-line")).to_have_count(6)
    page.get_by_label("Kind").select_option(label="Matching")
    expect(page.locator(".bank-line")).to_have_count(1)
    expect(page).to_have_url(re.compile("kind=matching"))
    page.get_by_label("Choose: Where from?").check()
    follow(page, page.get_by_role("button", name="Add to the quiz"))
    expect(page.locator(".question-lines > li")).to_have_count(1)
    page.get_by_text("Add a draw").click()
    page.get_by_label("How many").fill("5")
    page.get_by_role("button", name="Add the draw").click()
    expect(page.get_by_text("5 questions")).to_be_visible()
    expect(page.get_by_text("too few")).to_have_count(0)
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("fieldset.question")).to_have_count(6)
    watch = Watch(page)
    page.goto(f"{live.url}/teaching/tea/quizzes/{quiz.id}")
    page.locator("#draws").get_by_role("button", name="Delete").click()
    expect(page.locator("#draws li")).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()
    assert watch.faults == []
