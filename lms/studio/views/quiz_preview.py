"""A quiz as its learners see it, for its authors: answered and graded, and nothing of it is kept."""

import secrets
from types import SimpleNamespace
from typing import Any

from flask import Response, request

from lms.core import web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses.models import Course
from lms.quizzes import forms, presentation, reviewing
from lms.quizzes.authoring import places
from lms.quizzes.content import content_from_json
from lms.quizzes.models import Quiz
from lms.studio import sample
from lms.studio.views.blueprint import bp, course_to_show
from lms.studio.views.quizzes import QUIZ

LONGEST_SEED = 40


@bp.route(f"{QUIZ}/preview", methods=["GET", "POST"])
@teachers_only
def preview_quiz(slug: str, quiz_id: int) -> Response:
    """The questions as one attempt would draw and shuffle them; posted, the result."""
    course = course_to_show(slug, signed_in_viewer())
    quiz = found(places.quiz_of(course, quiz_id))
    seed = request.values.get("seed", "")[:LONGEST_SEED] or secrets.token_urlsafe(8)
    slots = sample.slots(quiz, seed)
    facts: dict[str, Any] = {"course": course, "quiz": quiz, "seed": seed, "attempt": _attempt(course, quiz)}
    if request.method == "GET":
        return _questions(presentation.questions_of(slots, course.slug), facts)
    sent = forms.read_page(((slot.slot, content_from_json(slot.content)) for slot in slots), request.form)
    answers = {slot: given for slot, (given, _seq) in sent.answers.items()}
    answered, outcome = sample.answered(slots, answers, quiz.passing_percent)
    if sent.problems:
        shown = presentation.questions_of(answered, course.slug)
        return _questions(presentation.with_problems(shown, sent.problems, sent.typed), facts, 422)
    reviewed = reviewing.reviewed(answered, course.slug, reveal=True)
    return web.render(
        "studio/quizzes/preview_result.html", questions=reviewed, outcome=outcome, reveal=True, **facts
    )


def _questions(questions: list[presentation.Question], facts: dict[str, Any], status: int = 200) -> Response:
    total = max((question.number for question in questions), default=0)
    return web.render("studio/quizzes/preview.html", status=status, questions=questions, total=total, **facts)


def _attempt(course: Course, quiz: Quiz) -> SimpleNamespace:
    """What the learner's templates ask an attempt for."""
    return SimpleNamespace(language=course.language, title=quiz.title, passing_percent=quiz.passing_percent)
