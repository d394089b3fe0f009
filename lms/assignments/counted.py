"""Parts of `rules` in SQL, for statements that read one submission each of many learners."""

from datetime import datetime

from sqlalchemy import DateTime, literal_column
from sqlalchemy.sql.elements import ColumnElement

_COUNTED = """coalesce((select min(r.submitted_at)
                       from submission_versions r
                      where r.submission_id = {of}.submission_id and r.number < {of}.number
                        and r.returned_at is not null), {of}.submitted_at)"""


def counted_sql(of: str) -> str:
    """`rules.counted_from`: the moment that counts of what stands in the row `of`, a name of submission_versions in the
    statement."""
    return _COUNTED.format(of=of)


def counted_column(of: str) -> ColumnElement[datetime]:
    """The same for statements that are not text."""
    return literal_column(counted_sql(of), DateTime(timezone=True))


def points_sql(given: str, most: str, days_late: str, assignment: str) -> str:
    """`rules.result(...).points` of `given` of `most` points, as late as that; `assignment` is a row of the table."""
    lost = f"round({most} * {assignment}.late_percent * {days_late} / 100, 2)"
    return (
        f"({given} - case when {assignment}.late_policy = 'percent' then least({given}, {lost}) else 0 end)"
    )


def percent_sql(points: str, most: str) -> str:
    """`rules.result(...).percent` of `points` that count; null of 0 points."""
    return f"case when {most} > 0 then least(round(100 * {points} / {most}, 2), 100) end"
