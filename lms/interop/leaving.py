"""What hangs on an assignment that a course folder does not have any more."""

from collections.abc import Iterable

from lms.assignments.actions import handed_in
from lms.assignments.models import Assignment
from lms.core.phrases import Phrase, plural_phrase
from lms.interop.course_folder.model import Problem


def warnings(rows: Iterable[Assignment]) -> list[Problem]:
    """Work that is handed in stays with its assignment, and counts no more: that is said before it is done."""
    return [
        Problem("course.md", None, "warning", _words(row.title, works))
        for row, works in handed_in([row for row in rows if row.removed_at is None])
    ]


def _words(title: str, works: int) -> Phrase:
    return plural_phrase(
        "the assignment “%(title)s” leaves the course; %(num)s learner handed in work on it, which stays to be "
        "read and counts in no grade any more",
        "the assignment “%(title)s” leaves the course; %(num)s learners handed in work on it, which stays to be "
        "read and counts in no grade any more",
        works,
        title=title,
    )
