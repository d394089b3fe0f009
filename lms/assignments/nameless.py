"""Whether those who grade may not know yet whose work something is, in SQL: the one rule for lists, desk and gradebook."""

from sqlalchemy import Boolean, literal_column
from sqlalchemy.sql.elements import ColumnElement

_NAMELESS = """coalesce({brief}.is_blind and {work}.number > 0
                    and ({newest}.graded_at is null or {newest}.released_at is null), false)"""


def nameless_sql(brief: str, work: str, newest: str) -> str:
    """Names stay hidden until the newest grade is given and out. The names are those that the statement has for rows
    of assignments and submissions, and of submission_versions for what was handed in last."""
    return _NAMELESS.format(brief=brief, work=work, newest=newest)


def nameless_column(brief: str, work: str, newest: str) -> ColumnElement[bool]:
    """The same for statements that are not text."""
    return literal_column(nameless_sql(brief, work, newest), Boolean)
