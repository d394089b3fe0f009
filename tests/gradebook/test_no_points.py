"""What an assignment of 0 points is to its learner and to the gradebook."""

import csv
import io

from tests import factories
from tests.assignments.conftest import BRIEF, LESSON, desk  # noqa: F401 - the course with its assignment

BOOK, OWN = "/teaching/tea/gradebook", "/courses/tea/grades"


def test_work_that_is_worth_no_points_is_done_and_does_not_count(as_user, desk, alice, bob, charlie) -> None:  # noqa: F811
    desk.set(max_points=0, due_at=factories.NOW)
    desk.hand_in(as_user(bob), "A pot")
    desk.grade(as_user(alice), bob, "0")
    browser = as_user(bob)
    assert "Graded, does not count" in browser.get(LESSON).text
    for path in (BRIEF, OWN):
        page = browser.get(path).text
        assert "Graded, does not count" in page and "worth no points" in page
        assert "100%" not in page and "of 0 points" not in page
    assert "Nothing counts yet" in browser.get(OWN).text
    page = as_user(charlie).get(OWN).text
    assert "Missing" in page and "Nothing counts yet" in page and "0%" not in page
    lines = list(csv.reader(io.StringIO(as_user(alice).get(f"{BOOK}.csv").text.lstrip("\ufeff"))))
    assert [line[2:] for line in lines[1:]] == [["Graded, does not count", ""], ["Missing", ""]]
