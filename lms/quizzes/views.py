"""Pages of quizzes: the rules, the attempt, handing in, the result."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, request
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.core import clock, work
from lms.core.access import NOBODY, allow, found, signed_in, signed_in_viewer
from lms.core.web import redirect_to, render, wants_fragment
from lms.learning import queries as learning
from lms.learning.decisions import Decision
from lms.quizzes import actions, forms, presentation, queries, reviewing, rules, standing
from lms.quizzes.content import content_from_json
from lms.quizzes.doubts import doubt

bp = Blueprint("quizzes", __name__)

QUIZ = "/courses/<slug>/lessons/<lesson>/quizzes/<quiz>"
ATTEMPT = f"/attempts/<int(max={2**63 - 1}):attempt_id>"


@bp.get(QUIZ)
@signed_in
def show(slug: str, lesson: str, quiz: str) -> Response:
    """The rules of a quiz, and the viewer's attempts."""
    at = clock.now()
    shown = _quiz(slug, lesson, quiz)
    if _waits(shown):
        return redirect_to("courses.lesson", slug=slug, lesson=lesson)
    learner = NOBODY if _looks(slug) else signed_in_viewer().id
    attempts = queries.attempts_of(shown.id, learner)
    if any(actions.close_if_overdue(attempt, at, _grace()) for attempt in attempts):
        attempts = queries.attempts_of(shown.id, learner)
    return render(
        "quizzes/show.html",
        quiz=shown,
        attempts=[attempt for attempt in attempts if attempt.state != "open"],
        open_attempt=next((attempt for attempt in attempts if attempt.state == "open"), None),
        terms=rules.Terms.of(shown),
        left=rules.attempts_left(rules.Terms.of(shown).max_attempts, len(attempts)),
        counts=standing.of(shown, attempts),
        refusal=_refusal(shown, len(attempts), at),
        at=at,
        **_shown(shown, at),
    )


@bp.post(f"{QUIZ}/attempts")
@signed_in
def start(slug: str, lesson: str, quiz: str) -> Response:
    """Begin an attempt, or go on with the open one."""
    shown = _quiz(slug, lesson, quiz)
    allow(shown.enrollment_id is not None)
    if _waits(shown):
        return redirect_to("courses.lesson", slug=slug, lesson=lesson)
    started = actions.start(shown, signed_in_viewer().id, clock.now(), _grace())
    if started.attempt_id is None:
        return redirect_to("quizzes.show", slug=slug, lesson=lesson, quiz=quiz)
    return redirect_to("quizzes.attempt", attempt_id=started.attempt_id)


@bp.get(ATTEMPT)
@signed_in
def attempt(attempt_id: int) -> Response:
    """The questions of an open attempt."""
    at = clock.now()
    shown = _attempt(attempt_id)
    if shown.state != "open" or actions.close_if_overdue(shown, at, _grace()):
        return redirect_to("quizzes.result", attempt_id=attempt_id)
    questions = presentation.questions_of(queries.slots(attempt_id), shown.course_slug)
    return _attempt_page(shown, questions, at, _question_number())


@bp.post(f"{ATTEMPT}/answers/<int(max=999):slot>")
@signed_in
def save(attempt_id: int, slot: int) -> Response:
    """Keep one answer; the browser asks again until it has heard of it."""
    person, at = signed_in_viewer(), clock.now()
    content = content_from_json(found(queries.content_of_slot(attempt_id, slot, person.id)))
    sent = forms.read_answer(content, request.form)
    if sent.problem:
        return _saved(422, slot, at, problem=sent.problem)
    saved = actions.save(attempt_id, slot, person.id, sent.response, sent.seq, at, _grace())
    if saved.outcome == "closed":
        return _saved(409, slot, at, saved, problem=_("This attempt has been handed in."))
    return _saved(200, slot, at, saved, hint=doubt(content, sent.response))


