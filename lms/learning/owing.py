"""What nobody owes: work that had been due before they enrolled. One rule, in Python and in SQL.

It decides what is missing, late, counted and reminded of; and, with the last moment at which work is taken, what a
lesson requires. Coming back is no new beginning: the enrollment is the same one, and what was due in between stays
theirs, or leaving for a minute would clear every date.
"""

from datetime import datetime


def came_after(due: datetime | None, enrolled_at: datetime | None) -> bool:
    """Whether a learner enrolled at the moment at which work was due, or later, so that they owe nothing of it.

    `due` is the learner's own date, with the days or the window that they were given: None for work without one, which
    nobody comes after. `enrolled_at` is when they enrolled first; for who is not enrolled (None) every date holds."""
    return due is not None and enrolled_at is not None and due <= enrolled_at


def came_after_sql(due: str, enrolled_at: str) -> str:
    """`came_after` of two names or expressions of a statement; never null."""
    return f"coalesce({due} <= {enrolled_at}, false)"
