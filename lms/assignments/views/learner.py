"""What learners see of an assignment: its brief, their work on it, and what was said about that."""

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, flash, jsonify, request
from flask_babel import gettext as _

from lms.assignments import attaching, queries, rubrics, rules, submitting
from lms.assignments.forms import WorkForm
from lms.assignments.models import Submission
from lms.assignments.reading import handed_in, unsent
from lms.assignments.submitting import Seen
from lms.assignments.views.blueprint import bp
from lms.assignments.words import file_words, outcome_words
from lms.core import access, clock, web
from lms.core import work as units
from lms.core.access import found, public, signed_in, signed_in_viewer
from lms.core.security import limiter
from lms.files.kinds import MEDIA_TYPES
from lms.learning import queries as learning
from lms.learning.decisions import Decision
from lms.learning.standing import Standing
from lms.learning.views import closed, reader_facts

LESSON = "/courses/<slug>/lessons/<lesson>"
WORK = f"{LESSON}/assignments/<assignment>"


@bp.get(f"{LESSON}/assignment", defaults={"assignment": "assignment"})
@bp.get(WORK)
@public
def show(slug: str, lesson: str, assignment: str) -> Response:
    """The brief of an assignment with its rubric, open to who may read its lesson; and a learner's own work."""
    person = access.viewer()
    reading = learning.reading(slug, lesson, person)
    if reading is None and person and (kept := queries.own_work_at(slug, lesson, assignment, person.id)):
        return web.redirect_to("assignments.own", submission_id=kept.submission_id)
    if not found(reading).may_read:
        return closed(found(reading))
    return _page(found(reading), assignment)


@bp.post(f"{WORK}/draft")
@limiter.limit("120 per minute")
@signed_in
def keep_draft(slug: str, lesson: str, assignment: str) -> Response:
    """Keep what was typed and chosen. The page sends it by itself while one writes; without scripts a button does."""
    reading, brief = place(slug, lesson, assignment)
    form, at = WorkForm(), clock.now()
    work, answer = _kept(reading, brief, form, at)
    if answer is not None:
        return answer
    if by_script():
        return jsonify(saved_at=at.isoformat(), seen=str(Seen(work.number, work.draft_seq)))
    flash(_("Your draft is saved. Nobody else sees it."), "success")
    return _back(slug, lesson, assignment, "work")


@bp.post(f"{WORK}/submission")
@limiter.limit("60 per minute")
@signed_in
def submit(slug: str, lesson: str, assignment: str) -> Response:
    """Hand in. The server's time counts; the same sent twice is one submission."""
    reading, brief = place(slug, lesson, assignment)
    form, at = WorkForm(), clock.now()
    work, answer = _kept(reading, brief, form, at)
    if answer is not None:
        return answer
    seen = Seen(Seen.of(form.seen.data or "").number, work.draft_seq)
    outcome = submitting.hand_in(work, rules.Terms.of(brief), form.words(), seen, at)
    if outcome != "submitted":
        units.keep()  # the draft with its files
        return refused(reading, assignment, form, outcome, str(Seen(work.number, work.draft_seq)))
    flash(_("Handed in. Your receipt is below."), "success")
    return _back(slug, lesson, assignment, "receipt")


def place(slug: str, lesson: str, assignment: str) -> tuple[Standing, Any]:
    """The lesson and the brief, for who learns there; others may look but not hand in."""
    reading = found(learning.reading(slug, lesson, signed_in_viewer()))
    if not reading.may_read or not reading.leaves_traces:
        abort(403)
    return reading, found(queries.brief(reading.row.lesson_id, assignment, signed_in_viewer().id))


