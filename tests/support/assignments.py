"""Assignments, what learners hand in, and its grades, without their browsers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update

from lms.accounts.models import User
from lms.assignments import grading, submitting
from lms.assignments.models import Assignment, Extension
from lms.assignments.rules import Terms
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.gradebook.models import GradeOverride
from lms.learning import actions as learning
from lms.learning.models import Enrollment
from lms.quizzes.models import Quiz
from tests.factories import NOW


def assignment(app: Flask, course: Course, **rules: Any) -> Assignment:
    """“A pot of tea” of 20 points in the first lesson of the course."""
    with app.app_context(), work.unit():
        lesson_id = db.session.scalar(
            select(Lesson.id).where(Lesson.course_id == course.id).order_by(Lesson.position).limit(1)
        )
        facts = {"slug": "pot", "title": "A pot of tea", "max_points": 20, "lesson_id": lesson_id}
        facts |= {"body_html": "<p>Make one.</p>"} | rules
        made = Assignment(course_id=course.id, source_id=facts["slug"], position=1, **facts)
        db.session.add(made)
        db.session.flush()
        db.session.refresh(made)
        db.session.expunge(made)
    return made


def hand_in(app: Flask, brief: Assignment, person: User, at: datetime = NOW) -> int:
    """The learner of the course hands in something new. Returns the id of the submission."""
    with app.app_context(), work.unit():
        mine = select(Enrollment.id).where(
            Enrollment.course_id == brief.course_id, Enrollment.user_id == person.id
        )
        done = submitting.locked(brief.id, person.id, db.session.scalars(mine).one())
        seen = submitting.Seen(done.number, done.draft_seq)
        outcome = submitting.hand_in(done, Terms.of(brief), f"Work of {at}", seen, at)
        assert outcome == "submitted"
        return done.id


def grade(
    app: Flask, brief: Assignment, submission: int, points: str, at: datetime = NOW, *, back: bool = False
) -> None:
    """Grade what was handed in last, or give it `back` instead."""
    with app.app_context(), work.unit():
        place = next(
            found
            for number in range(9, 0, -1)
            if (found := grading.place(brief.course_id, submission, number))
        )
        act = grading.give_back if back else grading.grade
        notes = grading.Notes(Decimal(points), f"Read at {at}.")
        assert act(place, notes, place.version.revision, place.work.user_id, at) in ("graded", "returned")


def extend(app: Flask, brief: Assignment, person: User, days: int) -> None:
    """Give the learner more days."""
    with app.app_context(), work.unit():
        facts = {"assignment_id": brief.id, "user_id": person.id, "reason": "ill", "changed_at": NOW}
        db.session.add(Extension(extra_days=days, **facts))


def join(app: Flask, course: Course, *people: User, at: datetime) -> None:
    """They enroll, or come back."""
    with app.app_context(), work.unit():
        for person in people:
            learning.enroll(course.id, person.id, at)


def leave(app: Flask, course: Course, person: User, at: datetime) -> None:
    """They leave the course."""
    with app.app_context(), work.unit():
        learning.leave(course.id, person.id, at)


def change(app: Flask, of: type[Any], number: int, **values: Any) -> None:
    """Other values for one row."""
    with app.app_context(), work.unit():
        db.session.execute(update(of).where(of.id == number).values(**values))


def decide(
    app: Flask, work_on: Assignment | Quiz, person: User, percent: int | None, *, taken_back: bool = False
) -> None:
    """Another percent in the gradebook, or excused (None); `taken_back` is without any decision again."""
    with app.app_context(), work.unit():
        mine = select(Enrollment.id).where(
            Enrollment.user_id == person.id, Enrollment.course_id == work_on.course_id
        )
        kind = "quiz_id" if isinstance(work_on, Quiz) else "assignment_id"
        facts = {"enrollment_id": db.session.scalar(mine), kind: work_on.id}
        values = {"percent": percent, "is_excused": percent is None, "reason": "ill", "at": NOW}
        db.session.execute(delete(GradeOverride).filter_by(**facts))
        if not taken_back:
            db.session.add(GradeOverride(**facts, **values))
