"""Demo data: a system that looks lived in, made by the same actions that people use, in the past."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from lms.accounts.models import User
from lms.accounts.passwords import hashed
from lms.core.db import db
from lms.core.models import Delivery, Event
from lms.courses import actions as courses
from lms.courses.models import Course, Lesson
from lms.interop.actions import import_course
from lms.learning import actions as learning
from lms.ops import seed_words, seed_work
from lms.ops.seed_people import LEARNERS, STAFF
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quiz_queries
from lms.quizzes.content import Content, MatchingContent, content_from_json
from lms.quizzes.keys import ChoiceKey, Key, MatchingKey, NumericKey, ShortAnswerKey, key_from_json
from lms.quizzes.models import Quiz

PASSWORD = "lectern-demo"  # noqa: S105 - public on purpose, printed at the start
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COURSES = (("reading-maps", "alice@example.org"), ("first-day", "tomas@example.org"))
GRACE = timedelta(seconds=30)


def demo(at: datetime, learners: Sequence[str] = LEARNERS) -> None:
    """Three staff, thirty learners, the courses of `examples/` and weeks of learning that end at `at`.

    The same data each time, but for the dates. Of all that is invented only certificates and grades are written about,
    so that the inbox shows what such letters look like.
    """
    chance = random.Random(7)  # noqa: S311 - the same demo each time
    people = _people(at, learners)
    for folder, owner in COURSES:
        outcome = import_course(EXAMPLES / folder, people[owner], at - timedelta(days=60))
        if outcome.course_id is None:
            raise RuntimeError("; ".join(str(problem) for problem in outcome.problems))
        course = db.session.get_one(Course, outcome.course_id)
        unfit = quiz_queries.unfit_quizzes(course.id)
        courses.publish(course, people[owner], at - timedelta(days=59), unfit_quizzes=len(unfit))
        db.session.flush()
        students = [person for person in people.values() if person.role == "student"]
        for number, learner in enumerate(students):
            if folder == "reading-maps" or number % 3 == 0:
                _learn(course, learner, number, at, chance)
        if folder == "reading-maps":
            seed_work.hand_in(course, students, people[owner], at)
            seed_words.talk(course, people, at)
            seed_words.review(course, at)
    _silence()


def _people(at: datetime, learners: Sequence[str]) -> dict[str, User]:
    secret = hashed(PASSWORD, current_app.config["LECTERN"].bcrypt_cost)
    rows = [(name, email, role, bio) for name, email, role, bio in STAFF]
    rows += [(name, _address(number, name), "student", "") for number, name in enumerate(learners)]
    made = {}
    for name, email, role, bio in rows:
        made[email] = User(
            name=name,
            email=email,
            role=role,
            bio=bio,
            password_hash=secret,
            is_verified_instructor=role != "student",
            email_verified_at=at - timedelta(days=61),
            created_at=at - timedelta(days=61),
        )
    db.session.add_all(made.values())
    db.session.flush()
    return made


def _address(number: int, name: str) -> str:
    return "bob@example.org" if number == 0 else f"learner{number:02d}@example.org"


def _learn(course: Course, learner: User, number: int, at: datetime, chance: random.Random) -> None:
    """Somebody's weeks: a few finish, many are under way, some only looked in."""
    days = 4 + chance.random() * 50
    moment = at - timedelta(days=days)
    enrolled = learning.enroll(course.id, learner.id, moment)
    assert enrolled.enrollment_id is not None
    lessons = list(
        db.session.execute(
            select(Lesson.id, Lesson.slug)
            .where(Lesson.course_id == course.id, Lesson.removed_at.is_(None))
            .order_by(Lesson.position)
        )
    )
    share = 0.4 if number == 0 else chance.choice((0, 0.15, 0.4, 0.6, 0.8, 1, 1))
    wanted = round(len(lessons) * share)
    for place, lesson in enumerate(lessons[: wanted + 1]):
        moment += timedelta(days=days / (len(lessons) + 2) * chance.uniform(0.3, 1.0))
        learning.open_lesson(enrolled.enrollment_id, lesson.id, moment)
        if place == wanted:
            break
        for quiz in db.session.scalars(
            select(Quiz).where(Quiz.lesson_id == lesson.id, Quiz.removed_at.is_(None))
        ):
            _sit(course.slug, lesson.slug, quiz.slug, learner, moment, chance)
        unmet = quiz_queries.unmet_for(lesson.id, learner.id)
        learning.complete_lesson(enrolled.enrollment_id, lesson.id, unmet, moment + timedelta(minutes=25))


def _sit(course: str, lesson: str, quiz: str, learner: User, at: datetime, chance: random.Random) -> None:
    """Sit a quiz, again until it is passed, better each time."""
    row = quiz_queries.quiz_for(course, lesson, quiz, user_id=learner.id, is_admin=False)
    assert row is not None
    for sitting in range(row.max_attempts or 4):
        begin = at + timedelta(minutes=12 + 9 * sitting)
        attempt_id = quizzes.start(row, learner.id, begin, GRACE).attempt_id
        if attempt_id is None:
            return
        skill = min(1.0, chance.uniform(0.65, 1.0) + 0.15 * sitting)
        for slot, response in _answers(attempt_id, skill, chance):
            quizzes.save(
                attempt_id, slot, learner.id, response, 1, begin + timedelta(seconds=20 * (slot + 1)), GRACE
            )
        quizzes.close(attempt_id, begin + timedelta(minutes=6), "learner")
        if any(attempt.passed for attempt in quiz_queries.attempts_of(row.id, learner.id)):
            return


def _answers(attempt_id: int, skill: float, chance: random.Random) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in quiz_queries.slots_with_keys(attempt_id):
        content, key = content_from_json(row.content), key_from_json(row.key)
        response = _answer(content, key, chance.random() < skill, chance)
        if response is not None:
            yield row.slot, response


def _answer(content: Content, key: Key, right: bool, chance: random.Random) -> dict[str, Any] | None:
    """A response as a learner gives it: the key's, or one beside it."""
    if isinstance(key, ChoiceKey):
        good = sorted(option.id for option in key.options if option.weight > 0)
        other = sorted(option.id for option in key.options if option.weight <= 0)
        if key.type == "multiple":
            return {"options": good if right else sorted({*good[:1], *other[:1]})}
        return {"option": chance.choice(good if right or not other else other)}
    if isinstance(key, MatchingKey) and isinstance(content, MatchingContent):
        pairs = dict(key.pairs)
        if not right:
            pairs = {prompt: chance.choice(content.choices).id for prompt in pairs}
        return {"pairs": pairs}
    if isinstance(key, ShortAnswerKey):
        return {"text": key.accepted[0].text if right else "I am not sure"}
    if isinstance(key, NumericKey):
        best = key.accepted[0]
        value = best.value if best.value is not None else best.low or Decimal(0)
        return {"text": str(value if right else value * 10 + 1)}
    return None


def _silence() -> None:
    """What was said in the invented weeks is no news to anybody; certificates are made all the same."""
    names = ("enrollment.created", "announcement.published", "discussion.asked", "discussion.replied")
    invented = select(Event.id).where(Event.name.in_(names))
    db.session.execute(
        update(Delivery)
        .where(Delivery.event_id.in_(invented), Delivery.subscriber.startswith("notifications."))
        .values(state="done")
        .execution_options(synchronize_session=False)
    )
