"""Setting questions aside, for those who teach: which, how they count then, and why."""

import re
from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.quizzes import setting_aside
from lms.quizzes.plain_words import question_words
from lms.quizzes.setting_aside import Decision
from lms.quizzes.staff_forms import SetAsideForm
from lms.quizzes.staff_views import QUIZ, quiz_to_show

bp = Blueprint("asides", __name__)

QUESTION = f"{QUIZ}/set-aside/<int(max={2**63 - 1}):question_id>"


@bp.get(f"{QUIZ}/set-aside")
@teachers_only
def index(slug: str, quiz_id: int) -> Response:
    """Every question that was asked, to choose one."""
    quiz = quiz_to_show(slug, quiz_id)
    asked = setting_aside.asked(quiz.id)
    return web.render("quizzes/staff/set_aside_list.html", quiz=quiz, asked=asked, words_of=question_words)


@bp.get(QUESTION)
@teachers_only
def show(slug: str, quiz_id: int, question_id: int) -> Response:
    """One question, how it counts, and what else could be decided."""
    quiz = quiz_to_show(slug, quiz_id)
    return _page(quiz, found(setting_aside.question(quiz.id, question_id)))


@bp.post(QUESTION)
@teachers_only
def decide(slug: str, quiz_id: int, question_id: int) -> Response:
    """Set it aside; what that changes for attempts that are over is looked at next."""
    quiz, person = quiz_to_show(slug, quiz_id), signed_in_viewer()
    question = found(setting_aside.question(quiz.id, question_id))
    form = SetAsideForm()
    if not form.validate_on_submit():
        return _page(quiz, question, form, 422)
    version = found(_version(quiz.id, question_id))[0]
    decision = Decision(question_id, form.how.data, form.reason.data, version)
    setting_aside.decide(quiz.id, decision, person.id, clock.now())
    flash(
        _("Set aside. Attempts that are over follow when you regrade them: look at what it changes."),
        "success",
    )
    return web.redirect_to("sittings.regrade", slug=slug, quiz_id=quiz_id)


@bp.post(f"{QUESTION}/removal")
@teachers_only
def take_back(slug: str, quiz_id: int, question_id: int) -> Response:
    """Let it count again as it is answered."""
    quiz = quiz_to_show(slug, quiz_id)
    version = found(_version(quiz.id, question_id))[0]
    found(setting_aside.take_back(quiz.id, question_id, version, clock.now()) or None)
    flash(_("The question counts again. Attempts that are over follow when you regrade them."), "success")
    return web.redirect_to("sittings.regrade", slug=slug, quiz_id=quiz_id)


def _version(quiz_id: int, question_id: int) -> tuple[int | None] | None:
    """The version that the decision is about alone, (None,) for all; None when it is not of this question and quiz."""
    asked = request.values.get("version", "")
    if not asked:
        return (None,)
    if re.fullmatch(r"\d{1,18}", asked) and setting_aside.saw(quiz_id, question_id, int(asked)):
        return (int(asked),)
    return None


def _page(
    quiz: Row[Any], question: Row[Any], form: SetAsideForm | None = None, status: int = 200
) -> Response:
    version = found(_version(quiz.id, question.question_id))[0]
    standing = setting_aside.find(quiz.id, question.question_id, version)
    return web.render(
        "quizzes/staff/set_aside.html",
        status=status,
        quiz=quiz,
        question=question,
        words=question_words(question.content),
        version=version,
        standing=standing,
        form=form or SetAsideForm(obj=standing),
    )
