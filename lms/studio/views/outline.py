"""Modules and lessons: added, renamed, moved, copied, removed and brought back. Plain forms; with htmx the
workbench alone is swapped."""

from collections.abc import Iterable
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from lms.assignments import actions as assignments
from lms.core import clock, web
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.courses import editing
from lms.courses.models import Course, Lesson
from lms.learning import actions as learning
from lms.quizzes.authoring import quizzes
from lms.studio import silent
from lms.studio.forms import TitleForm
from lms.studio.views.blueprint import COURSE, bp, course_to_change
from lms.studio.views.courses import workbench

MODULE = f"{COURSE}/modules/<int:module_id>"
LESSON = f"{COURSE}/lessons/<lesson>"


def _changed(
    course: Course, person: Viewer, anchor: str, said: str, undo: tuple[str, int] | None = None
) -> Response:
    """The workbench after a change: swapped by htmx, else led to, at the place that changed."""
    if web.wants_fragment():
        return workbench(course, person, said=said, undo=undo)
    values: dict[str, Any] = {"undo": f"{undo[0]}-{undo[1]}"} if undo else {}
    flash(said, "success")
    return web.redirect(url_for("studio.show", slug=course.slug, **values) + f"#{anchor}")


def _wrong(course: Course, person: Viewer, form: TitleForm, where: str) -> Response:
    return workbench(course, person, status=422, wrong={"where": where, "form": form})


@bp.post(f"{COURSE}/modules")
@teachers_only
def add_module(slug: str) -> Response:
    person, form = signed_in_viewer(), TitleForm()
    course = course_to_change(slug, person)
    if not form.validate_on_submit():
        return _wrong(course, person, form, "add-module")
    module = editing.add_module(course, form.title.data, clock.now())
    return _changed(course, person, "add-module", _("Module “%(title)s” is added.", title=module.title))


@bp.post(f"{MODULE}/lessons")
@teachers_only
def add_lesson(slug: str, module_id: int) -> Response:
    person, form = signed_in_viewer(), TitleForm()
    course = course_to_change(slug, person)
    found(editing.module_of(course, module_id))
    if not form.validate_on_submit():
        return _wrong(course, person, form, f"add-lesson-{module_id}")
    lesson = found(editing.add_lesson(course, module_id, form.title.data, clock.now()))
    said = _("Lesson “%(title)s” is added.", title=lesson.title)
    if not lesson.is_published:
        said += " " + _("Learners don’t see it until you show it.")
    return _changed(course, person, f"module-{module_id}", said)


@bp.post(f"{MODULE}/title")
@teachers_only
def rename_module(slug: str, module_id: int) -> Response:
    person, form = signed_in_viewer(), TitleForm()
    course = course_to_change(slug, person)
    found(editing.module_of(course, module_id))
    if not form.validate_on_submit():
        return _wrong(course, person, form, f"rename-module-{module_id}")
    found(editing.rename_module(course, module_id, form.title.data, clock.now()))
    return _changed(course, person, f"module-{module_id}", _("The module is renamed."))


@bp.post(f"{LESSON}/title")
@teachers_only
def rename_lesson(slug: str, lesson: str) -> Response:
    person, form = signed_in_viewer(), TitleForm()
    course = course_to_change(slug, person)
    row = found(editing.lesson_of(course, lesson))
    if not form.validate_on_submit():
        return _wrong(course, person, form, f"rename-lesson-{row.id}")
    found(editing.rename_lesson(course, lesson, form.title.data, clock.now()))
    return _changed(course, person, f"lesson-{row.id}", _("The lesson is renamed."))


def place_typed() -> str | int:
    """Where to, as a form says it: `up`, `down`, or a number from 0. Raises BadRequest."""
    to = request.form.get("to", "")
    if to in (editing.UP, editing.DOWN):
        return to
    if to.isdecimal() and len(to) < 6:
        return int(to)
    raise BadRequest


@bp.post(f"{MODULE}/position")
@teachers_only
def move_module(slug: str, module_id: int) -> Response:
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    found(editing.module_of(course, module_id))
    module = found(editing.move_module(course, module_id, place_typed(), clock.now()))
    return _changed(course, person, f"module-{module_id}", _("“%(title)s” is moved.", title=module.title))


