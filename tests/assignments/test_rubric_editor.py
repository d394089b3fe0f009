"""The rubric on the brief's editing page: written without scripts, changed under grades, by two authors, in a folder."""

import re

import pytest

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.interop.course_folder.rubric import split
from lms.interop.export_documents import rubric_table
from tests.assignments.conftest import BRIEF, TEACHING
from tests.support import forms

EDITOR = f"{TEACHING}/lessons/lesson-1/assignment/assignment"
RUBRIC = {
    "levels": ["Good", "Fair", "Poor"],
    "criteria": [
        {"title": "Taste", "cells": ["rich", "thin", "none"]},
        {"title": "Warmth", "cells": ["hot", "warm", "cold"]},
    ],
}


def typed(page: str) -> dict[str, str]:
    return forms.filled(page, "editor")


def press(browser, page: str, wish: str, **more: str) -> str:
    """Press a button of the rubric as the page stands, after typing `more`."""
    answer = browser.post(EDITOR, data={**typed(page), **more, "rubric-do": wish})
    assert answer.status_code == 200
    return answer.text


def save(browser, page: str, **more: str):
    return browser.post(EDITOR, data={**typed(page), **more})


def rubric_of(desk):
    with desk.app.app_context():
        return db.session.get_one(Assignment, desk.assignment).rubric


def named(**fields: str) -> dict[str, str]:
    return {f"rubric-{name.replace('_', '-')}": value for name, value in fields.items()}


@pytest.fixture
def graded(desk, as_user, alice, bob):
    """Bob's taste is good and his warmth poor: 10 + 3.33 of 20 points."""
    desk.set(rubric=RUBRIC)
    desk.hand_in(as_user(bob), "Bob's pot")
    desk.grade(as_user(alice), bob, "", **{"criterion-0": "0", "criterion-1": "2"})
    return desk


@pytest.fixture
def noted(desk, as_user, alice, bob):
    """The same, in notes: nothing is given yet."""
    desk.set(rubric=RUBRIC)
    desk.hand_in(as_user(bob), "Bob's pot")
    path = f"{TEACHING}/submissions/{desk.work_of(bob)}"
    teacher = as_user(alice)
    fields = forms.filled(teacher.get(path).text, "grade-form")
    levels = {"points": "13.33", "criterion-0": "0", "criterion-1": "2"}
    assert teacher.post(f"{path}/notes", data=fields | levels).status_code == 200
    return desk


def choices(desk):
    return desk.look("select choices, points from submission_versions")[0]