@bp.post(f"{ATTEMPT}/answers/flag<int(max=999):slot>")
@signed_in
def flag(attempt_id: int, slot: int) -> Response:
    """Mark a question to look at it again, or take the mark back; sent by the page like an answer."""
    at = clock.now()
    outcome = actions.flag(
        attempt_id, slot, signed_in_viewer().id, is_on=bool(request.form.get("on")), at=at, grace=_grace()
    )
    found(None if outcome == "not_found" else outcome)
    if outcome == "closed":
        return _saved(409, slot, at, problem=_("This attempt has been handed in."))
    seq = request.form.get("seq", "")
    kept = actions.Saved("saved", int(seq) if seq.isdecimal() and len(seq) < 17 else 0, at)
    return _saved(200, slot, at, kept)


@bp.post(f"{ATTEMPT}/submission")
@signed_in
def submit(attempt_id: int) -> Response:
    """Save what a plain form carries, then go where its button leads; without a button hand in."""
    person, at, then = signed_in_viewer(), clock.now(), request.form.get("then", "finish")
    shown = _attempt(attempt_id)
    if shown.state != "open" or actions.close_if_overdue(shown, at, _grace()):
        return redirect_to("quizzes.result", attempt_id=attempt_id)
    rows = queries.slots(attempt_id)
    sent = forms.read_page(((row.slot, content_from_json(row.content)) for row in rows), request.form)
    overtaken = actions.save_page(attempt_id, person.id, sent.answers, at, _grace(), sent.flags)
    is_over = shown.deadline_at is not None and at >= shown.deadline_at
    if sent.problems and not is_over:
        return _refused_page(shown, sent, at)
    if then == "over" and not is_over:
        # A page that had not heard of more time handed in by itself; what it carried is saved.
        return redirect_to("quizzes.attempt", attempt_id=attempt_id)
    if then == "finish" or is_over:
        actions.close(attempt_id, at, "deadline" if is_over else "learner")
        return redirect_to("quizzes.result", attempt_id=attempt_id)
    if overtaken:
        flash(_overtaken(overtaken), "warning")
    if then == "review":
        return redirect_to("quizzes.review", attempt_id=attempt_id)
    if then == "save" and not overtaken:
        flash(_("Saved %(time)s", time=format_time(at, "HH:mm:ss")), "success")
    return redirect_to("quizzes.attempt", attempt_id=attempt_id, **_target(then))


@bp.get(f"{ATTEMPT}/submission")
@signed_in
def review(attempt_id: int) -> Response:
    """The last look before handing in: what is answered and what is not."""
    at = clock.now()
    shown = _attempt(attempt_id)
    if shown.state != "open" or actions.close_if_overdue(shown, at, _grace()):
        return redirect_to("quizzes.result", attempt_id=attempt_id)
    questions = presentation.questions_of(queries.slots(attempt_id), shown.course_slug)
    asked = [question for question in questions if question.kind != "description"]
    return render("quizzes/review.html", attempt=shown, questions=asked, **_time_left(shown, at))


@bp.get(f"{ATTEMPT}/result")
@signed_in
def result(attempt_id: int) -> Response:
    """Score, answers, explanations and receipt of a closed attempt."""
    at, person = clock.now(), signed_in_viewer()
    shown = _attempt(attempt_id)
    if shown.state == "open":
        if not actions.close_if_overdue(shown, at, _grace()):
            return redirect_to("quizzes.attempt", attempt_id=attempt_id)
        shown = _attempt(attempt_id)
    attempts = queries.attempts_of(shown.quiz_id, person.id)
    reveal = _shown(shown, at)["reveal"]
    rows = queries.slots_with_keys(attempt_id)
    return render(
        "quizzes/result.html",
        attempt=shown,
        questions=reviewing.reviewed(rows, shown.course_slug, reveal=reveal),
        kept={row.slot for row in rows if row.kept},
        can_retry=shown.is_asked_for and shown.is_course_open and _refusal(shown, len(attempts), at) is None,
        counts=standing.of(shown, attempts),
        open_attempt=next((other for other in attempts if other.state == "open"), None),
        **_shown(shown, at),
    )


def _quiz(slug: str, lesson: str, quiz: str) -> Row[Any]:
    person = signed_in_viewer()
    return found(
        queries.quiz_for(slug, lesson, quiz, user_id=person.id, is_admin=person.is_admin, looks=_looks(slug))
    )


def _looks(slug: str) -> bool:
    """Whether its staff look at the course as a learner would."""
    return signed_in_viewer().looks_at == slug


