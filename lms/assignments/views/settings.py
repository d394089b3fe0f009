"""The rules of an assignment, for those who teach it."""

from flask import Response, flash
from flask_babel import gettext as _

from lms.assignments import settings as rules_of
from lms.assignments.models import Assignment
from lms.assignments.settings_forms import RulesForm
from lms.assignments.views.blueprint import bp
from lms.assignments.views.queue import ASSIGNMENT, course_of
from lms.core import clock, i18n, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses import queries as courses
from lms.courses.models import Course


@bp.get(f"{ASSIGNMENT}/settings")
@teachers_only
def settings(slug: str, assignment_id: int) -> Response:
    course = course_of(slug, signed_in_viewer())
    assignment = found(rules_of.assignment_of(course, assignment_id))
    return _page(course, assignment, RulesForm.of(assignment))


@bp.post(f"{ASSIGNMENT}/settings")
@teachers_only
def change_settings(slug: str, assignment_id: int) -> Response:
    course = found(courses.course_to_change(slug, signed_in_viewer()))
    assignment = found(rules_of.assignment_of(course, assignment_id))
    form = RulesForm()
    form.levels = len(assignment.rubric["levels"]) if assignment.rubric else 0
    if not form.validate_on_submit():
        return _page(course, assignment, form, 422)
    rules_of.change(course, assignment, form.values(), i18n.zone(), clock.now())
    flash(_("The settings are saved. They hold for what is handed in already, too."), "success")
    return web.redirect_to("assignments.settings", slug=slug, assignment_id=assignment_id)


def _page(course: Course, assignment: Assignment, form: RulesForm, status: int = 200) -> Response:
    return web.render(
        "assignments/staff/settings.html",
        status=status,
        course=course,
        assignment=assignment,
        lesson_slug=found(rules_of.lesson_slug(assignment)),
        form=form,
    )
