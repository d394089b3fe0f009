"""One submission at a time: read it, note, grade, return, go on to the next."""

from typing import Any

from flask import Response, flash, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.assignments import grading, rubrics, rules, staff_queries
from lms.assignments.forms import GradeForm
from lms.assignments.reading import feedback_html
from lms.assignments.views.blueprint import bp
from lms.assignments.views.queue import course_of
from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.plain import decimal_text
from lms.courses.models import Course

WORK = f"/teaching/<slug>/submissions/<int(max={2**63 - 1}):submission_id>"


@bp.get(WORK)
@teachers_only
def desk(slug: str, submission_id: int) -> Response:
    """A learner's work beside the form in which it is graded."""
    course = course_of(slug, signed_in_viewer())
    versions = _versions(course, submission_id)
    assignment = found(staff_queries.assignment(course.id, versions[0].assignment_id))
    return _page(course, assignment, versions, _stored(assignment, versions[0]))


@bp.post(f"{WORK}/notes")
@teachers_only
def keep_notes(slug: str, submission_id: int) -> Response:
    """Keep what the grader typed so far; sent by the page itself."""
    person, at = signed_in_viewer(), clock.now()
    course = course_of(slug, person)
    form, place = _sent(course, submission_id)
    if not form.validate_partly():
        return _said(422, " ".join(error for errors in form.errors.values() for error in errors))
    if grading.keep_notes(place, form.notes(), form.seen_revision(), person.id, at) == "changed":
        return _said(
            409, _("Somebody else is grading this work too. Open the page anew to see what they gave.")
        )
    return jsonify(saved_at=at.isoformat(), seen=str(place.version.revision))


@bp.post(f"{WORK}/grade")
@teachers_only
def grade(slug: str, submission_id: int) -> Response:
    """Give the grade, or return the work, and go on to the next that waits."""
    person, at = signed_in_viewer(), clock.now()
    course = course_of(slug, person)
    form, place = _sent(course, submission_id)
    returns = request.form.get("then") == "return"
    if not (form.validate_partly() if returns else form.validate_on_submit()):
        return _again(course, submission_id, form)
    act = grading.give_back if returns else grading.grade
    outcome = act(place, form.notes(), form.seen_revision(), person.id, at)
    if outcome in ("changed", "newer"):
        return _again(course, submission_id, form, outcome)
    return _go_on(course, _versions(course, submission_id)[0], returns)


def _go_on(course: Course, work: Row[Any], returns: bool) -> Response:
    following = staff_queries.next_after(course.id, work)
    if following is not None and request.accept_mimetypes.best == "application/json":
        return jsonify(next=web.path("assignments.desk", slug=course.slug, submission_id=following.id))
    said = _("Returned, with your feedback.") if returns else _("Saved.")
    if following is None:
        flash(f"{said} {_('Nothing waits for grading any more.')}", "success")
        place = {"slug": course.slug, "assignment_id": work.assignment_id}
        if request.accept_mimetypes.best == "application/json":
            return jsonify(next=web.path("assignments.submissions", **place))
        return web.redirect_to("assignments.submissions", **place)
    flash(f"{said} {_('Here is the next one.')}", "success")
    return web.redirect_to("assignments.desk", slug=course.slug, submission_id=following.id)


def _versions(course: Course, submission_id: int) -> Any:
    return found(staff_queries.work(course.id, submission_id) or None)


def _sent(course: Course, submission_id: int) -> tuple[GradeForm, grading.Place]:
    form = GradeForm()
    place = found(grading.place(course.id, submission_id, form.version()))
    form.rubric, form.most = rubrics.of_version(place.version, place.assignment)
    return form, place


def _stored(assignment: Row[Any], work: Row[Any]) -> GradeForm:
    kept = grading.kept(work)
    points = decimal_text(kept.points) if kept.points is not None else ""
    form = GradeForm(formdata=None, points=points, feedback=kept.feedback, seen=str(work.revision))
    form.number.data = str(work.number)
    form.chosen = dict(kept.choices)
    return form


def _again(course: Course, submission_id: int, form: GradeForm, outcome: str = "") -> Response:
    """The page with what was typed, and what is in its way."""
    versions = _versions(course, submission_id)
    assignment = found(staff_queries.assignment(course.id, versions[0].assignment_id))
    if outcome:
        form.seen.data, form.number.data = str(versions[0].revision), str(versions[0].number)
    status = 409 if outcome else 422
    return _page(course, assignment, versions, form, status=status, outcome=outcome)


def _page(
    course: Course,
    assignment: Row[Any],
    versions: Any,
    form: GradeForm,
    *,
    status: int = 200,
    outcome: str = "",
) -> Response:
    work = versions[0]
    is_hidden = work.is_hidden
    return web.render(
        "assignments/staff/desk.html",
        status=status,
        course=course,
        assignment=assignment,
        work=work,
        earlier=versions[1:],
        is_hidden=is_hidden,
        files=staff_queries.files(work.id),
        person=_("Submission no. %(id)s", id=work.id) if is_hidden else work.name,
        feedback_html=feedback_html,
        **_levels(assignment, work, form),
        **_given(work),
        form=form,
        outcome=outcome,
        following=staff_queries.next_after(course.id, work),
        before=staff_queries.before(work),
        **_lateness(assignment, work),
    )


def _given(work: Row[Any]) -> dict[str, Any]:
    return {"kept": grading.kept(work), "is_given": grading.is_given(work)}


def _levels(assignment: Row[Any], work: Row[Any], form: GradeForm) -> dict[str, Any]:
    rubric, most = rubrics.of_version(work, assignment)
    return {
        "rubric": rubric,
        "most": most,
        "chosen": rubrics.known(rubric, form.chosen),
        "worth_exact": rubrics.exact(rubric, most) if rubric else [],
        "worth": rubrics.level_points(rubric, most) if rubric else [],
    }


def _lateness(assignment: Row[Any], work: Row[Any]) -> dict[str, Any]:
    terms = rules.Terms.of(assignment).of_learner(work)
    return {"terms": terms, "days_late": rules.days_late(work.counts_from, terms.due, terms.time_zone)}


def _said(status: int, message: str) -> Response:
    answer = jsonify(message=message)
    answer.status_code = status
    return answer
