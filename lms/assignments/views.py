"""Pages of assignments."""

from flask import Blueprint, Response

from lms.assignments import queries
from lms.core import access, web
from lms.core.access import found, public
from lms.learning import queries as learning
from lms.learning.views import closed, reader_facts

bp = Blueprint("assignments", __name__)

LESSON = "/courses/<slug>/lessons/<lesson>"


@bp.get(f"{LESSON}/assignment", defaults={"assignment": "assignment"})
@bp.get(f"{LESSON}/assignments/<assignment>")
@public
def show(slug: str, lesson: str, assignment: str) -> Response:
    """Read the brief of an assignment, with its rubric. Open to who may read its lesson."""
    reading = found(learning.reading(slug, lesson, access.viewer()))
    if not reading.may_read:
        return closed(reading)
    brief = found(queries.brief(reading.row.lesson_id, assignment))
    return web.render("assignments/show.html", brief=brief, **reader_facts(reading, reading.outline))
