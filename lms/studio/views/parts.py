"""What hangs on a lesson beside its text: extra pages and assignments, made, moved, taken out and brought back."""

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from lms.assignments import actions as assignments
from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses import editing, pages
from lms.courses.models import Course, Lesson
from lms.studio import queries
from lms.studio.forms import TitleForm
from lms.studio.views.blueprint import bp, course_to_change
from lms.studio.views.texts import LESSON, PART, place


def _lesson(slug: str, lesson: str) -> tuple[Course, Lesson]:
    course = course_to_change(slug, signed_in_viewer())
    return course, found(editing.lesson_of(course, lesson))


def _back(slug: str, lesson: str, **more: Any) -> Response:
    return web.redirect(url_for("studio.edit", slug=slug, lesson=lesson, **more) + "#parts")


@bp.post(f"{LESSON}/pages")
@teachers_only
def add_page(slug: str, lesson: str) -> Response:
    """A new extra page, to be written."""
    course, row = _lesson(slug, lesson)
    form = TitleForm()
    if not form.validate_on_submit():
        flash(_("Give the page a title."), "danger")
        return _back(slug, lesson)
    page = editing.add_page(course, row, form.title.data, clock.now())
    return web.redirect_to("studio.edit", slug=slug, lesson=lesson, kind="page", part=page.slug)


@bp.post(f"{LESSON}/assignments")
@teachers_only
def add_assignment(slug: str, lesson: str) -> Response:
    """A new assignment, to be written."""
    course, row = _lesson(slug, lesson)
    form = TitleForm()
    if not form.validate_on_submit():
        flash(_("Give the assignment a title."), "danger")
        return _back(slug, lesson)
    taken = [page.slug for page in queries.pages_of(row.id)]
    brief = assignments.add(course, row, form.title.data, taken, clock.now())
    return web.redirect_to("studio.edit", slug=slug, lesson=lesson, kind="assignment", part=brief.slug)


@bp.post(f"{PART}/position")
@teachers_only
def move_part(slug: str, lesson: str, kind: str, part: str) -> Response:
    """One place up or down among its like."""
    at = place(slug, lesson, kind, part)
    step = {"up": -1, "down": 1}.get(request.form.get("to", ""))
    if step is None:
        raise BadRequest
    rows: Any = pages.of(at.text_of_lesson) if kind == "page" else assignments.of(at.text_of_lesson.id)
    pages.move(rows, at.text, step)
    flash(_("“%(title)s” is moved.", title=at.text.title), "success")
    return _back(slug, lesson)


@bp.post(f"{PART}/removal")
@teachers_only
def remove_part(slug: str, lesson: str, kind: str, part: str) -> Response:
    """Take it out; the next page offers to undo it."""
    at = place(slug, lesson, kind, part)
    remove: Any = pages.remove if kind == "page" else assignments.remove
    remove(at.course, at.text, clock.now())
    flash(_("“%(title)s” is deleted.", title=at.text.title), "success")
    return _back(slug, lesson, undo=f"{kind}-{at.text.id}")


@bp.post(f"{LESSON}/<any(page,assignment):kind>/<int:row_id>/removal/end")
@teachers_only
def undo_part_removal(slug: str, lesson: str, kind: str, row_id: int) -> Response:
    """Bring it back."""
    course, row = _lesson(slug, lesson)
    restore: Any = pages.restore if kind == "page" else assignments.restore
    back = found(restore(course, row, row_id, clock.now()))
    flash(_("“%(title)s” is back.", title=back.title), "success")
    return _back(slug, lesson)
