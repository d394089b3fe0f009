"""More days for one learner, for those who teach."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _

from lms.assignments import extensions, rules, staff_queries
from lms.assignments.settings_forms import ExtensionForm
from lms.assignments.views.blueprint import bp
from lms.assignments.views.queue import ASSIGNMENT, course_of
from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses.models import Course

LEARNER = f"{ASSIGNMENT}/extensions/<int(max={2**63 - 1}):user_id>"


@bp.get(LEARNER)
@teachers_only
def extension(slug: str, assignment_id: int, user_id: int) -> Response:
    course, assignment, learner = _place(slug, assignment_id, user_id)
    form = ExtensionForm(formdata=None, days=learner.extra_days or 0, reason=learner.reason or "")
    return _page(course, assignment, learner, form)


@bp.post(LEARNER)
@teachers_only
def extend(slug: str, assignment_id: int, user_id: int) -> Response:
    """Give the days, or take them back."""
    course, assignment, learner = _place(slug, assignment_id, user_id)
    form = ExtensionForm()
    if not form.validate_on_submit():
        return _page(course, assignment, learner, form, 422)
    given = (form.days.data or 0, form.reason.data or "", signed_in_viewer().id)
    extensions.give(assignment.id, assignment.title, learner, *given, clock.now())
    flash(_("Saved. The dates of %(name)s move with it.", name=learner.name), "success")
    return web.redirect_to("assignments.submissions", slug=slug, assignment_id=assignment_id)


def _place(slug: str, assignment_id: int, user_id: int) -> tuple[Course, Any, Any]:
    course = course_of(slug, signed_in_viewer())
    assignment = found(staff_queries.assignment(course.id, assignment_id))
    return course, assignment, found(extensions.learner(assignment.id, user_id))


def _page(course: Course, assignment: Any, learner: Any, form: ExtensionForm, status: int = 200) -> Response:
    return web.render(
        "assignments/staff/extension.html",
        status=status,
        course=course,
        assignment=assignment,
        lesson_slug=assignment.lesson_slug,
        learner=learner,
        terms=rules.Terms.of(assignment),
        own=rules.Terms.of(assignment).of_learner(learner),
        form=form,
    )
