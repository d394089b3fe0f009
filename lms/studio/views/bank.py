"""The question bank of a course: found by tag, kind and words, and taken into quizzes."""

import re
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.courses.models import Course
from lms.quizzes.authoring import bank as authoring
from lms.quizzes.authoring import places
from lms.quizzes.authoring.bank import Filter
from lms.studio import queries, quiz_lines
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show


@bp.get(f"{COURSE}/bank")
@teachers_only
def bank(slug: str) -> Response:
    """The questions, 20 a page; with `quiz` they are chosen for that quiz."""
    person = signed_in_viewer()
    course = course_to_show(slug, person)
    wanted = Filter(_argument("tag"), _argument("kind"), " ".join(_argument("q").split()))
    number = _number("quiz")
    quiz = places.quiz_of(course, number) if number else None
    undo = _number("undo")
    return _page(course, wanted, quiz=quiz, undo=undo)


def _page(course: Course, wanted: Filter, **facts: Any) -> Response:
    page = authoring.page(course, wanted, page_number(request.args.get("page")))
    return web.render(
        "studio/bank/index.html",
        fragment="studio/bank/_questions.html",
        course=course,
        wanted=wanted,
        page=page,
        lines=quiz_lines.lines(page.items),
        tags=authoring.tags(course),
        kinds=quiz_lines.kind_names(),
        quizzes=queries.quizzes_of_course(course.id),
        **facts,
    )


def _argument(name: str) -> str:
    return request.args.get(name, "").strip()[:200].replace("\x00", "")


def _number(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None


@bp.post(f"{COURSE}/bank/use")
@teachers_only
def use_questions(slug: str) -> Response:
    """Copies of the chosen questions into a quiz."""
    course = course_to_change(slug, signed_in_viewer())
    chosen = [int(id) for id in request.form.getlist("question") if re.fullmatch(r"\d{1,18}", id, re.ASCII)]
    typed = request.form.get("quiz", "")
    number = int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None
    if not number:
        flash(_("Choose a quiz for the questions."), "danger")
        return web.redirect_to("studio.bank", slug=slug)
    quiz = found(places.quiz_of(course, number))
    made = authoring.use(course, quiz, chosen, clock.now())
    if not made:
        flash(_("Tick the questions that you want in the quiz."), "danger")
        return web.redirect_to("studio.bank", slug=slug, quiz=quiz.id)
    said = ngettext("%(num)s question is added.", "%(num)s questions are added.", len(made))
    flash(said, "success")
    return web.redirect_to("studio.quiz", slug=slug, quiz_id=quiz.id, _anchor=f"lesson-{made[0].id}")
