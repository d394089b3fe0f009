"""What a learner has: places in courses, progress, results, certificates. All of it is the caller's own."""

from datetime import datetime
from typing import Any

from flask import g

from lms.api import acting, queries, rules
from lms.api.acting import Target
from lms.api.problems import Problem, not_found, unfit
from lms.api.schemas import EMAIL, SLUG, named
from lms.api.table import Call, endpoint
from lms.api.views import words
from lms.core.access import Viewer
from lms.core.security import limiter
from lms.gradebook import queries as gradebooks
from lms.gradebook.standing import Learner, standing
from lms.learning import actions
from lms.learning import queries as learning


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
        "state": standing.enrollment_state,
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
    says="Without quizzes that are hidden or taken out of their course; the page of your grades keeps those that counted.",
    query={"course": SLUG},
)
def grades(call: Call) -> list[dict[str, Any]]:
    course, limit = call.arguments["course"], call.arguments["limit"] + 1
    rows = queries.grades_of(call.caller.person, course, call.after, limit)
    return [words.grade(row, call.at, to_staff=False) for row in rows]


@endpoint(
    "GET",
    "/grades/{slug}",
    rules.READ_LEARNING,
    "Your gradebook in a course: its grade so far, and every quiz and assignment that counts",
    item="Gradebook",
    problems=(404,),
)
def gradebook(call: Call, slug: str) -> dict[str, Any]:
    course = learning.course(slug, _viewer(call))
    if course is None or not course.is_learner:
        raise not_found()
    row, book = course.row, gradebooks.book(course.row.id).for_learners()
    cells = gradebooks.cells(row.id, [row.enrollment_id], call.at)
    learner = Learner(row.enrollment_id, row.enrolled_at)
    mine = standing(book, cells, learner, call.at, row.ends_at)
    return words.gradebook(row.enrollment_id, slug, book, mine)


@endpoint("GET", "/certificates", rules.READ_LEARNING, "Your certificates", page="Certificate")
def certificates(call: Call) -> list[dict[str, Any]]:
    rows = queries.certificates_of(call.caller.person, call.after, call.arguments["limit"] + 1)
    return [words.certificate(row) for row in rows]


@endpoint(
    "POST",
    "/enrollments",
    rules.WRITE_ENROLLMENTS,
    "Enroll",
    says="Doing it again changes nothing. A service enrolls the learner whose address it names.",
    answers={200: named("Enrolled"), 201: named("Enrolled")},
    body="NewEnrollment",
    problems=(404, 409, 415),
)
def enroll(call: Call) -> tuple[dict[str, Any], int]:
    slug = call.body["course"]
    target = _target(call, slug, call.body.get("learner"))
    if call.caller.is_service:
        is_new = acting.enroll(target, call.caller.name, call.at)
    else:
        is_new = _join(target, call.body.get("code", ""), call.at)
    number = queries.enrollment_id(target.course_id, target.user_id)
    return {"course": slug, "enrollment": number, "new": is_new}, 201 if is_new else 200


@limiter.limit("20 per minute", key_func=lambda: f"joining:{g.caller['user']}")
def _join(target: Target, code: str, at: datetime) -> bool:
    """As often as on the page, so that nobody tries out codes."""
    return acting.checked(actions.enroll(target.course_id, target.user_id, at, code=code))


@endpoint(
    "DELETE",
    "/enrollments/{slug}",
    rules.WRITE_ENROLLMENTS,
    "Leave a course",
    says="All work is kept; doing it again changes nothing. A service names the learner.",
    answers={204: None},
    query={"learner": EMAIL},
    problems=(404,),
)
def leave(call: Call, slug: str) -> None:
    target = _target(call, slug, call.arguments["learner"])
    if call.caller.is_service:
        acting.remove(target, call.caller.name, call.at)
    else:
        actions.leave(target.course_id, target.user_id, call.at)


def _target(call: Call, slug: str, learner: str | None) -> Target:
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
    person = queries.user_by_email(learner) if learner is not None else None
    if row is None or (learner is not None and person is None):
        raise not_found()
    return Target(row.id, slug, *(person or (caller.person, caller.user_name)))


def _viewer(call: Call) -> Viewer:
    """The learner, for reads that ask as pages do; with no more rights than any learner."""
    return Viewer(call.caller.person, 0, "", "", "", "student", "en", "UTC", True, False)
