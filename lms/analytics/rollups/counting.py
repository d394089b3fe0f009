"""Counting some courses, in a transaction that sees one moment: a constant number of statements."""

from collections.abc import Sequence
from datetime import datetime

from lms.analytics.rollups import (
    assignments,
    changes,
    courses,
    days,
    learners,
    lessons,
    quizzes,
    reading,
    risks,
    terms,
)
from lms.core.db import AnyRow


def count(due: Sequence[AnyRow], today: datetime, at: datetime) -> None:
    """Write all figures of the courses that `changes.due` names; all of them are `anew`, or none is.

    Counting anew forgets what was known. Else the figures that can be added up are added to, and what is known of
    the learners who did something is counted again from their own rows.
    """
    numbers = [row.id for row in due]
    aged = [row.id for row in due if row.aged]
    anew = due[0].anew
    terms.gather(numbers)
    if anew:
        reading.gather(numbers)
        learners.count_everyone(numbers, today)
        lessons.count_anew(numbers)
        days.count_anew(numbers)
        quizzes.count_anew(numbers)
        assignments.count_anew(numbers)
    else:
        assignments.count_changed(numbers)
        learners.count_changed(numbers, today)
        lessons.add(numbers)
        days.add(numbers)
        quizzes.count_changed(numbers)
        learners.age(aged, today)
    lessons.count_stops(numbers)
    before = courses.paces(numbers)
    courses.count(numbers, today, at, anew=anew)
    after = courses.paces(numbers)
    # Another pace, another day, another date of an assignment: everybody is measured by something else than before.
    everyone = {*(numbers if anew else aged), *changes.asked(numbers)}
    measured = [n for n in numbers if n in everyone or before.get(n) != after.get(n)]
    risks.judge(measured, today, everyone=True)
    risks.judge([n for n in numbers if n not in set(measured)], today, everyone=False)
    risks.count(numbers)
    changes.take(numbers)
