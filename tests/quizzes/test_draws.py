"""Drawing by chance: never a question twice, and as many as there can be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes import actions, draws, queries
from lms.quizzes.authoring import bank, places
from lms.quizzes.authoring.questions import Draft, add_questions, remove_question
from lms.quizzes.models import Attempt, Question, Quiz, QuizDraw
from tests.factories import NOW
from tests.support import quizzes, sql

WANTED = st.dictionaries(
    st.integers(1, 5),
    st.tuples(st.integers(1, 6), st.lists(st.integers(1, 12), unique=True, max_size=12)),
    max_size=5,
)


@settings(max_examples=150)
@given(WANTED, st.text(max_size=4))
def test_no_question_is_drawn_twice_and_each_fits_its_draw(wanted, seed):
    chosen = draws.choose(wanted, seed)
    taken = [id for ids in chosen.values() for id in ids]
    assert len(taken) == len(set(taken))
    for draw, ids in chosen.items():
        assert set(ids) <= set(wanted[draw][1]) and len(ids) <= wanted[draw][0]


@settings(max_examples=100)
@given(WANTED)
def test_nothing_that_could_be_drawn_is_left_out(wanted):
    """Hall's theorem, for every set of draws: what they want, or all that they may have together."""
    drawn = sum(len(ids) for ids in draws.choose(wanted, "seed").values())
    names = list(wanted)
    most = min(
        sum(wanted[name][0] for name in names if name not in group)
        + len({id for name in group for id in wanted[name][1]})
        for group in (
            [name for place, name in enumerate(names) if number >> place & 1]
            for number in range(2 ** len(names))
        )
    )
    assert drawn == most


def test_one_draw_steps_aside_for_another_that_has_no_choice():
    for seed in range(20):
        chosen = draws.choose({1: (1, [10, 11]), 2: (1, [10])}, str(seed))
        assert chosen == {1: [11], 2: [10]}


def test_chance_differs_between_attempts_and_not_within_one():
    offered = {1: (3, list(range(30)))}
    assert draws.choose(offered, "a") == draws.choose(offered, "a")
    assert len({tuple(draws.choose(offered, str(n))[1]) for n in range(20)}) > 15


@pytest.fixture
def drawn(app, tea) -> Quiz:
    """A quiz of one question that draws two about water and one of anything, from a bank of six."""
    quiz = quizzes.quiz(app, tea, [quizzes.single("Which is first?")])
    with app.app_context(), work.unit():
        home = db.session.get_one(Course, tea.id)
        items = [
            Draft(*quizzes.single(f"Bank {n}"), tags=("water",) if n < 4 else ("leaf",)) for n in range(1, 7)
        ]
        add_questions(home, items, None, NOW)
        db.session.add(QuizDraw(quiz_id=quiz.id, position=1, count=2, tags=["water"], points=Decimal(2)))
        db.session.add(QuizDraw(quiz_id=quiz.id, position=2, count=1, tags=[]))
    return quiz


def begin(app, tea, bob) -> Attempt:
    with app.app_context(), work.unit():
        quiz = queries.quiz_for(tea.slug, "lesson-1", "steeping", user_id=bob.id, is_admin=False)
        started = actions.start(quiz, bob.id, NOW, timedelta(0))
        assert started.attempt_id, started.refusal
        return db.session.get_one(Attempt, started.attempt_id)


def words(app, attempt) -> list[str]:
    with app.app_context():
        return [row.content["text"] for row in queries.slots(attempt.id)]


def test_an_attempt_pins_what_it_drew(app, tea, bob, drawn):
    attempt = begin(app, tea, bob)
    asked = words(app, attempt)
    assert asked[0] == "Which is first?" and len(set(asked)) == 4
    assert all(text in ("Bank 1", "Bank 2", "Bank 3") for text in asked[1:3])
    assert [slot["points"] for slot in attempt.layout] == ["1.00", "2.00", "2.00", "1.00"]
    with app.app_context(), work.unit():
        for question in places.questions_of(db.session.get_one(Course, tea.id)):
            remove_question(question, NOW)
    assert words(app, attempt) == asked


def test_the_rules_of_the_quiz_count_what_is_drawn(app, tea, bob, drawn):
    with app.app_context():
        quiz = queries.quiz_for(tea.slug, "lesson-1", "steeping", user_id=bob.id, is_admin=True)
        assert (quiz.questions, quiz.points) == (4, Decimal(6))
        assert queries.unfit_quizzes(tea.id) == []


def test_a_copy_of_a_bank_question_is_never_drawn_beside_it(app, tea, bob, drawn):
    with app.app_context(), work.unit():
        home, quiz = db.session.get_one(Course, tea.id), db.session.get_one(Quiz, drawn.id)
        first = places.questions_of(home)[0]
        bank.use(home, quiz, [first.id], NOW)
    asked = words(app, begin(app, tea, bob))
    assert asked.count("Bank 1") == 1 and sorted(asked[2:4]) == ["Bank 2", "Bank 3"]


def test_a_bank_that_is_too_small_is_told_and_asks_what_it_has(app, tea, bob, drawn):
    with app.app_context(), work.unit():
        for question in places.questions_of(db.session.get_one(Course, tea.id))[:2]:
            remove_question(question, NOW)
    with app.app_context():
        assert [(quiz.id, quiz.lacking) for quiz in queries.unfit_quizzes(tea.id)] == [(drawn.id, 1)]
    assert len(words(app, begin(app, tea, bob))) == 3


def test_an_empty_quiz_can_not_be_started(app, tea, bob):
    quiz = quizzes.quiz(app, tea, [])
    with app.app_context(), work.unit():
        db.session.add(QuizDraw(quiz_id=quiz.id, position=1, count=2, tags=["water"]))
    with app.app_context():
        row = queries.quiz_for(tea.slug, "lesson-1", "steeping", user_id=bob.id, is_admin=False)
        assert actions.start(row, bob.id, NOW, timedelta(0)).refusal == "no_questions"
        assert db.session.scalar(select(Attempt.id)) is None


def test_looking_for_what_is_missing_costs_two_statements_for_all_quizzes(app, tea, drawn):
    quizzes.quiz(app, tea, slug="second", title="Second")
    with sql.count(app) as seen, app.app_context():
        queries.unfit_quizzes(tea.id)
    assert len(seen) == 2


def test_bank_questions_are_of_no_quiz(app, tea, drawn):
    with app.app_context():
        assert len(queries.current_questions(drawn.id)) == 1
        assert db.session.scalar(select(Question.id).where(Question.course_id == tea.id)) is not None
