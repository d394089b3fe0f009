"""The editor of questions, of quizzes and of the bank alike; and what is done with a question in its list."""

from typing import Any, cast

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses.models import Course
from lms.quizzes.authoring import bank, places
from lms.quizzes.authoring import questions as authoring
from lms.quizzes.content import QUESTION_TYPES, QuestionType
from lms.quizzes.models import Question, Quiz
from lms.studio import question_desk
from lms.studio.question_desk import Desk
from lms.studio.quiz_forms import PointsForm, QuestionForm
from lms.studio.views.blueprint import COURSE, bp, course_to_change
from lms.studio.views.outline import place_typed
from lms.studio.views.quizzes import QUIZ, changed, quiz_page, quiz_to_change

BANK = f"{COURSE}/bank"
QUESTION = f"{COURSE}/questions/<int(max={2**63 - 1}):question_id>"


def question_to_change(slug: str, question_id: int) -> tuple[Course, Question]:
    """The course, locked, and a question of its quizzes or its bank."""
    course = course_to_change(slug, signed_in_viewer())
    return course, found(places.question_of(course, question_id))


def back_to(course: Course, home: Quiz | Course, anchor: str = "") -> Response:
    """To the list that the question stands in."""
    if isinstance(home, Quiz):
        return web.redirect_to("studio.quiz", slug=course.slug, quiz_id=home.id, _anchor=anchor or None)
    return web.redirect_to("studio.bank", slug=course.slug, _anchor=anchor or None)


@bp.route(f"{QUIZ}/questions/new", methods=["GET", "POST"])
@teachers_only
def new_question(slug: str, quiz_id: int) -> Response:
    """Write a question for a quiz."""
    course, quiz = quiz_to_change(slug, quiz_id)
    return _write(question_desk.new(course, quiz, _kind()))


@bp.route(f"{BANK}/new", methods=["GET", "POST"])
@teachers_only
def new_bank_question(slug: str) -> Response:
    """Write a question for the bank."""
    course = course_to_change(slug, signed_in_viewer())
    return _write(question_desk.new(course, course, _kind()))


@bp.route(QUESTION, methods=["GET", "POST"])
@teachers_only
def question(slug: str, question_id: int) -> Response:
    """Write a question anew."""
    course, row = question_to_change(slug, question_id)
    return _write(question_desk.opened(course, row))


def _kind() -> QuestionType:
    kind = request.args.get("kind", "single")
    return cast(QuestionType, found(kind if kind in QUESTION_TYPES else None))


def _write(desk: Desk) -> Response:
    """Show the form, change its rows, look at what is typed, or save it: the button says which."""
    do = request.form.get("do", "save")
    if request.method == "GET":
        return _page(desk)
    desk.read(QuestionForm(), request.form)
    if do != "save":
        desk.arrange(do)
        return _page(desk, look=do == "look")
    if not desk.form.validate_on_submit() or not desk.is_fit():
        return _page(desk, 422, look=True)
    if desk.is_overtaken():
        return _page(desk, 409)
    person, now = signed_in_viewer(), clock.now()
    saved = desk.save(person.id, now)
    flash(_("The question is saved."), "success")
    if "another" in request.form:
        return _another(desk)
    return back_to(desk.course, desk.home, f"lesson-{saved.id}")


def _another(desk: Desk) -> Response:
    values: dict[str, Any] = {"slug": desk.course.slug, "kind": desk.kind}
    if isinstance(desk.home, Quiz):
        return web.redirect_to("studio.new_question", quiz_id=desk.home.id, **values)
    return web.redirect_to("studio.new_bank_question", **values)


def _page(desk: Desk, status: int = 200, *, look: bool = False) -> Response:
    return web.render(
        "studio/quizzes/question.html",
        fragment="studio/quizzes/_look.html" if look else "studio/quizzes/_question_rows.html",
        status=200 if web.wants_fragment() else status,
        desk=desk,
        course=desk.course,
        overtaken=status == 409,
        seen=desk.seen(),
    )


@bp.post(f"{QUESTION}/position")
@teachers_only
def move_question(slug: str, question_id: int) -> Response:
    course, row = question_to_change(slug, question_id)
    quiz = found(places.quiz_of(course, row.quiz_id or 0))
    authoring.move_question(quiz, row, place_typed())
    return changed(course, quiz, _("The question is moved."), f"lesson-{row.id}")


@bp.post(f"{QUESTION}/points")
@teachers_only
def set_points(slug: str, question_id: int) -> Response:
    course, row = question_to_change(slug, question_id)
    quiz, form = found(places.quiz_of(course, row.quiz_id or 0)), PointsForm()
    if not form.validate_on_submit():
        return quiz_page(course, quiz, 422, wrong={"where": row.id, "form": form})
    row.points = form.points.data
    return changed(course, quiz, _("The points are changed, for attempts to come."), f"lesson-{row.id}")


@bp.post(f"{QUESTION}/copy")
@teachers_only
def copy_question(slug: str, question_id: int) -> Response:
    course, row = question_to_change(slug, question_id)
    home = places.home_of(course, row)
    made = authoring.copy_question(home, row, clock.now())
    said = _("The question is duplicated.")
    if isinstance(home, Quiz):
        return changed(course, home, said, f"lesson-{made.id}")
    flash(said, "success")
    return web.redirect_to("studio.question", slug=slug, question_id=made.id)


@bp.post(f"{QUESTION}/bank")
@teachers_only
def keep_in_bank(slug: str, question_id: int) -> Response:
    """A copy of a quiz's question into the bank; draws of this quiz leave it out."""
    course, row = question_to_change(slug, question_id)
    quiz = found(places.quiz_of(course, row.quiz_id or 0))
    bank.keep(course, row, clock.now())
    return changed(course, quiz, _("A copy of the question is in the bank."), f"lesson-{row.id}")


@bp.post(f"{QUESTION}/removal")
@teachers_only
def remove_question(slug: str, question_id: int) -> Response:
    course, row = question_to_change(slug, question_id)
    home = places.home_of(course, row)
    authoring.remove_question(row, clock.now())
    said = _("The question is deleted. Attempts that asked it keep it.")
    if isinstance(home, Quiz):
        return changed(course, home, said, undo=row.id)
    flash(said, "success")
    return web.redirect_to("studio.bank", slug=slug, undo=row.id)


@bp.post(f"{QUESTION}/removal/end")
@teachers_only
def undo_question_removal(slug: str, question_id: int) -> Response:
    """Bring a deleted question back to its place."""
    course = course_to_change(slug, signed_in_viewer())
    row = found(places.question_of(course, question_id, removed=True))
    authoring.restore_question(row)
    home = places.home_of(course, row)
    if isinstance(home, Quiz):
        return changed(course, home, _("The question is back."), f"lesson-{row.id}")
    flash(_("The question is back."), "success")
    return back_to(course, home)
