"""A quiz in the studio: made, set, filled with questions, moved, deleted and brought back."""

import re
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses import editing
from lms.courses.models import Course, Lesson
from lms.quizzes import draws, regrading, setting_aside
from lms.quizzes.authoring import places
from lms.quizzes.authoring import quizzes as authoring
from lms.quizzes.models import Quiz
from lms.studio import queries, quiz_lines
from lms.studio.forms import TitleForm
from lms.studio.quiz_forms import DrawForm, PointsForm, QuizForm, tag_list
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show
from lms.studio.views.courses import workbench

LESSON = f"{COURSE}/lessons/<lesson>"
QUIZ = f"{COURSE}/quizzes/<int(max={2**63 - 1}):quiz_id>"


def quiz_to_change(slug: str, quiz_id: int) -> tuple[Course, Quiz]:
    """The course, locked, and its quiz; 404 for who does not teach it."""
    course = course_to_change(slug, signed_in_viewer())
    return course, found(places.quiz_of(course, quiz_id))


@bp.post(f"{LESSON}/quizzes")
@teachers_only
def add_quiz(slug: str, lesson: str) -> Response:
    """A new quiz, to be filled."""
    person, form = signed_in_viewer(), TitleForm()
    course = course_to_change(slug, person)
    row = found(editing.lesson_of(course, lesson))
    if not form.validate_on_submit():
        return workbench(course, person, status=422, wrong={"where": f"add-quiz-{row.id}", "form": form})
    quiz = authoring.add_quiz(course, row, form.title.data, clock.now())
    said = _("The quiz “%(title)s” is here. Add its first question.", title=quiz.title)
    then = (
        _("Learners see it once it has one.")
        if quiz.is_published
        else _("Learners don’t see it until you show it.")
    )
    flash(f"{said} {then}", "success")
    return web.redirect_to("studio.quiz", slug=slug, quiz_id=quiz.id)


@bp.get(QUIZ)
@teachers_only
def quiz(slug: str, quiz_id: int) -> Response:
    """The questions, and what is wrong with them."""
    course = course_to_show(slug, signed_in_viewer())
    undo = request.args.get("undo", "")
    return quiz_page(
        course,
        found(places.quiz_of(course, quiz_id)),
        undo=int(undo) if re.fullmatch(r"\d{1,18}", undo) else None,
    )


def quiz_page(course: Course, quiz: Quiz, status: int = 200, **more: Any) -> Response:
    """The page, or its list alone for htmx. `more` overrides facts: a form with errors, a removal to undo."""
    lines = quiz_lines.lines(places.asked_in(quiz), setting_aside.set_aside(quiz.id))
    drawn = quiz_lines.draw_lines(places.draws_of(quiz), draws.missing([quiz.id]).get(quiz.id, {}))
    facts: dict[str, Any] = {
        "lesson": found(editing.lesson_by_id(course, quiz.lesson_id)),
        "lines": lines,
        "draws": drawn,
        "points": quiz_lines.points_in_all(lines, drawn),
        "kinds": quiz_lines.kind_names(),
        "draw_form": DrawForm(formdata=None),
        "outdated": regrading.outdated_attempts(quiz.id),
        "wrong": None,
        "undo": None,
        "said": None,
        "refusal": None,
    }
    return web.render(
        "studio/quizzes/show.html",
        fragment="studio/quizzes/_questions.html",
        status=status,
        course=course,
        quiz=quiz,
        **facts | more,
    )


def changed(course: Course, quiz: Quiz, said: str, anchor: str = "", undo: int | None = None) -> Response:
    """The list after a change: swapped by htmx, else led to, at the place that changed."""
    if web.wants_fragment():
        return quiz_page(course, quiz, said=said, undo=undo)
    flash(said, "success")
    values: dict[str, Any] = {"undo": undo} if undo else {}
    return web.redirect_to("studio.quiz", slug=course.slug, quiz_id=quiz.id, _anchor=anchor or None, **values)


@bp.get(f"{QUIZ}/settings")
@teachers_only
def show_quiz_settings(slug: str, quiz_id: int) -> Response:
    course = course_to_show(slug, signed_in_viewer())
    quiz = found(places.quiz_of(course, quiz_id))
    return _settings(course, quiz, QuizForm.of(quiz))


def _settings(course: Course, quiz: Quiz, form: QuizForm, status: int = 200) -> Response:
    return web.render(
        "studio/quizzes/settings.html",
        status=status,
        course=course,
        quiz=quiz,
        form=form,
        lesson=found(editing.lesson_by_id(course, quiz.lesson_id)),
        lessons=queries.lessons_by_module(course.id),
    )


