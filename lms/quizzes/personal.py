"""What quizzes know of a person: their attempts and answers, and what was said to them about those. Keys are
never in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes import queries
from lms.quizzes.content import content_from_json
from lms.quizzes.models import Accommodation, Answer, Attempt, Quiz
from lms.quizzes.plain_words import question_words
from lms.quizzes.responses import display_response

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Every attempt, with what was asked and answered in it, and what was given beyond the rules of quizzes."""
    statement = (
        select(
            Attempt.id,
            Course.title.label("course"),
            Quiz.title.label("quiz"),
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.closed_by,
            Attempt.score,
            Attempt.points,
            Attempt.percent,
            Attempt.passed,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.user_id == user_id)
        .order_by(Attempt.id)
    )
    attempts = [dict(row) for row in db.session.execute(statement).mappings()]
    given = select(
        Course.title.label("course"),
        Quiz.title.label("quiz"),
        Accommodation.extra_percent,
        Accommodation.extra_minutes,
        Accommodation.extra_attempts,
        Accommodation.untimed,
        Accommodation.opens_at,
        Accommodation.closes_at,
        Accommodation.after_end,
        Accommodation.reason,
        Accommodation.changed_at,
    )
    given = given.join(Quiz, Quiz.id == Accommodation.quiz_id).join(Course, Course.id == Quiz.course_id)
    mine = given.where(Accommodation.user_id == user_id).order_by(Accommodation.id)
    return {
        "accommodations": [dict(row) for row in db.session.execute(mine).mappings()],
        "attempts": [{**attempt, "answers": _answers(attempt["id"])} for attempt in attempts],
    }


def _answers(attempt_id: int) -> Rows:
    rows = []
    for slot in queries.slots(attempt_id):
        content = content_from_json(slot.content)
        if content.type == "description":
            continue
        rows.append(
            {
                "question": question_words(slot.content),
                "answer": display_response(content, slot.response),
                "saved_at": slot.saved_at,
                "state": slot.state,
                "points": slot.points,
                "share": slot.fraction,
                "feedback": slot.feedback,
                "set_aside": slot.how,
                "reason": slot.reason,
            }
        )
    return rows


def erase(user_id: int, at: datetime) -> list[int]:
    """What was answered and arranged goes; scores stay as numbers without a name. An open attempt goes altogether."""
    mine = select(Attempt.id).where(Attempt.user_id == user_id)
    db.session.execute(delete(Accommodation).where(Accommodation.user_id == user_id))
    db.session.execute(delete(Attempt).where(Attempt.user_id == user_id, Attempt.state == "open"))
    db.session.execute(
        update(Answer)
        .where(Answer.attempt_id.in_(mine))
        .values(response=None, feedback=None)
        .execution_options(synchronize_session=False)
    )
    # What statistics keep of these answers in memory is theirs only while the row of each attempt stays as it was.
    db.session.execute(
        update(Attempt)
        .where(Attempt.user_id == user_id)
        .values(flags=[])
        .execution_options(synchronize_session=False)
    )
    return []
