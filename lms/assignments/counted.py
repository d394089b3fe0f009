"""`rules.counted_from` in SQL, for statements that read one submission each of many learners."""

from datetime import datetime

from sqlalchemy import DateTime, literal_column
from sqlalchemy.sql.elements import ColumnElement

_COUNTED = """coalesce((select min(r.submitted_at)
                       from submission_versions r
                      where r.submission_id = {of}.submission_id and r.number < {of}.number
                        and r.returned_at is not null), {of}.submitted_at)"""


def counted_sql(of: str) -> str:
    """The moment that counts of what stands in the row `of`, a name of submission_versions in the statement."""
    return _COUNTED.format(of=of)


def counted_column(of: str) -> ColumnElement[datetime]:
    """The same for statements that are not text."""
    return literal_column(counted_sql(of), DateTime(timezone=True))
