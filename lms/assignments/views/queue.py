"""What waits to be graded: by course, and by assignment."""

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.assignments import grading, rules, staff_queries
from lms.assignments.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.courses import queries as courses
from lms.courses.models import Course

COURSE = "/teaching/<slug>/assignments"
ASSIGNMENT = f"{COURSE}/<int(max={2**63 - 1}):assignment_id>"


def course_of(slug: str, person: Viewer) -> Course:
    """The course, for who teaches it; 404 for others."""
    return found(courses.course_to_edit(slug, person))


@bp.get(COURSE)
@teachers_only
def queue(slug: str) -> Response:
    """The assignments of a course, with what waits in each."""
    person = signed_in_viewer()
    course = course_of(slug, person)
    rows = staff_queries.of_course(course.id)
    return web.render(
        "assignments/staff/queue.html",
        course=course,
        rows=rows,
        waiting=sum(row.waiting for row in rows),
        first=min((row for row in rows if row.waiting), key=lambda row: row.oldest, default=None),
    )


@bp.get(f"{ASSIGNMENT}/submissions")
@teachers_only
def submissions(slug: str, assignment_id: int) -> Response:
    """The learners and their work on one assignment."""
    course = course_of(slug, signed_in_viewer())
    assignment = found(staff_queries.assignment(course.id, assignment_id))
    show = request.args.get("show", "all")
    show = show if show in staff_queries.FILTERS else "all"
    return web.render(
        "assignments/staff/submissions.html",
        course=course,
        assignment=assignment,
        lesson_slug=assignment.lesson_slug,
        terms=rules.Terms.of(assignment),
        days_late=rules.days_late,
        result=rules.result,
        show=show,
        unreleased=staff_queries.unreleased(assignment.id),
        page=staff_queries.works(course.id, assignment.id, show, page_number(request.args.get("page"))),
    )


@bp.post(f"{ASSIGNMENT}/release")
@teachers_only
def release(slug: str, assignment_id: int) -> Response:
    """Show all grades that wait for it to their learners."""
    course = course_of(slug, signed_in_viewer())
    assignment = found(staff_queries.assignment(course.id, assignment_id))
    number = grading.release(assignment.id, clock.now())
    if number:
        words = ngettext("%(num)s grade is released.", "%(num)s grades are released.", number)
        flash(words, "success")
    else:
        flash(_("Every grade is released already."), "info")
    return web.redirect_to("assignments.submissions", slug=slug, assignment_id=assignment_id)
