"""Questions in and out as files, each with its report."""

import re

from flask import Blueprint, Response, current_app, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.phrases import in_words
from lms.courses import library
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.interop import question_files
from lms.interop.forms import QuestionsForm
from lms.interop.question_files import Found
from lms.quizzes.authoring import places
from lms.quizzes.authoring.questions import Home
from lms.quizzes.models import Quiz

bp = Blueprint("question_files", __name__)

COURSE = "/teaching/<slug>"
MOST_SAID = 8
"""Items that are named one by one after an import; looking at the file first names them all."""
QUIZ = f"{COURSE}/quizzes/<int(max={2**63 - 1}):quiz_id>"


def _limits() -> library.Limits:
    settings = current_app.config["LECTERN"]
    return library.Limits(settings.upload_limit, settings.course_quota)


def _course(slug: str) -> Course:
    return found(courses.course_to_change(slug, signed_in_viewer()))


def _home(course: Course) -> Home:
    typed = request.args.get("quiz", "")
    number = int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None
    home: Home = found(question_files.home_of(course, number))  # type: ignore[assignment]
    return home


@bp.route(f"{COURSE}/questions/import", methods=["GET", "POST"])
@teachers_only
def load(slug: str) -> Response:
    """Read a file or what was pasted; look at what comes of it first, or take it at once."""
    course = _course(slug)
    home, form = _home(course), QuestionsForm()
    if not form.validate_on_submit():
        return _page(course, home, form, status=422 if form.is_submitted() else 200)
    read = question_files.read(form.data_given())
    form.text.data = read.text
    if request.form.get("do") != "take":
        return _page(course, home, form, read)
    if not read.questions:
        form.text.errors = [_("There is no question in it that can be taken.")]
        return _page(course, home, form, read, 422)
    at = clock.now()
    questions, lost = question_files.keep_files(course, read, _limits(), at)
    made = question_files.take(home, questions, signed_in_viewer().id, at)
    said = [ngettext("%(num)s question is added.", "%(num)s questions are added.", len(made))]
    if read.refused:
        said.append(ngettext("%(num)s item was not taken.", "%(num)s items were not taken.", read.refused))
    if lost:
        said.append(_("Files that a course can’t carry were left out: %(names)s.", names=", ".join(lost)))
    flash(" ".join(said), "warning" if lost or read.refused else "success")
    _say_problems(read)
    if isinstance(home, Quiz):
        return web.redirect_to("studio.quiz", slug=slug, quiz_id=home.id)
    return web.redirect_to("studio.bank", slug=slug)


def _say_problems(read: Found) -> None:
    """Which items were not taken, or are to be looked at, on the page that shows the others."""
    for problem in read.problems[:MOST_SAID]:
        where = {"line": problem.line, "why": in_words(problem.reason), "item": problem.text}
        if problem.severity == "error":
            flash(_("Not taken, line %(line)s: %(why)s (%(item)s)", **where), "warning")
        else:
            flash(_("To look at, line %(line)s: %(why)s (%(item)s)", **where), "info")
    more = len(read.problems) - MOST_SAID
    if more > 0:
        flash(ngettext("%(num)s more like these.", "%(num)s more like these.", more), "warning")


def _page(
    course: Course, home: Home, form: QuestionsForm, read: Found | None = None, status: int = 200
) -> Response:
    return web.render(
        "interop/questions.html",
        status=status,
        course=course,
        quiz=home if isinstance(home, Quiz) else None,
        form=form,
        read=read,
    )


@bp.get(f"{QUIZ}/questions.gift")
@teachers_only
def quiz_gift(slug: str, quiz_id: int) -> Response:
    """The questions of a quiz as GIFT."""
    course = _course(slug)
    quiz = found(places.quiz_of(course, quiz_id))
    return _file(quiz, quiz.slug)


@bp.get(f"{COURSE}/bank/questions.gift")
@teachers_only
def bank_gift(slug: str) -> Response:
    """The question bank of the course as GIFT."""
    course = _course(slug)
    return _file(course, f"{course.slug}-bank")


@bp.get(f"{QUIZ}/questions.xml")
@teachers_only
def quiz_xml(slug: str, quiz_id: int) -> Response:
    """The questions of a quiz as Moodle XML, whatever their kind."""
    quiz = found(places.quiz_of(_course(slug), quiz_id))
    return _sent(question_files.as_xml(quiz), "application/xml", f"{quiz.slug}.xml")


@bp.get(f"{COURSE}/bank/questions.xml")
@teachers_only
def bank_xml(slug: str) -> Response:
    """The question bank of the course as Moodle XML."""
    course = _course(slug)
    return _sent(question_files.as_xml(course), "application/xml", f"{course.slug}-bank.xml")


def _file(home: Home, name: str) -> Response:
    return _sent(question_files.as_gift(home).encode(), "text/plain; charset=utf-8", f"{name}.gift")


def _sent(data: bytes, kind: str, name: str) -> Response:
    return Response(
        data,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-cache",
        },
    )
