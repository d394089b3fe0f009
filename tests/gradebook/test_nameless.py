"""The gradebook keeps whose nameless work it is to itself, also when that work is returned."""

from lms.gradebook import queries
from tests.analytics.test_pages import words
from tests.gradebook.test_pages import BOOK, NOW, OWN, book, desk  # noqa: F401 - bob's and charlie's work


def test_a_return_of_nameless_work_changes_nobodys_cell(app, as_user, book, alice, charlie) -> None:  # noqa: F811
    book.set(is_blind=True)
    teacher, learner = as_user(alice), as_user(charlie)
    book.hand_in(learner, "A cup")
    row = f"{BOOK}/{book.enrollment + 1}"

    def seen() -> list[str]:
        decision = f"{row}/assignment/1"
        main = [words(teacher.get(path).text).split("Charlie Croft", 1)[1] for path in (BOOK, row, decision)]
        with app.app_context():
            cells = queries.cells_for_staff(1, [book.enrollment, book.enrollment + 1], NOW)
        return [*main, teacher.get(f"{BOOK}.csv").text, repr(cells)]

    before = seen()
    book.grade(teacher, charlie, "", "Once more.", then="return")
    assert seen() == before and "With the learner since" not in before[0]
    assert "It was returned to be revised" in learner.get(OWN).text