def test_a_rubric_is_written_without_scripts(desk, as_user, alice) -> None:
    browser = as_user(alice)
    page = press(browser, browser.get(EDITOR).text, "begin", title="A cup of tea")
    assert 'value="A cup of tea"' in page and re.search(r'id="rubric-level-0"[^>]* autofocus', page)
    first = named(
        level_0="Poor",
        percent_0="30",
        level_1="ممتاز",
        percent_1="٩٩٫٥ %",
        row_0="Taste",
        cell_0_1="a | b\nc",
    )
    page = press(browser, page, "add-row", **first)
    page = press(browser, page, "level-up-1", **named(row_2="Warmth"))
    page = press(browser, page, "row-up-2")
    assert re.search(r'value="row-up-1"[^>]* autofocus', page), "Enter again moves it on, and saves nothing"
    assert rubric_of(desk) is None, "a button of the rubric saves nothing"
    answer = save(browser, page)
    assert answer.status_code == 303
    assert rubric_of(desk) == {
        "levels": ["ممتاز", "Poor"],
        "percents": [99.5, 30],
        "criteria": [
            {"title": "Taste", "cells": ["a | b c", ""]},
            {"title": "Warmth", "cells": ["", ""]},
        ],
    }
    assert "ممتاز" in browser.get(BRIEF).text
    _, read, wrong = split("Make one.\n\n" + rubric_table(rubric_of(desk)))
    assert read is not None and wrong is None
    assert (list(read.levels), [(c.title, list(c.descriptions)) for c in read.criteria]) == (
        ["ممتاز", "Poor"],
        [("Taste", ["a | b c", ""]), ("Warmth", ["", ""])],
    )
    page = press(browser, browser.get(EDITOR).text, "none")
    assert save(browser, page).status_code == 303
    assert rubric_of(desk) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"level_0": ""}, "Give each level a name."),
        ({"row_1": ""}, "Give each criterion a name."),
        ({"percent_0": "100"}, "Say what each level is worth"),
        ({"percent_0": "100", "percent_1": "one", "percent_2": "0"}, "A level is worth 0 to 100 percent"),
        ({"cell_0_0": "x" * 1001}, "At most 1000 characters."),
        ({"level_0": "\x07"}, "Please use ordinary characters only."),
        ({f"{name}_{n}{m}": "" for n in (0, 1) for name, m in (("row", ""), *(("cell", f"_{m}") for m in range(3)))},
         "Name at least one criterion"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(desk, as_user, alice, fields, said) -> None:
    desk.set(rubric=RUBRIC)
    browser = as_user(alice)
    answer = save(browser, browser.get(EDITOR).text, **named(**fields), body="Kept")
    assert answer.status_code == 422
    assert said in answer.text and typed(answer.text)["body"].strip() == "Kept"
    assert rubric_of(desk) == RUBRIC


def test_what_is_wrong_leads_to_its_field(desk, as_user, alice) -> None:
    desk.set(rubric=RUBRIC)
    browser = as_user(alice)
    answer = save(browser, browser.get(EDITOR).text, **named(row_1=""), max_points="-5")
    assert '<a href="#rubric-row-1">Rubric: Give each criterion a name.</a>' in answer.text
    assert '<a href="#max_points">Points: A whole number from 0 to 10,000.</a>' in answer.text


def test_a_rubric_has_an_end(desk, as_user, alice) -> None:
    desk.set(rubric={"levels": ["Good"], "criteria": [{"title": f"C{n}", "cells": [""]} for n in range(21)]})
    browser = as_user(alice)
    page = browser.get(EDITOR).text
    assert 'value="add-row"' not in page
    assert save(browser, page, title="A cup").status_code == 303, "what a folder brought stays"
    answer = save(browser, page, **named(row_0="Other"))
    assert answer.status_code == 422 and "at most 20 criteria and 8 levels" in answer.text


def test_notes_follow_what_moves_and_keep_their_points(noted, as_user, alice) -> None:
    browser = as_user(alice)
    page = browser.get(EDITOR).text
    assert "1 piece of work has levels chosen" in page
    page = press(browser, page, "row-down-0", **named(row_0="Flavour"))
    page = press(browser, page, "level-remove-1")
    page = press(browser, page, "add-row")
    assert save(browser, page, **named(row_2="Colour")).status_code == 303
    assert [one["title"] for one in rubric_of(noted)["criteria"]] == ["Warmth", "Flavour", "Colour"]
    kept, points = choices(noted)
    assert (kept, str(points)) == ({"0": 1, "1": 0}, "13.33")


def test_a_grade_keeps_the_rubric_that_it_was_given_by(graded, as_user, alice, bob) -> None:
    browser = as_user(alice)
    page = press(browser, browser.get(EDITOR).text, "level-remove-0")
    assert save(browser, press(browser, page, "row-down-0")).status_code == 303
    assert choices(graded)[0] == {"0": 0, "1": 2}
    told = as_user(bob).get(BRIEF).text
    assert "13.33 of 20 points" in told
    assert re.search(r"Taste</th><td class=\"chosen\"[^>]*>.*?rich", told)
    assert re.search(r"Warmth</th><td[^>]*>hot</td><td[^>]*>warm</td><td class=\"chosen\"[^>]*>.*?cold", told)


@pytest.mark.parametrize(
    ("wish", "name"), [("row-remove-1", "Warmth"), ("level-remove-0", "Good"), ("none", "Taste")]
)
def test_what_notes_have_chosen_cannot_be_removed(noted, as_user, alice, wish, name) -> None:
    browser = as_user(alice)
    answer = save(browser, press(browser, browser.get(EDITOR).text, wish), body="New words")
    assert answer.status_code == 422
    assert "Graders’ notes have chosen" in answer.text and f"“{name}”" in answer.text
    assert rubric_of(noted) == RUBRIC
    assert noted.look("select body from assignments")[0][0] == ""
    assert choices(noted)[0] == {"0": 0, "1": 2}


def test_a_desk_that_was_open_while_the_rubric_moved_is_told(noted, as_user, alice, bob) -> None:
    browser = as_user(alice)
    path = f"{TEACHING}/submissions/{noted.work_of(bob)}"
    opened = forms.filled(browser.get(path).text, "grade-form")
    save(browser, press(browser, browser.get(EDITOR).text, "row-down-0"))
    answer = browser.post(f"{path}/grade", data={**opened, "criterion-0": "1"})
    assert answer.status_code == 409
    assert choices(noted)[0] == {"0": 2, "1": 0}


def test_two_authors_do_not_write_over_each_other(graded, as_user, alice) -> None:
    mine = as_user(alice)
    page, theirs = mine.get(EDITOR).text, mine.get(EDITOR).text
    assert save(mine, press(mine, theirs, "row-down-0")).status_code == 303
    assert save(mine, page, max_points="20").status_code == 303
    assert [one["title"] for one in rubric_of(graded)["criteria"]] == ["Warmth", "Taste"]
    answer = save(mine, page, **named(cell_0_0="very rich"))
    assert answer.status_code == 409
    assert "Taste, Good: rich" in answer.text and "Taste, Good: very rich" in answer.text
    again = save(mine, answer.text)
    assert again.status_code == 303
    assert [one["title"] for one in rubric_of(graded)["criteria"]] == ["Taste", "Warmth"]
    assert choices(graded)[0] == {"0": 0, "1": 2}, "the choices went with their criteria"


def cells(desk) -> list[list[str]]:
    return [one["cells"] for one in rubric_of(desk)["criteria"]]


def test_what_two_authors_write_in_different_cells_is_kept_from_both(noted, as_user, alice) -> None:
    mine = as_user(alice)
    page, theirs = mine.get(EDITOR).text, mine.get(EDITOR).text
    assert save(mine, theirs, **named(cell_0_0="very rich", level_2="None")).status_code == 303
    more = press(mine, press(mine, page, "row-down-0"), "add-row", **named(cell_0_2="icy"))
    assert save(mine, more, **named(row_2="Colour")).status_code == 303
    assert [one["title"] for one in rubric_of(noted)["criteria"]] == ["Warmth", "Taste", "Colour"]
    assert cells(noted)[:2] == [["hot", "warm", "icy"], ["very rich", "thin", "none"]]
    assert rubric_of(noted)["levels"] == ["Good", "Fair", "None"]
    assert choices(noted)[0] == {"0": 2, "1": 0}


def test_a_cell_that_two_authors_changed_is_asked_about_by_its_name(graded, as_user, alice) -> None:
    mine = as_user(alice)
    page, theirs = mine.get(EDITOR).text, mine.get(EDITOR).text
    assert save(mine, theirs, **named(cell_0_0="their rich", cell_1_1="lukewarm")).status_code == 303
    answer = save(mine, page, **named(cell_0_0="my rich", cell_0_1="weak"))
    assert answer.status_code == 409 and cells(graded)[0] == ["their rich", "thin", "none"]
    notice = answer.text.partition('id="clashes-title"')[2].partition("</section>")[0]
    assert "Somebody else changed this assignment" in answer.text and "Taste, Good</a>" in notice
    assert (
        "their rich" in notice and "my rich" in notice and "lukewarm" not in notice and "weak" not in notice
    )
    assert 'href="#rubric-cell-0-0"' in notice
    assert save(mine, answer.text, theirs="rubric:cell-0-0").status_code == 303
    assert cells(graded) == [["their rich", "weak", "none"], ["hot", "lukewarm", "cold"]]


def test_who_sends_it_again_has_their_own_cell(graded, as_user, alice) -> None:
    mine = as_user(alice)
    page, theirs = mine.get(EDITOR).text, mine.get(EDITOR).text
    save(mine, theirs, **named(cell_0_0="their rich", cell_1_1="lukewarm"))
    answer = save(mine, page, **named(cell_0_0="my rich"))
    assert answer.status_code == 409
    assert save(mine, answer.text).status_code == 303
    assert cells(graded) == [["my rich", "thin", "none"], ["hot", "lukewarm", "cold"]]


def test_a_typed_rubric_is_part_of_the_draft(graded, as_user, alice) -> None:
    browser = as_user(alice)
    fields = typed(press(browser, browser.get(EDITOR).text, "add-row"))
    fields |= named(row_2="Colour", cell_0_0="very rich")
    assert browser.post(f"{EDITOR}/draft", data=fields).status_code == 303
    page = browser.get(EDITOR).text
    assert "This is your draft" in page and 'value="Colour"' in page and "very rich" in page
    assert rubric_of(graded) == RUBRIC
    assert save(browser, page).status_code == 303
    assert [one["title"] for one in rubric_of(graded)["criteria"]] == ["Taste", "Warmth", "Colour"]
    page = browser.get(EDITOR).text
    assert "This is your draft" not in page
    assert browser.post(f"{EDITOR}/draft", data=typed(page)).status_code == 303
    assert graded.look("select count(*) from text_drafts") == [(0,)], "what is stored already is no draft"


def test_a_draft_of_a_rubric_does_not_write_over_what_came_meanwhile(graded, as_user, alice) -> None:
    mine = as_user(alice)
    page = mine.get(EDITOR).text
    assert save(mine, press(mine, page, "row-down-0")).status_code == 303
    assert mine.post(f"{EDITOR}/draft", data=typed(page) | named(cell_0_0="very rich")).status_code == 303
    page = mine.get(EDITOR).text
    assert "very rich" in page
    answer = save(mine, page)
    assert answer.status_code == 409 and "Taste, Good: rich" in answer.text
    assert "very rich" in answer.text
    assert save(mine, answer.text).status_code == 303
    assert [one["title"] for one in rubric_of(graded)["criteria"]] == ["Taste", "Warmth"]


def test_nothing_is_worth_nothing_once_something_is_graded(graded, as_user, alice) -> None:
    browser = as_user(alice)
    answer = save(browser, browser.get(EDITOR).text, max_points="0")
    assert answer.status_code == 422 and "what comes later could earn nothing" in answer.text
    assert 'value="0"' in answer.text
    assert graded.look("select max_points from assignments") == [(20,)]
    assert save(browser, answer.text, max_points="10").status_code == 303


def test_nothing_may_be_worth_nothing_before(desk, as_user, alice) -> None:
    browser = as_user(alice)
    assert save(browser, browser.get(EDITOR).text, max_points="0").status_code == 303
