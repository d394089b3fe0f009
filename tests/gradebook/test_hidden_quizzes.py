"""A quiz that is hidden from learners: a column for who teaches, nothing for who learns, and no part of any grade."""

from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.quizzes.models import Quiz
from tests.assignments.conftest import desk  # noqa: F401 - the course with its assignment
from tests.gradebook.test_pages import BOOK, NOW, OWN, book  # noqa: F401 - bob: a quiz with 80 %, work with 75 %
from tests.support import sql


def change(app, **values) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).where(Quiz.slug == "steeping").values(**values))


def test_a_hidden_quiz_is_a_column_for_teachers_alone_and_counts_nowhere(
    app,
    as_user,
    book,  # noqa: F811
    alice,
    bob,
) -> None:
    teacher, learner = as_user(alice), as_user(bob)
    change(app, is_published=False)
    with sql.count(app) as statements:
        page = teacher.get(BOOK).text
    assert len(statements) <= 6
    assert "Hidden from learners" in page and "counts in no grade" in page
    assert "80%" in page and "<strong>75%" in page, "the grade stays, and does not count"
    assert "Steeping (hidden)" in teacher.get(f"{BOOK}.csv").text
    assert "Hidden from learners" in teacher.get(f"{BOOK}/settings").text
    assert teacher.get(f"{BOOK}/{book.enrollment}/quiz/1").status_code == 404

    own = learner.get(OWN).text
    assert "It is the only grade that counts so far" in own
    before, taken_out = own.split("Taken out of the course", 1)
    assert "Steeping" not in before and "Steeping" in taken_out, "what bob did stays with him"
    change(app, is_published=True)
    assert "mean of the 2 grades" in learner.get(OWN).text


def test_a_hidden_quiz_that_nobody_took_is_missing_from_nobody(
    app,
    as_user,
    book,  # noqa: F811
    alice,
    bob,
    charlie,
) -> None:
    change(app, is_published=False, closes_at=NOW)
    assert "Missing" not in as_user(alice).get(BOOK).text
    assert "Steeping" not in as_user(charlie).get(OWN).text
