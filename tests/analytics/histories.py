"""Random histories of a small school, and its rollups as plain rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, select, text, update

from lms.accounts.models import User
from lms.assignments import grading, submitting
from lms.assignments.models import Assignment, Extension, Submission, SubmissionVersion
from lms.assignments.rules import Terms
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.discussions import posts
from lms.discussions.models import Post
from lms.gradebook.models import GradeCategory, GradeOverride, GradePlace
from lms.learning import actions as learning
from lms.learning.models import Enrollment, LessonProgress
from lms.quizzes.models import Attempt, Quiz

ROLLUPS = {
    "course_figures": "course_id, enrollments, active, completed, dropped, recent, at_risk, progress, minutes, "
    "required, pace",
    "lesson_figures": "lesson_id, course_id, reached, completed, stopped",
    "quiz_figures": "quiz_id, course_id, learners, passed, average, tenths",
    "assignment_figures": "assignment_id, course_id, handed_in, late, waiting, unreleased, graded, average, tenths, "
    "seconds_until_graded",
    "course_days": "course_id, day, enrollments, completions, lessons, quizzes, active, active_ids",
    "learner_figures": "enrollment_id, course_id, state, enrolled_at, completed_at, is_recent, done, minutes, "
    "furthest_id, stopped_id, failed",
    "learners_at_risk": "enrollment_id, course_id, weight, reasons",
    "site_days": "day, users, instructors, enrollments, completions, lessons, quizzes, active",
}


def rollups(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every figure by its table; when they were counted and how long it took are no figures."""
    found = {}
    with app.app_context():
        for name, columns in ROLLUPS.items():
            wish = text(f"select {columns} from {name} order by 1, 2")  # noqa: S608
            found[name] = [tuple(row) for row in db.session.execute(wish)]
    return found


def forget(app: Flask) -> None:
    """Empty all rollups as if they had never been counted."""
    with app.app_context(), work.unit():
        db.session.execute(text(f"truncate {', '.join(ROLLUPS)}, analytics_changes"))


