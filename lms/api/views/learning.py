"""What a learner has: places in courses, progress, results, certificates. All of it is the caller's own."""

from typing import Any

from lms.api import queries, rules
from lms.api.problems import Problem, not_found, unfit
from lms.api.schemas import EMAIL, SLUG, named
from lms.api.table import Call, endpoint
from lms.api.views import words
from lms.core.access import Viewer
from lms.learning import actions, admission
from lms.learning import queries as learning
from lms.learning.words import refusal_words


@endpoint("GET", "/enrollments", rules.READ_LEARNING, "Your courses", page="Enrollment")
def enrollments(call: Call) -> list[dict[str, Any]]:
    rows = queries.enrollments_of(call.caller.person, call.after, call.arguments["limit"] + 1)
    return [words.enrollment(row) for row in rows]


@endpoint(
    "GET",
    "/courses/{slug}/progress",
    rules.READ_LEARNING,
    "How far you are in a course, lesson by lesson",
    item="Progress",
    problems=(404,),
)
def progress(call: Call, slug: str) -> dict[str, Any]:
    standing = learning.course(slug, _viewer(call))
    if standing is None or standing.row.enrollment_id is None:
        raise not_found()
    lines = [line for line in standing.outline.lines if line.is_published]
    return {
        "course": slug,
        "state": standing.row.enrollment_state,
        "lessons_required": standing.outline.required,
        "lessons_completed": standing.outline.completed,
        "percent": standing.percent,
        "lessons": [
            {"slug": line.slug, "title": line.title, "required": line.is_required, "state": line.state}
            for line in lines
        ],
    }


@endpoint(
    "GET",
    "/grades",
    rules.READ_LEARNING,
    "Results of quizzes that you handed in",
    page="Grade",
    query={"course": SLUG},
)
def grades(call: Call) -> list[dict[str, Any]]:
    course, limit = call.arguments["course"], call.arguments["limit"] + 1
    rows = queries.grades_of(call.caller.person, course, call.after, limit)
    return [words.grade(row, call.at, to_staff=False) for row in rows]


@endpoint("GET", "/certificates", rules.READ_LEARNING, "Your certificates", page="Certificate")
def certificates(call: Call) -> list[dict[str, Any]]:
    rows = queries.certificates_of(call.caller.person, call.after, call.arguments["limit"] + 1)
    return [words.certificate(row) for row in rows]


@endpoint(
    "POST",
    "/enrollments",
    rules.WRITE_ENROLLMENTS,
    "Enroll; doing it again changes nothing. A service enrolls the learner whose address it names",
    answers={200: named("Enrolled"), 201: named("Enrolled")},
    body="NewEnrollment",
    problems=(404, 409, 415),
)
def enroll(call: Call) -> tuple[dict[str, Any], int]:
    slug, learner = call.body["course"], call.body.get("learner")
    course_id, user_id = _target(call, slug, learner)
    if call.caller.is_service:
        is_new = admission.admit(course_id, [user_id], call.at) > 0
        outcome = actions.enroll(course_id, user_id, call.at) if not is_new else None
    else:
        is_new, outcome = False, actions.enroll(course_id, user_id, call.at, code=call.body.get("code", ""))
    if outcome is not None and outcome.refusal:
        raise Problem(409, refusal_words(outcome.refusal), reason=outcome.refusal)
    is_new = is_new or (outcome is not None and outcome.is_new)
    number = queries.enrollment_id(course_id, user_id)
    return {"course": slug, "enrollment": number, "new": is_new}, 201 if is_new else 200


@endpoint(
    "DELETE",
    "/enrollments/{slug}",
    rules.WRITE_ENROLLMENTS,
    "Leave a course; all work is kept. A service names the learner",
    answers={204: None},
    query={"learner": EMAIL},
    problems=(404,),
)
def leave(call: Call, slug: str) -> None:
    course_id, user_id = _target(call, slug, call.arguments["learner"])
    if not actions.leave(course_id, user_id, call.at):
        raise not_found()


def _target(call: Call, slug: str, learner: str | None) -> tuple[int, int]:
    """The course and the person that a change is about. Raises Problem."""
    caller = call.caller
    if caller.is_service and learner is None:
        raise unfit("learner", "Name the learner.")
    if learner is not None and not caller.is_service:
        raise Problem(403, "Only a service enrolls somebody else.")
    scope = queries.any_of(
        queries.published(),
        queries.learnt(caller.user_id),
        queries.taught(caller.user_id, everything=caller.sees_everything),
    )
    row = queries.course(scope, slug)
    user_id = queries.user_by_email(learner) if learner is not None else caller.user_id
    if row is None or user_id is None:
        raise not_found()
    return row.id, user_id


def _viewer(call: Call) -> Viewer:
    """The learner, for reads that ask as pages do; with no more rights than any learner."""
    return Viewer(call.caller.person, 0, "", "", "", "student", "en", "UTC", True, False)