def _kept(reading: Standing, brief: Any, form: WorkForm, at: datetime) -> tuple[Submission, Response | None]:
    """The work with its draft as the form has it, files included; and the answer, when something is in the way."""
    work = submitting.locked(brief.id, signed_in_viewer().id, reading.row.enrollment_id)
    if reading.ended_at:
        return work, refused(reading, brief.slug, form, "ended")
    if not form.validate_on_submit():
        return work, refused(reading, brief.slug, form)
    if brief.removed_at:
        return work, refused(reading, brief.slug, form, "removed")
    outcome = submitting.keep_draft(work, form.words(), Seen.of(form.seen.data or ""), at)
    seen = str(Seen(work.number, work.draft_seq))
    if outcome == "overtaken":
        return work, refused(reading, brief.slug, form, outcome, seen)
    largest = current_app.config["LECTERN"].upload_limit
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    failed = attaching.add(work, sent if brief.takes_files else (), largest, at)
    if failed:
        units.keep()  # the text, and the files that are good
        form.text.errors = [*form.text.errors, *(file_words(name, why, largest) for name, why in failed)]
        return work, refused(reading, brief.slug, form, "", str(Seen(work.number, work.draft_seq)))
    return work, None


def _page(
    reading: Standing, assignment: str, status: int = 200, *, form: WorkForm | None = None, problem: str = ""
) -> Response:
    person, at = access.viewer(), clock.now()
    learner = person.id if person and reading.leaves_traces else 0
    brief = found(queries.brief(reading.row.lesson_id, assignment, learner))
    if form is None:
        form = WorkForm(formdata=None, text=brief.draft, seen=str(Seen(brief.number, brief.draft_seq)))
    elif form.words() is None:
        form.text.data = brief.draft
    terms = rules.Terms.of(brief)
    return web.render(
        "assignments/show.html",
        status=status,
        brief=brief,
        terms=terms,
        form=form,
        problem=problem,
        state=queries.state_for_learner(brief.state, brief.number, brief.graded_number),
        days_late=rules.days_late(at, terms.due, terms.time_zone),
        worth=rubrics.level_points(brief.rubric, brief.max_points) if brief.rubric else [],
        outcome_words=outcome_words,
        most_files=attaching.MOST_FILES,
        room=attaching.ROOM,
        largest=current_app.config["LECTERN"].upload_limit,
        file_words=file_words,
        endings=",".join(sorted(MEDIA_TYPES)),
        **_own_work(brief, terms, at, reading.ended_at, has_problem=bool(form.errors or problem)),
        **reader_facts(reading, reading.outline),
    )


def _own_work(
    brief: Any, terms: rules.Terms, at: datetime, ended_at: datetime | None, *, has_problem: bool
) -> dict[str, Any]:
    """What was handed in, what a person decided, whether the form is there, and what it has no field for."""
    refusal: rules.Refusal | None = "ended" if ended_at else _refusal(brief, terms, at)
    versions = handed_in(brief, terms)
    is_open = refusal is None or (has_problem and not ended_at)
    shown: dict[str, Any] = {"refusal": refusal, "versions": versions, "is_open": is_open}
    shown["decision"] = Decision.of(brief.decided)
    return {**shown, "unsent": unsent(brief, versions, is_open=is_open)}


def _refusal(brief: Any, terms: rules.Terms, at: datetime) -> rules.Refusal | None:
    if brief.removed_at:
        return "removed"
    return rules.refusal(
        terms,
        at=at,
        state=brief.state or "draft",
        handed_in=brief.number,
        is_released=brief.number > 0 and brief.graded_number == brief.number,
    )


def refused(
    reading: Standing, assignment: str, form: WorkForm, outcome: str = "", seen: str = ""
) -> Response:
    """Say why, beside what was typed; what another window saved stays and is shown too."""
    words = outcome_words(outcome)
    status = 409 if outcome == "overtaken" else 422
    if by_script():
        errors = [error for errors in form.errors.values() for error in errors]
        answer = jsonify(message=" ".join([*errors, *filter(None, [words])]))
        answer.status_code = status
        return answer
    if seen:
        form.seen.data = seen
    return _page(reading, assignment, status, form=form, problem=outcome)


def by_script() -> bool:
    """Whether the page's own script asks, which shows the answer in its place."""
    return request.accept_mimetypes.best == "application/json"


def _back(slug: str, lesson: str, assignment: str, anchor: str) -> Response:
    place = {"slug": slug, "lesson": lesson, "assignment": assignment}
    return web.redirect_to("assignments.show", **place, _anchor=anchor)