class History:
    """What people might do, in any order; `at` moves on by itself."""

    def __init__(self, app: Flask, chance: Random, courses: Sequence[Course], people: Sequence[User]) -> None:
        self.app, self.chance, self.courses, self.people = app, chance, list(courses), people
        self.at = datetime.fromisoformat("2026-03-02T09:00:00+00:00")

    def step(self) -> None:
        """One more thing happens."""
        self.at += timedelta(hours=self.chance.choice((0, 1, 5, 20, 20, 70, 300)))
        deeds = [self._enroll, self._open, self._complete, self._complete, self._sit, self._sit, self._leave]
        deeds += [self._hand_in, self._hand_in, self._grade, self._grade, self._post, self._take_back]
        deeds += (
            [self._edit, self._correct, self._ask, self._decide, self._hide]
            if self.chance.random() < 0.3
            else []
        )
        deeds += [self._remove] if self.chance.random() < 0.05 else []
        with self.app.app_context(), work.unit():
            self.chance.choice(deeds)(self.chance.choice(self.courses), self.chance.choice(self.people))

    def _enrollment(self, course: Course, person: User) -> Enrollment:
        if learning.enroll(course.id, person.id, self.at).refusal:  # it has ended
            db.session.execute(update(Course).where(Course.id == course.id).values(ends_at=None))
            learning.enroll(course.id, person.id, self.at)
        found = select(Enrollment).where(Enrollment.course_id == course.id, Enrollment.user_id == person.id)
        return db.session.scalars(found).one()

    def _lesson(self, course: Course) -> int:
        lessons = select(Lesson.id).where(Lesson.course_id == course.id).order_by(Lesson.position)
        return self.chance.choice(db.session.scalars(lessons).all())

    def _enroll(self, course: Course, person: User) -> None:
        self._enrollment(course, person)

    def _open(self, course: Course, person: User) -> None:
        learning.open_lesson(self._enrollment(course, person).id, self._lesson(course), self.at)

    def _complete(self, course: Course, person: User) -> None:
        enrollment, lesson_id = self._enrollment(course, person).id, self._lesson(course)
        learning.open_lesson(enrollment, lesson_id, self.at)
        learning.complete_lesson(enrollment, lesson_id, (), self.at)

    def _leave(self, course: Course, person: User) -> None:
        learning.leave(course.id, person.id, self.at)

    def _sit(self, course: Course, person: User) -> None:
        enrollment = self._enrollment(course, person)
        quiz = db.session.scalars(select(Quiz).where(Quiz.course_id == course.id)).first()
        if quiz is None:
            return
        before = db.session.scalars(
            select(Attempt)
            .where(Attempt.user_id == person.id, Attempt.quiz_id == quiz.id)
            .order_by(Attempt.number)
        ).all()
        if before and self.chance.random() < 0.3:  # a regrade
            before[-1].percent, before[-1].passed = 100, True
            return
        percent = self.chance.choice((0, 9.99, 10, 55.5, 70, 100))
        db.session.add(
            Attempt(
                quiz_id=quiz.id,
                user_id=person.id,
                enrollment_id=enrollment.id,
                number=len(before) + 1,
                state="graded",
                layout=[],
                started_at=self.at,
                submitted_at=self.at,
                percent=percent,
                passed=percent >= 70,
            )
        )

    def _assignment(self, course: Course) -> Assignment | None:
        briefs = select(Assignment).where(Assignment.course_id == course.id).order_by(Assignment.id)
        found = db.session.scalars(briefs).all()
        return self.chance.choice(found) if found else None

    def _hand_in(self, course: Course, person: User) -> None:
        enrollment, brief = self._enrollment(course, person).id, self._assignment(course)
        if brief is None:
            return
        done = submitting.locked(brief.id, person.id, enrollment)
        seen = submitting.Seen(done.number, done.draft_seq)
        if self.chance.random() < 0.2:
            submitting.keep_draft(done, f"draft {self.at}", seen, self.at)
        else:
            submitting.hand_in(done, Terms.of(brief), f"work {self.at}", seen, self.at)

    def _post(self, course: Course, person: User) -> None:
        self._enrollment(course, person)
        by_staff = self.chance.random() < 0.2
        posts.ask(
            course,
            self._lesson(course),
            person.id,
            f"How at {self.at}?",
            "Tell me.",
            self.at,
            by_staff=by_staff,
        )

    def _take_back(self, course: Course, person: User) -> None:
        mine = select(Post).where(Post.course_id == course.id, Post.author_id == person.id).order_by(Post.id)
        post = db.session.scalars(mine.limit(1)).first()
        if post is not None:
            posts.remove(post)

    def _grade(self, course: Course, person: User) -> None:
        """Give the grade, change it, give the work back, note something, or release what waits for it."""
        brief = self._assignment(course)
        mine = select(Submission).where(Submission.user_id == person.id, Submission.number > 0)
        done = db.session.scalars(mine.where(Submission.assignment_id == brief.id)).first() if brief else None
        if brief is None or done is None:
            return
        place = grading.place(course.id, done.id, done.number)
        assert place is not None
        notes = grading.Notes(Decimal(self.chance.choice(("0", "3.33", "12.5", "20"))), f"said {self.at}")
        act = self.chance.choice((grading.grade, grading.grade, grading.give_back, grading.keep_notes))
        act(place, notes, place.version.revision, course.owner_id, self.at)
        if self.chance.random() < 0.3:
            grading.release(brief.id, self.at)

    def _ask(self, course: Course, person: User) -> None:
        """What assignments ask changes, and what counts in the gradebook."""
        brief = self._assignment(course)
        changes: tuple[dict[str, Any], ...] = (
            {"due_at": self.at + timedelta(days=self.chance.randint(-20, 20)), "time_zone": "Europe/Berlin"},
            {"late_policy": self.chance.choice(("none", "percent")), "late_percent": 7},
            {"passing_percent": self.chance.choice((None, 50, 100))},
            {"max_points": self.chance.choice((0, 20))},
            {"is_required": self.chance.random() < 0.5},
            {"released_together": self.chance.random() < 0.5},
            {"removed_at": self.chance.choice((None, self.at))},
        )
        if brief is None or self.chance.random() < 0.3:
            lesson_id = self._lesson(course)
            number = db.session.scalar(select(func.count()).select_from(Assignment)) or 0
            names = {
                "source_id": f"brief-{number}-{self.at}",
                "slug": f"brief-{number}",
                "title": f"Brief {number}",
            }
            db.session.add(
                Assignment(course_id=course.id, lesson_id=lesson_id, position=number, max_points=20, **names)
            )
        elif self.chance.random() < 0.2:
            part = GradeCategory(
                course_id=course.id, name="Works", weight=self.chance.choice((0, 10)), position=1
            )
            db.session.add(part)
            db.session.flush()
            db.session.execute(delete(GradePlace).where(GradePlace.assignment_id == brief.id))
            db.session.add(GradePlace(category_id=part.id, assignment_id=brief.id))
        else:
            db.session.execute(
                update(Assignment).where(Assignment.id == brief.id).values(**self.chance.choice(changes))
            )

    def _decide(self, course: Course, person: User) -> None:
        """One learner gets more days, another grade, or none at all; or what was decided is taken back."""
        enrollment, brief = self._enrollment(course, person).id, self._assignment(course)
        if brief is None:
            return
        percent = self.chance.choice((None, 44, 90))
        mine = (GradeOverride.assignment_id == brief.id, GradeOverride.enrollment_id == enrollment)
        db.session.execute(delete(GradeOverride).where(*mine))
        db.session.execute(
            delete(Extension).where(Extension.assignment_id == brief.id, Extension.user_id == person.id)
        )
        facts = {"assignment_id": brief.id, "reason": "ill"}
        if self.chance.random() < 0.7:
            days = self.chance.randint(1, 9)
            db.session.add(Extension(user_id=person.id, extra_days=days, changed_at=self.at, **facts))
        if self.chance.random() < 0.5:
            db.session.add(
                GradeOverride(
                    enrollment_id=enrollment, percent=percent, is_excused=percent is None, at=self.at, **facts
                )
            )
        self._decide_quiz(course, enrollment, percent)

    def _decide_quiz(self, course: Course, enrollment: int, percent: int | None) -> None:
        quiz_id = db.session.scalars(select(Quiz.id).where(Quiz.course_id == course.id)).first()
        mine = {"enrollment_id": enrollment, "quiz_id": quiz_id}
        db.session.execute(delete(GradeOverride).filter_by(**mine))
        if quiz_id is not None and self.chance.random() < 0.5:
            facts = {"is_excused": percent is None, "reason": "ill", "at": self.at}
            db.session.add(GradeOverride(percent=percent, **mine, **facts))

    def _hide(self, course: Course, person: User) -> None:
        """A quiz is hidden from learners, or shown."""
        shown = self.chance.random() < 0.5
        db.session.execute(update(Quiz).where(Quiz.course_id == course.id).values(is_published=shown))

    def _edit(self, course: Course, person: User) -> None:
        change = self.chance.choice(
            (
                {"is_published": self.chance.random() < 0.5},
                {"is_required": self.chance.random() < 0.5},
                {"minutes": self.chance.randint(1, 60)},
                {"removed_at": self.chance.choice((None, self.at))},
                {"position": self.chance.randint(1, 9)},
            )
        )
        db.session.execute(update(Lesson).where(Lesson.id == self._lesson(course)).values(**change))
        db.session.execute(
            update(Course).where(Course.id == course.id).values(ends_at=self.at + timedelta(days=5))
        )

    def _correct(self, course: Course, person: User) -> None:
        """What is not meant to happen, and is done by hand now and then: other dates, an attempt that goes."""
        enrollment, back = self._enrollment(course, person).id, timedelta(days=self.chance.choice((-1, 1, 9)))
        read = LessonProgress.enrollment_id == enrollment
        works = select(Submission.id).where(Submission.enrollment_id == enrollment)
        change = self.chance.choice(
            (
                update(LessonProgress).where(read).values(started_at=LessonProgress.started_at - back),
                update(LessonProgress).where(read).values(completed_at=None),
                update(Enrollment).where(Enrollment.id == enrollment).values(enrolled_at=self.at - back),
                update(Enrollment).where(Enrollment.id == enrollment).values(completed_at=self.at - back),
                update(Attempt)
                .where(Attempt.enrollment_id == enrollment)
                .values(submitted_at=self.at - back),
                update(SubmissionVersion)
                .where(SubmissionVersion.submission_id.in_(works))
                .values(submitted_at=self.at - back),
                delete(Submission).where(Submission.enrollment_id == enrollment),
                delete(Attempt).where(Attempt.enrollment_id == enrollment),
                delete(LessonProgress).where(read),
            )
        )
        db.session.execute(change)

    def _remove(self, course: Course, person: User) -> None:
        if len(self.courses) > 1 and self.chance.random() < 0.3:
            self.courses.remove(course)
            db.session.delete(db.session.get_one(Course, course.id))
        else:
            db.session.delete(self._enrollment(course, person))
