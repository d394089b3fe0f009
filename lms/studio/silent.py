"""Quizzes that ask nothing when their lesson comes before learners: they wait for their author to show them."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.courses.models import Course, Lesson
from lms.quizzes.authoring import quizzes


def keep_back(course: Course, lessons: Iterable[Lesson], at: datetime) -> str:
    """Hide them in `lessons`, which learners see from now on. What was done, in words; empty for nothing."""
    titles = quizzes.hide_silent(course, lessons, at)
    if not titles:
        return ""
    if len(titles) == 1:
        said = _(
            "The quiz “%(title)s” asks nothing yet: learners don’t see it until you show it.", title=titles[0]
        )
    else:
        said = ngettext(
            "%(num)s quiz asks nothing yet: learners don’t see it until you show it.",
            "%(num)s quizzes ask nothing yet: learners don’t see them until you show them.",
            len(titles),
        )
    return str(said)
