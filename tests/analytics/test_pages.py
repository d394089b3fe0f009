"""The dashboards: what alice sees of her courses, bob of himself, dana of the site, and what others don't."""

import csv
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.core import work
from lms.courses.models import Course
from lms.learning import actions as learning
from lms.quizzes.models import Quiz
from tests import factories
from tests.support import assignments, quizzes
from tests.support.sittings import sit
from tests.support.sql import count

As = Callable[[User], FlaskClient]
RIGHT, WRONG = {"option": "2"}, {"option": "3"}


def words(page: str) -> str:
    """The text of a page on one line."""
    text = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    return " ".join(text.split()).replace("\u2069", "").replace("\u2068", "")


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))


@pytest.fixture
def tea(app: Flask, alice: User) -> Course:
    return factories.course(app, alice, lessons=3)


@pytest.fixture
def quiz(app: Flask, tea: Course) -> Quiz:
    return quizzes.quiz(app, tea, [quizzes.single()])


def study(app: Flask, course: Course, person: User, lessons: int, at: datetime) -> None:
    """Enroll three weeks before, and complete so many lessons at `at`."""
    with app.app_context(), work.unit():
        enrolled = learning.enroll(course.id, person.id, at - timedelta(days=21))
        assert enrolled.enrollment_id
        for lesson in range(1, lessons + 1):
            learning.open_lesson(enrolled.enrollment_id, lesson, at)
            learning.complete_lesson(enrolled.enrollment_id, lesson, (), at)


def counted(app: Flask, at: datetime) -> None:
    with app.app_context():
        refreshing.refresh(at)


def test_before_the_first_learner_the_pages_say_what_will_stand_there(
    app: Flask, as_user: As, alice: User, bob: User, dana: User, now: datetime
) -> None:
    assert "You have no course yet" in as_user(alice).get("/teaching/analytics").text
    assert "You have not joined a course yet" in as_user(bob).get("/learning/activity").text
    assert as_user(dana).get("/admin/analytics").status_code == 200
    factories.course(app, alice)
    page = words(as_user(alice).get("/teaching/tea/analytics").text)
    assert "counted for the first time" in page and "Nobody has enrolled yet" in page
    assert "Not counted yet" in as_user(alice).get("/teaching/analytics").text
    counted(app, now)
    page = words(as_user(alice).get("/teaching/tea/analytics").text)
    assert "As of" in page and "Nobody has enrolled yet" in page
    assert rows(as_user(alice), "/teaching/analytics.csv")[1][2:6] == ["0", "0", "0", "0"]


def test_the_course_page_tells_how_far_learners_get_and_who_may_not_finish(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, quiz: Quiz, now: datetime
) -> None:
    study(app, tea, bob, 1, now - timedelta(days=20))
    study(app, tea, charlie, 2, now - timedelta(days=1))
    sit(app, tea, quiz, charlie, [WRONG], now - timedelta(hours=20))
    sit(app, tea, quiz, charlie, [WRONG], now - timedelta(hours=10))
    counted(app, now)
    alices = as_user(alice)
    page = words(alices.get("/teaching/tea/analytics").text)
    assert "Enrollments 2 0 left" in page
    assert "Average progress" in page and "50%" in page
    assert "Failed “Steeping” 2 times, never passed it" in page
    assert "No activity for" in page
    assert page.index("Charlie Croft") < page.index("Bob Brook")
    assert rows(alices, "/teaching/tea/analytics/lessons.csv")[1:] == [
        ["1", "Lesson 1", "2", "2", "1"],
        ["2", "Lesson 2", "1", "1", "0"],
        ["3", "Lesson 3", "0", "0", "0"],
    ]
    assert rows(alices, "/teaching/tea/analytics/scores.csv")[1][1:4] == ["1", "0", "0.00"]
    risk = rows(alices, "/teaching/tea/analytics/risk.csv")
    assert [row[0] for row in risk[1:]] == ["Charlie Croft", "Bob Brook"]
    days = rows(alices, "/teaching/tea/analytics/days.csv?days=90")
    assert sum(int(row[4]) for row in days[1:]) == 3