@bp.post(f"{LESSON}/position")
@teachers_only
def move_lesson(slug: str, lesson: str) -> Response:
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    found(editing.lesson_of(course, lesson))
    module = request.form.get("module", "")
    goal = int(module) if module.isdecimal() and len(module) < 19 else None
    to: str | int = 99_999 if goal is not None and "to" not in request.form else place_typed()
    row = found(editing.move_lesson(course, lesson, to, clock.now(), module_id=goal))
    return _changed(course, person, f"lesson-{row.id}", _("“%(title)s” is moved.", title=row.title))


def _copied(
    course: Course, anchor: str, copies: Iterable[tuple[Lesson, Lesson]], said: str, unseen: str
) -> Response:
    """What the lessons ask goes along; in a course that learners see, the copies begin hidden."""
    for original, copy in copies:
        quizzes.copy_quizzes(course, original, copy, clock.now())
        assignments.copy_all(course, original, copy, clock.now())
    if course.state != "draft":
        said = f"{said} {unseen}"
    return _changed(course, signed_in_viewer(), anchor, said)


@bp.post(f"{MODULE}/copy")
@teachers_only
def copy_module(slug: str, module_id: int) -> Response:
    course = course_to_change(slug, signed_in_viewer())
    module = found(editing.module_of(course, module_id))
    title = _("%(title)s (copy)", title=module.title[:240])
    made, copies = found(editing.copy_module(course, module_id, title, clock.now()))
    unseen = _("Learners don’t see its lessons until you show them.")
    return _copied(course, f"module-{made.id}", copies, _("The module is duplicated."), unseen)


@bp.post(f"{LESSON}/copy")
@teachers_only
def copy_lesson(slug: str, lesson: str) -> Response:
    course = course_to_change(slug, signed_in_viewer())
    row = found(editing.lesson_of(course, lesson))
    title = _("%(title)s (copy)", title=row.title[:240])
    made = found(editing.copy_lesson(course, lesson, title, clock.now()))
    unseen = _("Learners don’t see it until you show it.")
    return _copied(course, f"lesson-{made.id}", [(row, made)], _("The lesson is duplicated."), unseen)


@bp.post(f"{MODULE}/visibility")
@teachers_only
def show_module(slug: str, module_id: int) -> Response:
    """All lessons of the module, for learners to see."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    at = clock.now()
    module = found(editing.show_module(course, module_id, at))
    said = _("Learners see all lessons of “%(title)s”.", title=module.title)
    said = f"{said} {silent.keep_back(course, editing.lessons_in(course, module), at)}".strip()
    return _changed(course, person, f"module-{module_id}", said)


@bp.post(f"{LESSON}/visibility")
@teachers_only
def show_lesson(slug: str, lesson: str) -> Response:
    """Shown to learners, or hidden from them."""
    person, at = signed_in_viewer(), clock.now()
    course = course_to_change(slug, person)
    shown = request.form.get("shown") == "yes"
    row = found(editing.show_lesson(course, lesson, shown, at))
    if shown:
        said = _("Learners see “%(title)s” now.", title=row.title)
        said = f"{said} {silent.keep_back(course, [row], at)}".strip()
    else:
        learning.complete_who_is_done(course.id, at)
        said = _("“%(title)s” is hidden from learners.", title=row.title)
    return _changed(course, person, f"lesson-{row.id}", said)


@bp.post(f"{MODULE}/removal")
@teachers_only
def remove_module(slug: str, module_id: int) -> Response:
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    at = clock.now()
    module = found(editing.remove_module(course, module_id, at))
    learning.complete_who_is_done(course.id, at)
    said = _("Module “%(title)s” is deleted with its lessons.", title=module.title)
    return _changed(course, person, "workbench", said, ("module", module.id))


@bp.post(f"{LESSON}/removal")
@teachers_only
def remove_lesson(slug: str, lesson: str) -> Response:
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    at = clock.now()
    row = found(editing.remove_lesson(course, lesson, at))
    learning.complete_who_is_done(course.id, at)
    said = _("Lesson “%(title)s” is deleted.", title=row.title)
    return _changed(course, person, "workbench", said, ("lesson", row.id))


@bp.post(f"{COURSE}/<any(module,lesson,quiz):thing>/<int:row_id>/removal/end")
@teachers_only
def undo_removal(slug: str, thing: str, row_id: int) -> Response:
    """Bring back what was deleted."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    restore: Any = {
        "module": editing.restore_module,
        "lesson": editing.restore_lesson,
        "quiz": quizzes.restore_quiz,
    }[thing]
    row = found(restore(course, row_id, clock.now()))
    return _changed(course, person, f"{thing}-{row_id}", _("“%(title)s” is back.", title=row.title))
