"""The blueprint of all studio pages, and how they find their course."""

from flask import Blueprint

from lms.core.access import Viewer, found
from lms.courses import queries
from lms.courses.models import Course

bp = Blueprint("studio", __name__)

COURSE = "/teaching/<slug>"


def course_to_show(slug: str, person: Viewer) -> Course:
    """The course for a page; 404 for who does not teach it."""
    return found(queries.course_to_edit(slug, person))


def course_to_change(slug: str, person: Viewer) -> Course:
    """The course, locked; 404 for who does not teach it."""
    return found(queries.course_to_change(slug, person))
