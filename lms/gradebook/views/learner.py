"""One learner's grades for those who teach: how they came about, and deciding otherwise."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses.models import Course
from lms.gradebook import actions, queries
from lms.gradebook.forms import DecisionForm
from lms.gradebook.standing import Learner, standing, taken_out, undecided
from lms.gradebook.views.blueprint import bp
from lms.gradebook.views.grid import BOOK, course_of
from lms.gradebook.words import staff_words

ROW = f"<int(max={2**63 - 1}):enrollment_id>"
GRADE = f"{BOOK}/{ROW}/<any(quiz,assignment):work>/<int(max={2**63 - 1}):item_id>"


@bp.get(f"{BOOK}/{ROW}")
@teachers_only
def learner(slug: str, enrollment_id: int) -> Response:
    """What the learner sees of their grades, with a way to decide otherwise."""
    course, at = course_of(slug, signed_in_viewer()), clock.now()
    row = found(queries.learner(course.id, enrollment_id))
    book = queries.book(course.id).for_learners()
    cells = queries.cells_for_staff(course.id, [row.id], at)
    return web.render(
        "gradebook/learner.html",
        course=course,
        learner=row,
        book=book,
        mine=standing(book, cells, Learner(row.id, row.enrolled_at), at, course.ends_at),
        taken_out=taken_out(cells, at),
        cell_words=staff_words,
    )


@bp.get(GRADE)
@teachers_only
def decision(slug: str, enrollment_id: int, work: str, item_id: int) -> Response:
    """The form in which one grade is decided otherwise."""
    course, row, item = _place(slug, enrollment_id, work, item_id)
    cell = _cell(course, row, item)
    return _page(course, row, item, cell, DecisionForm.of(cell).remember())


@bp.post(GRADE)
@teachers_only
def decide(slug: str, enrollment_id: int, work: str, item_id: int) -> Response:
    """Keep the decision with its reason, or take it back."""
    course, row, item = _place(slug, enrollment_id, work, item_id)
    actions.hold(row.id)
    form, cell = DecisionForm(), _cell(course, row, item)
    if not form.settles(DecisionForm.of(cell)):
        return _page(course, row, item, cell, form, form.refusal)
    if form.touched:
        actions.decide(row, item, form.decision(), signed_in_viewer().id, clock.now())
    flash(_("Saved. The learner sees it, with the reason."), "success")
    return web.redirect_to("gradebook.learner", slug=slug, enrollment_id=enrollment_id)


def _place(slug: str, enrollment_id: int, work: str, item_id: int) -> tuple[Course, Any, queries.Item]:
    course = course_of(slug, signed_in_viewer())
    row = found(queries.learner(course.id, enrollment_id))
    items = queries.book(course.id).for_learners().items
    return course, row, found(next((one for one in items if (one.kind, one.id) == (work, item_id)), None))


def _cell(course: Course, row: Any, item: queries.Item) -> queries.Cell:
    return queries.cells_for_staff(course.id, [row.id], clock.now()).get((row.id, item.key), queries.EMPTY)


def _page(
    course: Course, row: Any, item: queries.Item, cell: queries.Cell, form: DecisionForm, status: int = 200
) -> Response:
    own = undecided(item, cell, row.enrolled_at, clock.now(), course.ends_at)
    facts = {
        "course": course,
        "learner": row,
        "item": item,
        "own": own,
        "own_words": staff_words(own),
        "form": form,
    }
    return web.render("gradebook/decision.html", status=status, **facts)