@bp.post(f"{QUIZ}/settings")
@teachers_only
def change_quiz_settings(slug: str, quiz_id: int) -> Response:
    course, quiz = quiz_to_change(slug, quiz_id)
    form = QuizForm()
    form.closes_anyway = course.ends_at is not None
    if not form.validate_on_submit():
        return _settings(course, quiz, form, 422)
    authoring.change_quiz(course, quiz, form.values(), clock.now())
    flash(
        _("The settings are saved. More time and new closing dates reach attempts under way, too."), "success"
    )
    return web.redirect_to("studio.quiz", slug=slug, quiz_id=quiz_id)


@bp.post(f"{QUIZ}/visibility")
@teachers_only
def show_quiz(slug: str, quiz_id: int) -> Response:
    """Shown to learners, or hidden from them. What a hidden quiz held back, its learners complete themselves."""
    course, quiz = quiz_to_change(slug, quiz_id)
    shown = request.form.get("shown") == "yes"
    if not authoring.show_quiz(course, quiz, shown, clock.now()):
        refusal = _("This quiz can’t be shown yet: it asks nothing. Add its first question, then show it.")
        return quiz_page(course, quiz, 422, refusal=refusal)
    if shown:
        said = _("Learners see “%(title)s” now.", title=quiz.title)
    else:
        said = _("“%(title)s” is hidden from learners.", title=quiz.title)
        said += " " + _("Attempts and grades stay, and attempts under way may be finished.")
    flash(said, "success")
    return _came_from(course, quiz)


def _came_from(course: Course, quiz: Quiz) -> Response:
    """Back to the page whose button was pressed."""
    lesson = found(editing.lesson_by_id(course, quiz.lesson_id))
    match request.form.get("on"):
        case "outline":
            return web.redirect_to("studio.show", slug=course.slug, _anchor=f"lesson-{lesson.id}")
        case "lesson":
            return web.redirect_to("studio.edit", slug=course.slug, lesson=lesson.slug, _anchor="quizzes")
    return web.redirect_to("studio.quiz", slug=course.slug, quiz_id=quiz.id)


@bp.post(f"{QUIZ}/lesson")
@teachers_only
def move_quiz(slug: str, quiz_id: int) -> Response:
    """To another lesson of the course."""
    course, quiz = quiz_to_change(slug, quiz_id)
    lesson: Lesson = found(editing.lesson_of(course, request.form.get("lesson", "")))
    was_shown = quiz.is_published
    authoring.move_quiz(course, quiz, lesson, clock.now())
    said = _("“%(title)s” stands in “%(lesson)s” now.", title=quiz.title, lesson=lesson.title)
    if was_shown and not quiz.is_published:
        said += " " + _("Learners don’t see it until you show it.")
    flash(said, "success")
    return web.redirect_to("studio.quiz", slug=slug, quiz_id=quiz_id)


@bp.post(f"{QUIZ}/removal")
@teachers_only
def remove_quiz(slug: str, quiz_id: int) -> Response:
    """Take the quiz out; the workbench offers to undo it."""
    course, quiz = quiz_to_change(slug, quiz_id)
    authoring.remove_quiz(course, quiz, clock.now())
    flash(_("Quiz “%(title)s” is deleted.", title=quiz.title), "success")
    return web.redirect(url_for("studio.show", slug=slug, undo=f"quiz-{quiz.id}"))


@bp.post(f"{QUIZ}/draws")
@teachers_only
def add_draw(slug: str, quiz_id: int) -> Response:
    """Let questions be drawn from the bank for each attempt."""
    course, quiz = quiz_to_change(slug, quiz_id)
    form = DrawForm()
    if not form.validate_on_submit():
        return quiz_page(course, quiz, 422, draw_form=form)
    authoring.add_draw(quiz, form.count.data, tag_list(form.tags.data), form.points.data)
    return changed(course, quiz, _("Each attempt draws these questions from the bank now."), "draws")


@bp.post(f"{QUIZ}/draws/<int(max={2**63 - 1}):draw_id>/points")
@teachers_only
def set_draw_points(slug: str, quiz_id: int, draw_id: int) -> Response:
    """How much each question is worth that is drawn so."""
    course, quiz = quiz_to_change(slug, quiz_id)
    draw = found(next((draw for draw in places.draws_of(quiz) if draw.id == draw_id), None))
    form = PointsForm()
    if not form.validate_on_submit():
        return quiz_page(course, quiz, 422, wrong={"where": f"draw-{draw.id}", "form": form})
    draw.points = form.points.data
    return changed(course, quiz, _("The points are changed, for attempts to come."), "draws")


@bp.post(f"{QUIZ}/draws/<int(max={2**63 - 1}):draw_id>/removal")
@teachers_only
def remove_draw(slug: str, quiz_id: int, draw_id: int) -> Response:
    course, quiz = quiz_to_change(slug, quiz_id)
    found(authoring.remove_draw(quiz, draw_id) or None)
    return changed(course, quiz, _("The draw is deleted. Its questions stay in the bank."), "draws")