def test_each_figure_leads_to_the_learners_it_counts(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    study(app, tea, bob, 1, now - timedelta(days=20))
    study(app, tea, charlie, 3, now - timedelta(days=1))
    counted(app, now)
    alices = as_user(alice)
    overview = alices.get("/teaching/tea/analytics").text

    def names(query: str) -> list[str]:
        return [row[0] for row in rows(alices, f"/teaching/tea/analytics/learners.csv?{query}")[1:]]

    assert names("show=all") == ["Charlie Croft", "Bob Brook"]
    assert names("show=active") == ["Bob Brook"]
    assert names("show=completed") == names("show=recent") == ["Charlie Croft"]
    assert names("show=left") == []
    for link in set(re.findall(r'href="(/teaching/tea/analytics/learners[^"]*)"', overview)):
        assert alices.get(link.replace("&amp;", "&")).status_code == 200
    assert names("show=stopped&lesson=1") == ["Bob Brook"]
    assert names("show=reached&lesson=3") == ["Charlie Croft"]
    page = words(alices.get("/teaching/tea/analytics/learners?show=active").text)
    assert "Bob Brook" in page and "1 of 3" in page and "Charlie" not in page


def test_courses_stand_side_by_side_and_only_ones_own(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    erin = factories.person(app, "Erin", "erin@example.org", role="instructor")
    factories.course(app, erin, slug="coffee")
    factories.course(app, alice, slug="water")
    study(app, tea, bob, 1, now)
    counted(app, now)
    page = as_user(alice).get("/teaching/analytics").text
    assert page.index("The book of tea") < page.index("The book of water")
    assert "coffee" not in page
    assert [row[0] for row in rows(as_user(erin), "/teaching/analytics.csv")[1:]] == ["The book of coffee"]


@pytest.mark.parametrize("path", ["", "/learners", "/risk", "/lessons.csv", "/learners.csv", "/risk.csv"])
def test_only_those_who_teach_a_course_see_its_figures(
    app: Flask, as_user: As, bob: User, dana: User, tea: Course, path: str
) -> None:
    erin = factories.person(app, "Erin", "erin@example.org", role="instructor")
    page = f"/teaching/tea/analytics{path}"
    assert as_user(bob).get(page).status_code == 403
    assert as_user(erin).get(page).status_code == 404
    assert as_user(dana).get(page).status_code == 200


@pytest.mark.parametrize(
    "query", ["show=everyone", "show=reached", "show=reached&lesson=x", "show=done&lesson=999"]
)
def test_odd_questions_have_no_answer(as_user: As, alice: User, tea: Course, query: str) -> None:
    assert as_user(alice).get(f"/teaching/tea/analytics/learners?{query}").status_code == 404


def test_bob_sees_what_he_did_with_the_rows_behind_it(
    app: Flask, as_user: As, bob: User, charlie: User, tea: Course, quiz: Quiz, now: datetime
) -> None:
    study(app, tea, bob, 2, now)
    sit(app, tea, quiz, bob, [RIGHT], now - timedelta(hours=3))
    page = words(as_user(bob).get("/learning/activity").text)
    assert "Courses joined 1 1 on the way, 0 completed" in page
    assert "Average progress 66%" in page
    assert "Lessons completed 2 20 min" in page
    assert "Quizzes taken 1 1 passed" in page
    assert "Average score 100%" in page
    assert "You were active on" in page
    assert sum(int(row[2]) for row in rows(as_user(bob), "/learning/activity.csv")[1:]) == 2
    assert "joined a course yet" in as_user(charlie).get("/learning/activity").text


def test_a_score_that_is_kept_back_is_not_given_away_by_the_average(
    app: Flask, as_user: As, bob: User, tea: Course, now: datetime
) -> None:
    exam = quizzes.quiz(app, tea, [quizzes.single()], reveal_score="close", closes_at=now + timedelta(days=2))
    study(app, tea, bob, 0, now)
    sit(app, tea, exam, bob, [RIGHT], now - timedelta(hours=3))
    page = words(as_user(bob).get("/learning/activity").text)
    assert "Quizzes taken 1 0 passed" in page and "Not told yet" in page and "100%" not in page


def test_dana_sees_the_site_and_nobody_else_does(
    app: Flask, as_user: As, alice: User, bob: User, dana: User, tea: Course, now: datetime
) -> None:
    study(app, tea, bob, 3, now)
    counted(app, now)
    page = words(as_user(dana).get("/admin/analytics?days=90").text)
    assert "People 3 1 instructor" in page
    assert "Active today 1" in page
    assert "Completions 1 100% of all enrollments" in page
    today = rows(as_user(dana), "/admin/analytics.csv")[-1]
    assert today[0] == now.date().isoformat() and today[1:3] == ["3", "1"]
    for person in (alice, bob):
        assert as_user(person).get("/admin/analytics").status_code == 403


def test_a_dashboard_asks_five_times_at_most_however_many_learners_there_are(
    app: Flask, as_user: As, alice: User, bob: User, dana: User, tea: Course, quiz: Quiz, now: datetime
) -> None:
    study(app, tea, bob, 1, now - timedelta(days=20))
    pot = assignments.assignment(app, tea, due_at=now - timedelta(days=9))
    assignments.hand_in(app, pot, bob, now)
    counted(app, now)
    pages = [
        (alice, "/teaching/tea/analytics"),
        (alice, "/teaching/tea/analytics?days=365"),
        (alice, "/teaching/tea/analytics/learners"),
        (alice, "/teaching/tea/analytics/learners?show=stopped&lesson=1"),
        (alice, "/teaching/tea/analytics/risk"),
        (alice, "/teaching/analytics"),
        (dana, "/admin/analytics"),
        (bob, "/learning/activity"),
    ]

    def statements() -> list[int]:
        found = []
        for person, path in pages:
            client = as_user(person)
            with count(app) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    before = statements()
    for n in range(12):
        study(app, tea, factories.person(app, f"L {n}", f"l{n}@example.org"), n % 4, now - timedelta(days=n))
        factories.course(app, alice, slug=f"more-{n}")
        brief = assignments.assignment(app, tea, slug=f"pot-{n}", lesson_id=pot.lesson_id)
        assignments.hand_in(app, brief, bob, now)
    counted(app, now)
    assert statements() == before
    assert max(before) <= 4  # one more every few seconds, when the settings are read again
