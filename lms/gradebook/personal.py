"""What the gradebook knows of a person: what was decided about their grades, with the reasons."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.courses.models import Course
from lms.gradebook.models import GradeOverride
from lms.learning.models import Enrollment
from lms.quizzes.models import Quiz

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Every grade that a person decided otherwise."""
    rows = (
        select(
            Course.title.label("course"),
            func.coalesce(Quiz.title, Assignment.title).label("work"),
            GradeOverride.percent,
            GradeOverride.is_excused,
            GradeOverride.reason,
            GradeOverride.at,
        )
        .join(Enrollment, Enrollment.id == GradeOverride.enrollment_id)
        .join(Course, Course.id == Enrollment.course_id)
        .outerjoin(Quiz, Quiz.id == GradeOverride.quiz_id)
        .outerjoin(Assignment, Assignment.id == GradeOverride.assignment_id)
        .where(Enrollment.user_id == user_id)
        .order_by(GradeOverride.id)
    )
    return {"grade_decisions": [dict(row) for row in db.session.execute(rows).mappings()]}


def erase(user_id: int, at: datetime) -> list[int]:
    """Reasons go, numbers stay without a name."""
    mine = select(Enrollment.id).where(Enrollment.user_id == user_id)
    db.session.execute(
        update(GradeOverride)
        .where(GradeOverride.enrollment_id.in_(mine))
        .values(reason="")
        .execution_options(synchronize_session=False)
    )
    return []
