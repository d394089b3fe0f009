"""Pages for grading essays by hand: what waits in a course, and one essay at a time."""

from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Row

from lms.core import clock
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.core.plain import decimal_text
from lms.core.web import redirect_to, render
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.quizzes import marking
from lms.quizzes import marking_queries as queries
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.marking_forms import MarkForm
from lms.quizzes.rendering import html_of

bp = Blueprint("marking", __name__)

GRADING = "/teaching/<slug>/grading"
ESSAY = f"{GRADING}/<int(max={2**63 - 1}):attempt_id>/<int(max=999):slot>"


@bp.get(GRADING)
@teachers_only
def index(slug: str) -> Response:
    """The attempts that wait for a person, or the essays that were graded."""
    person = signed_in_viewer()
    course = _course(slug, person)
    shows_marked = request.args.get("show") == "graded"
    number = page_number(request.args.get("page"))
    if shows_marked:
        rows, essays = queries.marked(course.id, number), queries.waiting_essays(course.id)
    else:
        rows, essays = queries.waiting(course.id, number)
    return render(
        "quizzes/grading.html",
        course=course,
        rows=rows,
        essays=essays,
        shows_marked=shows_marked,
        names=_names(),
        points_of=marking.points_of,
    )


@bp.get(ESSAY)
@teachers_only
def show(slug: str, attempt_id: int, slot: int) -> Response:
    """One essay, to be graded or to have its grade changed."""
    course = _course(slug, signed_in_viewer())
    essay = found(queries.essay(course.id, attempt_id, slot))
    form = MarkForm(essay.points, seen=_seen(essay), feedback=essay.feedback or "", points=_points(essay))
    return _page(course, essay, form)


@bp.post(ESSAY)
@teachers_only
def mark(slug: str, attempt_id: int, slot: int) -> Response:
    """Keep points and feedback, and go on to the next essay that waits."""
    person = signed_in_viewer()
    course = _course(slug, person)
    essay = found(queries.essay(course.id, attempt_id, slot))
    form = MarkForm(essay.points)
    if not form.validate_on_submit():
        return _page(course, essay, form, status=422)
    given, seen = form.mark(), form.seen_at()
    outcome = marking.mark(course.id, attempt_id, slot, given, seen, person.id, clock.now())
    if outcome == "changed":
        essay = found(queries.essay(course.id, attempt_id, slot))
        form.seen.data = _seen(essay)
        return _page(course, essay, form, status=422, is_changed=True)
    following = _following(course, essay)
    if following is None:
        flash(_("Saved. Nothing waits for grading any more."), "success")
        return redirect_to("marking.index", slug=slug, names=_names())
    flash(_("Saved. Here is the next one."), "success")
    place = {"attempt_id": following.attempt_id, "slot": following.slot}
    return redirect_to("marking.show", slug=slug, **place, names=_names())


def _course(slug: str, person: Viewer) -> Course:
    return found(courses.course_to_edit(slug, person))


def _names() -> str | None:
    """`hidden` while somebody grades without knowing whom."""
    return "hidden" if request.values.get("names") == "hidden" else None


def _seen(essay: Row[Any]) -> str:
    return essay.marked_at.isoformat() if essay.marked_at else ""


def _points(essay: Row[Any]) -> str:
    return decimal_text(marking.points_of(essay.fraction, essay.points)) if essay.marked_at else ""


def _following(course: Course, essay: Row[Any]) -> Row[Any] | None:
    place = {"attempt_id": essay.attempt_id, "slot": essay.slot}
    return queries.next_after(course.id, quiz_id=essay.quiz_id, submitted_at=essay.submitted_at, **place)


def _page(
    course: Course, essay: Row[Any], form: MarkForm, *, status: int = 200, is_changed: bool = False
) -> Response:
    content, key = content_from_json(essay.content), key_from_json(essay.key)
    return render(
        "quizzes/essay.html",
        status=status,
        course=course,
        essay=essay,
        form=form,
        question=_html(content.text, content.format, course.slug),
        hint=_html(key.general.text, key.general.format, course.slug) if key.general else None,
        said=(essay.response or {}).get("text", ""),
        following=_following(course, essay),
        is_changed=is_changed,
        points=marking.points_of(essay.fraction, essay.points) if essay.marked_at else None,
        names=_names(),
    )


def _html(text: str, format: Any, slug: str) -> Markup:
    return Markup(html_of(text, format, slug))  # noqa: S704 - cleaned by html_of
