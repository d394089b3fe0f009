"""Work for the demo: a few learners handed in the first assignment, some of it is graded, the rest waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.accounts.models import User
from lms.assignments import grading, rubrics, submitting
from lms.assignments.models import Assignment
from lms.assignments.rules import Terms
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment

TEXTS = (
    "I drew our kitchen at 1 : 50. The table is larger than it should be, because everything happens there. I left "
    "out the shelf above the door: nobody but me knows what is on it.",
    "My map shows the way from the bus stop to my grandmother's house, 340 of my paces, so about 255 metres. The scale "
    "is 1 : 1,000 and the bar agrees with it; I checked with a ruler.\n\nFive signs: stop, well, two kinds of trees, "
    "the dog. The dog is not always where I drew it.",
    "The school yard, 1 : 200. North is up, found with the sun at noon. I left out the bicycles and drew the gate "
    "twice as wide as it is, because strangers look for it first.",
    "A garden at 1 : 100. The legend explains beds, paths, water and the compost. Measuring took an afternoon; my "
    "pace on the slope is shorter than on the flat, which I had not expected.",
    "This is the market square. The scale bar says 20 metres. I am not sure about north.",
    "Our corridor at work, for newcomers. What I enlarged: the coffee machine. What I left out: the archive.",
)
GRADED = (
    (0, "A clear scale and honest choices. **Write the date on it** next time."),
    (1, "The bar and the ratio agree, and the dog has its place in the legend. Very good."),
)


def hand_in(course: Course, learners: Sequence[User], teacher: User, at: datetime) -> None:
    """Some learners' work on the course's first assignment; the first two are graded."""
    brief = db.session.scalars(
        select(Assignment)
        .join(Lesson, Lesson.id == Assignment.lesson_id)
        .where(Assignment.course_id == course.id)
        .order_by(Lesson.position, Assignment.position)
        .limit(1)
    ).one_or_none()
    if brief is None:
        return
    terms, works = Terms.of(brief), []
    for number, (learner, text) in enumerate(zip(learners, TEXTS, strict=False)):
        place = select(Enrollment.id).where(
            Enrollment.course_id == course.id, Enrollment.user_id == learner.id
        )
        work = submitting.locked(brief.id, learner.id, db.session.scalars(place).one())
        handed_in = at - timedelta(days=9 - number, hours=number * 3, minutes=number * 11)
        submitting.hand_in(work, terms, text, submitting.Seen(0, 0), handed_in)
        works.append(work)
    for place_of, feedback in GRADED:
        _grade(course, brief, works[place_of].id, feedback, teacher, at - timedelta(days=3))


def _grade(
    course: Course, brief: Assignment, submission_id: int, feedback: str, teacher: User, at: datetime
) -> None:
    at_hand = grading.place(course.id, submission_id, 1)
    if at_hand is None or brief.rubric is None:
        return
    choices = {str(place): place % 2 for place in range(len(brief.rubric["criteria"]))}
    points = rubrics.total(brief.rubric, brief.max_points, choices)
    grading.grade(at_hand, grading.Notes(points, feedback, choices), 0, teacher.id, at)
