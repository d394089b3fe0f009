"""A learner's own grades in a course, each with how it came about."""

from flask import Response, abort

from lms.core import clock, web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.gradebook import queries
from lms.gradebook.standing import Learner, standing, taken_out
from lms.gradebook.views.blueprint import bp
from lms.gradebook.words import cell_words
from lms.learning import queries as learning


@bp.get("/courses/<slug>/grades")
@signed_in
def own(slug: str) -> Response:
    """Every grade, the categories, and the grade so far."""
    person, at = signed_in_viewer(), clock.now()
    course = found(learning.course(slug, person))
    if course.row.enrollment_id is None or not course.is_learner:
        abort(403)
    book = queries.book(course.row.id).for_learners()
    learner = Learner(course.row.enrollment_id, course.row.enrolled_at)
    cells = queries.cells(course.row.id, [course.row.enrollment_id], at)
    return web.render(
        "gradebook/own.html",
        course=course.row,
        book=book,
        mine=standing(book, cells, learner, at, course.row.ends_at),
        taken_out=taken_out(cells, at),
        cell_words=cell_words,
    )
