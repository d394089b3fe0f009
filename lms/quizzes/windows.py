"""When a quiz is over for somebody: one rule, in Python and in SQL.

A quiz closes at its own date, and no later than its course ends: after that nothing is begun. A closing date of one
learner's own takes the place of the quiz's; past the end of the course it reaches only where who gave it said so
(`after_end`), and for that learner alone. An end of the course that is moved later holds for windows given before, too.
"""

from datetime import datetime


def closes(
    own: datetime | None, quiz: datetime | None, course_ends: datetime | None, *, after_end: bool
) -> datetime | None:
    """When the quiz closes for a learner with a date of their `own` (None: without one); None: it has no date, and is
    over when its course is."""
    if own is not None and after_end:
        return own
    date = own or quiz
    return min(date, course_ends) if date and course_ends else date


def closes_sql(own: str, quiz: str, course: str) -> str:
    """`closes` of an accommodation, its quiz and its course: names of a statement, the accommodation's an outer join."""
    date = f"coalesce({own}.closes_at, {quiz}.closes_at)"
    return (
        f"(case when {own}.closes_at is not null and {own}.after_end then {own}.closes_at"
        f" when {date} is not null then least({date}, {course}.ends_at) end)"
    )


def closed_for_all_sql(quiz: str, course: str) -> str:
    """When the quiz is over for everybody, with the windows of single learners; null: at no set time."""
    own = closes_sql("y", quiz, course)
    return f"""(case when coalesce({quiz}.closes_at, {course}.ends_at) is not null
         then greatest(least({quiz}.closes_at, {course}.ends_at),
                       (select max({own}) from accommodations y where y.quiz_id = {quiz}.id)) end)"""  # noqa: S608