def _waits(quiz: Row[Any]) -> bool:
    """Whether the quiz's lesson is not open to its learner yet; the lesson's own page says why."""
    if not quiz.has_release:
        return False
    return found(learning.reading(quiz.course_slug, quiz.lesson_slug, signed_in_viewer())).hold is not None


def _attempt(attempt_id: int) -> Row[Any]:
    return found(queries.attempt_of(attempt_id, signed_in_viewer().id))


def _grace() -> timedelta:
    return timedelta(seconds=current_app.config["LECTERN"].answer_grace_seconds)


def _shown(quiz: Row[Any], at: datetime) -> dict[str, Any]:
    """Whether right answers, and the score, may be seen by who has handed in; and what a person decided."""
    return {
        "decision": Decision.of(quiz.decided),
        "reveal": rules.is_shown(quiz.reveal, quiz.closed_at, _grace(), at),
        "shows_score": rules.is_shown(quiz.reveal_score, quiz.closed_at, _grace(), at),
    }


def _refusal(quiz: Row[Any], used: int, at: datetime) -> rules.Refusal | None:
    terms = rules.Terms.of(quiz)
    return rules.why_not_start(
        is_enrolled=quiz.is_learner,
        questions=quiz.questions,
        max_attempts=terms.max_attempts,
        used=used,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        is_published=quiz.is_published,
        at=at,
    )


def _question_number() -> int:
    asked = request.args.get("question", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1


def _overtaken(answers: int) -> str:
    said: str = ngettext(
        "%(num)s answer was changed in another window since; that one is kept. Please look at it again.",
        "%(num)s answers were changed in another window since; those are kept. Please look at them again.",
        answers,
    )
    return said


def _target(then: str) -> dict[str, str]:
    """Where the button of a question's number leads."""
    return {"question": then, "_anchor": f"question-{then}"} if then.isdecimal() else {}


def _time_left(attempt: Row[Any], at: datetime) -> dict[str, Any]:
    left = max((attempt.deadline_at - at).total_seconds(), 0) if attempt.deadline_at else None
    return {"at": at, "seconds_left": left}


def _attempt_page(
    attempt: Row[Any], questions: list[presentation.Question], at: datetime, number: int, status: int = 200
) -> Response:
    shown = presentation.page_of(questions, number) if attempt.one_per_page else questions
    return render(
        "quizzes/attempt.html",
        status=status,
        attempt=attempt,
        questions=questions,
        shown=shown,
        current=max((question.number for question in shown), default=1) if attempt.one_per_page else None,
        total=max((question.number for question in questions), default=0),
        user_id=signed_in_viewer().id,
        **_time_left(attempt, at),
    )


def _refused_page(attempt: Row[Any], sent: forms.SentPage, at: datetime) -> Response:
    """The page again with what could not be taken; the other answers stay saved."""
    work.keep()
    attempt = _attempt(attempt.id)
    questions = presentation.with_problems(
        presentation.questions_of(queries.slots(attempt.id), attempt.course_slug), sent.problems, sent.typed
    )
    first = next(question.number for question in questions if question.problem)
    return _attempt_page(attempt, questions, at, first, 422)


def _saved(
    status: int,
    slot: int,
    at: datetime,
    saved: actions.Saved | None = None,
    *,
    problem: str = "",
    hint: str = "",
) -> Response:
    """The acknowledgement: JSON for the page's script, a fragment for htmx, the page for a plain form."""
    if "application/json" in request.headers.get("Accept", ""):
        body: dict[str, Any] = {"server_now": at.isoformat(), "message": problem or hint}
        if saved:
            body |= {
                "outcome": saved.outcome,
                "seq": saved.seq,
                "saved_at": saved.saved_at and saved.saved_at.isoformat(),
                "deadline": saved.deadline_at and saved.deadline_at.isoformat(),
            }
        response = jsonify(body)
        response.status_code = status
        return response
    if status == 200 and not wants_fragment():
        return redirect_to("quizzes.attempt", attempt_id=request.view_args["attempt_id"])  # type: ignore[index]
    saved_at = saved.saved_at if saved else None
    return render(
        "quizzes/_saved.html", status=status, slot=slot, saved_at=saved_at, problem=problem, hint=hint
    )
