"""Sittings for those who teach: every attempt at a quiz with its receipt, and what single learners were given."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.core import clock, csv_file, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.paging import Page, page_number
from lms.quizzes import (
    accommodations,
    corrections,
    queries,
    regrading,
    reviewing,
    setting_aside,
    staff_queries,
)
from lms.quizzes.plain_words import question_words
from lms.quizzes.staff_forms import AccommodationForm

bp = Blueprint("sittings", __name__)

QUIZ = f"/teaching/<slug>/quizzes/<int(max={2**63 - 1}):quiz_id>"
SITTING = f"{QUIZ}/attempts/<int(max={2**63 - 1}):attempt_id>"
LEARNER = f"{QUIZ}/accommodations/<int(max={2**63 - 1}):user_id>"
PREVIEWED = 100
"""Attempts on a page of the preview."""


def quiz_to_show(slug: str, quiz_id: int) -> Row[Any]:
    """The quiz; 404 for who does not teach it."""
    person = signed_in_viewer()
    return found(staff_queries.quiz_for_staff(slug, quiz_id, user_id=person.id, is_admin=person.is_admin))


@bp.get(f"{QUIZ}/attempts")
@teachers_only
def index(slug: str, quiz_id: int) -> Response:
    """All attempts, by state and by learner."""
    quiz = quiz_to_show(slug, quiz_id)
    q, state = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    state = state if state in staff_queries.STATES else ""
    return web.render(
        "quizzes/staff/attempts.html",
        quiz=quiz,
        page=staff_queries.attempts(quiz.id, q, state, page_number(request.args.get("page"))),
        q=q,
        state=state,
        outdated=regrading.outdated_attempts(quiz.id),
    )


@bp.get(f"{QUIZ}/attempts.csv")
@teachers_only
def download(slug: str, quiz_id: int) -> Response:
    """All attempts as a file; times in UTC."""
    quiz = quiz_to_show(slug, quiz_id)
    heads = [
        _("Learner"), _("Email address"), _("Attempt"), _("State"), _("Started"), _("Deadline"), _("Handed in"),
        _("Closed by"), _("Answers"), _("Points"), _("Possible"), _("Percent"), _("Passed"),
    ]  # fmt: skip
    return csv_file.answer(f"{quiz.slug}-attempts.csv", heads, _lines(quiz.id))


def _lines(quiz_id: int) -> Iterator[list[object]]:
    for row in staff_queries.all_attempts(quiz_id):
        moments = [at and at.isoformat(timespec="seconds") for at in (row.started_at, row.deadline_at)]
        end = row.submitted_at and row.submitted_at.isoformat(timespec="seconds")
        grade = [row.score, row.points, row.percent, row.passed]
        yield [row.name, row.email, row.number, row.state, *moments, end, row.closed_by, row.answered, *grade]


@bp.get(SITTING)
@teachers_only
def show(slug: str, quiz_id: int, attempt_id: int) -> Response:
    """The receipt of one attempt: what was received, when, and how it was graded. Under way: without grades."""
    quiz = quiz_to_show(slug, quiz_id)
    attempt = found(staff_queries.attempt(quiz.id, attempt_id))
    rows = queries.slots_with_keys(attempt_id)
    return web.render(
        "quizzes/staff/attempt.html",
        quiz=quiz,
        attempt=attempt,
        items=list(zip(reviewing.reviewed(rows, quiz.course_slug, reveal=False), rows, strict=True)),
        title_of=lambda row: question_words(row.content),
        is_late=staff_queries.is_late,
        changes=regrading.changes_of(attempt_id),
    )


@bp.get(f"{QUIZ}/accommodations")
@teachers_only
def accommodation_list(slug: str, quiz_id: int) -> Response:
    """What was given to whom, and a search for the learner to give something to."""
    quiz, q = quiz_to_show(slug, quiz_id), request.args.get("q", "").strip()[:200]
    return web.render(
        "quizzes/staff/accommodations.html",
        quiz=quiz,
        given=staff_queries.accommodations(quiz.id, page_number(request.args.get("page"))),
        q=q,
        learners=staff_queries.learners(quiz, q) if q else [],
    )


@bp.get(LEARNER)
@teachers_only
def accommodation(slug: str, quiz_id: int, user_id: int) -> Response:
    """What one learner gets beyond the rules."""
    quiz = quiz_to_show(slug, quiz_id)
    return _accommodation_page(quiz, user_id)


@bp.post(LEARNER)
@teachers_only
def give(slug: str, quiz_id: int, user_id: int) -> Response:
    """Give it or change it; an attempt under way gets its new deadline at once."""
    quiz, person = quiz_to_show(slug, quiz_id), signed_in_viewer()
    learner = found(staff_queries.learner(quiz, user_id))
    form = AccommodationForm.of(None, quiz.ends_at)
    if not form.validate_on_submit():
        return _accommodation_page(quiz, user_id, form, 422)
    accommodations.give(quiz.id, user_id, form.grant, form.reason.data, person.id, clock.now())
    flash(
        _("Saved. It holds for %(name)s from now on, also in an attempt under way.", name=learner.name),
        "success",
    )
    return web.redirect_to("sittings.accommodation_list", slug=slug, quiz_id=quiz_id)


@bp.post(f"{LEARNER}/removal")
@teachers_only
def take_back(slug: str, quiz_id: int, user_id: int) -> Response:
    """Take it back: the rules of the quiz hold again."""
    quiz = quiz_to_show(slug, quiz_id)
    found(accommodations.remove(quiz.id, user_id, clock.now()) or None)
    flash(_("Taken back. The rules of the quiz hold again."), "success")
    return web.redirect_to("sittings.accommodation_list", slug=slug, quiz_id=quiz_id)


def _accommodation_page(
    quiz: Row[Any], user_id: int, form: AccommodationForm | None = None, status: int = 200
) -> Response:
    given = staff_queries.accommodation(quiz.id, user_id)
    return web.render(
        "quizzes/staff/accommodation.html",
        status=status,
        quiz=quiz,
        learner=found(staff_queries.learner(quiz, user_id)),
        given=given,
        form=form or AccommodationForm.of(given, quiz.ends_at),
        at=clock.now(),
        under_way=staff_queries.open_attempt(quiz.id, user_id),
    )


@bp.get(f"{QUIZ}/regrade")
@teachers_only
def regrade(slug: str, quiz_id: int) -> Response:
    """What grading again by what holds now would change, for every learner; and the regrades there were."""
    return _regrade_page(quiz_to_show(slug, quiz_id))


@bp.post(f"{QUIZ}/regrade")
@teachers_only
def apply_regrade(slug: str, quiz_id: int) -> Response:
    """Apply what was looked at, as one step."""
    quiz, person = quiz_to_show(slug, quiz_id), signed_in_viewer()
    done = regrading.apply(quiz.id, _rule(request.form), request.form.get("seen", ""), person.id, clock.now())
    if done.refusal == "changed":
        return _regrade_page(quiz, 422)
    if done.refusal == "nothing":
        flash(_("There is nothing to regrade: every attempt is graded by what holds now."), "info")
    else:
        flash(_("Regraded. The learners whose result changed are told."), "success")
    return web.redirect_to("sittings.regrade", slug=slug, quiz_id=quiz_id)


@bp.post(f"{QUIZ}/regrades/<int(max={2**63 - 1}):regrade_id>/undo")
@teachers_only
def undo_regrade(slug: str, quiz_id: int, regrade_id: int) -> Response:
    """Take the last regrade back, as one step."""
    quiz, person = quiz_to_show(slug, quiz_id), signed_in_viewer()
    found(next((row for row in regrading.history(quiz.id) if row.id == regrade_id), None))
    if regrading.undo(quiz.id, regrade_id, person.id, clock.now()):
        flash(_("Undone. Every attempt is graded as it was before."), "success")
    else:
        flash(_("Only the last regrade that stands can be undone."), "warning")
    return web.redirect_to("sittings.regrade", slug=slug, quiz_id=quiz_id)


def _rule(sent: Any) -> corrections.Rule:
    return "all" if sent.get("rule") == "all" else "raise"


def _regrade_page(quiz: Row[Any], status: int = 200) -> Response:
    rule = _rule(request.values)
    outdated = regrading.outdated(quiz.id)
    changes = corrections.preview(outdated, rule)
    changed = [change for change in changes if change.is_changed]
    number = page_number(request.args.get("page"))
    return web.render(
        "quizzes/staff/regrade.html",
        status=status,
        quiz=quiz,
        rule=rule,
        corrected=outdated.usable,
        revalued=corrections.by_question(outdated.worths),
        unfit=[each for each in outdated.keys if not each.fits],
        aside=setting_aside.standing(quiz.id),
        words_of=question_words,
        changed=Page(changed[(number - 1) * PREVIEWED : number * PREVIEWED], number, len(changed), PREVIEWED),
        total=len(changes),
        seen=corrections.fingerprint(changes),
        history=regrading.history(quiz.id),
        has_changed=status == 422,
    )
