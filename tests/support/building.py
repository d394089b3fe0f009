"""Building courses and quizzes in the studio at a real browser, by what an instructor sees; and taking the quiz."""

import re
from typing import Any

from playwright.sync_api import Page, expect

KINDS = (
    "Single choice", "Multiple choice", "True or false", "Short answer", "Number", "Matching", "Ordering",
    "Gaps in a text", "Essay",
)  # fmt: skip
"""Every kind of question, as the studio names it."""


def follow(page: Page, target: Any) -> None:
    """Press a link or button that leads to another page."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        target.click()


def add_quiz(page: Page, lesson: str, title: str) -> None:
    """From the workbench: a new quiz in the lesson with that title, whose page is open afterwards."""
    page.get_by_label(f"More for the lesson {lesson}").click()
    row = page.locator(".lesson-line", has_text=lesson)
    row.get_by_label("New quiz").fill(title)
    follow(page, row.get_by_role("button", name="Add quiz"))
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def add_question(page: Page, kind: str) -> None:
    """From the quiz's page: a question of that kind about tea, saved."""
    page.locator("summary", has_text="Add question").click()
    follow(page, page.get_by_role("link", name=kind, exact=True))
    page.get_by_label("Question", exact=True).fill(TEXTS[kind])
    WRITERS[kind](page)
    follow(page, page.get_by_role("button", name="Save question"))
    expect(page.get_by_text("The question is saved.")).to_be_visible()


def add_one_of_each(page: Page) -> None:
    """From an empty quiz's page: a question of every kind."""
    for kind in KINDS:
        add_question(page, kind)
    expect(page.locator(".question-lines > li")).to_have_count(len(KINDS))


TEXTS = {
    "Single choice": "Which water suits **green** tea?",
    "Multiple choice": "Which are teas?",
    "True or false": "Tea is a leaf.",
    "Short answer": "What is half-fermented tea called?",
    "Number": "How many minutes does it steep?",
    "Matching": "Where do they come from?",
    "Ordering": "How is it made?",
    "Gaps in a text": "Tea comes from [[1]] and steeps [[2]] minutes.",
    "Essay": "Why do you drink tea?",
}


def _fill(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def _single(page: Page) -> None:
    _fill(page, Answer_1="60 degrees", Answer_2="80 degrees", Answer_3="100 degrees")
    page.get_by_label("Right (answer 2)").check()


def _multiple(page: Page) -> None:
    _fill(page, Answer_1="Assam", Answer_2="Arabica", Answer_3="Ceylon")
    page.get_by_label("Right (answer 1)").check()
    page.get_by_label("Right (answer 3)").check()


def _gaps(page: Page) -> None:
    page.get_by_label("Answered by").select_option(label="choosing")
    _fill(page, Answers_of_gap_1="China\n~ Peru")
    page.get_by_role("button", name="Add another gap").click()
    page.get_by_label("Answered by").nth(1).select_option(label="typing a number")
    _fill(page, Answers_of_gap_2="3 : 1", Question=TEXTS["Gaps in a text"])


def _more(page: Page) -> None:
    """A further row, by its button."""
    rows = page.locator(".question-row")
    number = rows.count()
    page.get_by_role("button", name=re.compile("^Add another")).click()
    expect(rows).to_have_count(number + 1)


def _short(page: Page) -> None:
    _fill(page, Answer_1="oolong", Answer_2="wulong")
    _more(page)
    _fill(page, Answer_3="blue tea")


WRITERS: dict[str, Any] = {
    "Single choice": _single,
    "Multiple choice": _multiple,
    "True or false": lambda page: page.get_by_label("True", exact=True).check(),
    "Short answer": _short,
    "Number": lambda page: _fill(page, Number_1="3", May_be_off_by="0.5"),
    "Matching": lambda page: _fill(
        page, Left_1="Longjing", Right_1="China", Left_2="Nilgiri", Right_2="India"
    ),
    "Ordering": lambda page: _fill(page, Item_1="Warm the pot", Item_2="Add the leaves", Item_3="Pour"),
    "Gaps in a text": _gaps,
    "Essay": lambda page: None,
}


def answer_one_of_each(page: Page) -> None:
    """On the page of an attempt at such a quiz: the right answers to all of it."""
    page.get_by_label("80 degrees").check()
    page.get_by_label("Assam").check()
    page.get_by_label("Ceylon").check()
    page.get_by_label("True", exact=True).check()
    questions = page.locator("fieldset.question")
    questions.nth(3).get_by_label("Your answer").fill("Oolong")
    questions.nth(4).get_by_label("Your answer").fill("3")
    page.get_by_label("Longjing").select_option(label="China")
    page.get_by_label("Nilgiri").select_option(label="India")
    for item, place in (("Warm the pot", "1"), ("Add the leaves", "2"), ("Pour", "3")):
        questions.nth(6).get_by_label(item).select_option(place)
    questions.nth(7).locator("select").select_option(label="China")
    questions.nth(7).locator("input[type=text], input:not([type])").last.fill("3")
    questions.nth(8).get_by_label("Your answer").fill("It is warm.")
