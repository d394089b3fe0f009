"""Learners of a course, for those who teach it and for services."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from lms.api import queries, rules
from lms.api.problems import not_found
from lms.api.queries import Wanted
from lms.api.schemas import EMAIL, SINCE
from lms.api.table import Call, View, endpoint
from lms.api.views import words
from lms.gradebook import queries as gradebooks
from lms.gradebook.standing import Learner, standing

FILTERS = {"learner": EMAIL, "updated_since": SINCE}


def _wanted(call: Call) -> Wanted:
    given = call.arguments
    return Wanted(call.after, given["limit"] + 1, given["learner"], given.get("updated_since"))


def _of_course(what: str, summary: str, page: str, **more: Any) -> Callable[[View], View]:
    """A view of one course that the caller teaches; `call` and its slug come to it."""
    facts = {"query": FILTERS, "problems": (404,)} | more
    return endpoint(
        "GET", f"/teaching/courses/{{slug}}/{what}", rules.READ_TEACHING, summary, page=page, **facts
    )


def _taught(call: Call, slug: str) -> Row[Any]:
    scope = queries.taught(call.caller.user_id, everything=call.caller.sees_everything)
    row = queries.course(scope, slug)
    if row is None:
        raise not_found()
    return row


@endpoint("GET", "/teaching/courses", rules.READ_TEACHING, "Courses that you teach", page="Course")
def taught_courses(call: Call) -> list[dict[str, Any]]:
    scope = queries.taught(call.caller.user_id, everything=call.caller.sees_everything)
    rows = queries.courses(scope, call.after, call.arguments["limit"] + 1)
    return [words.course(row) for row in rows]


@_of_course("enrollments", "The learners of a course with their progress", "LearnersEnrollment")
def learners(call: Call, slug: str) -> list[dict[str, Any]]:
    rows = queries.enrollments_in(_taught(call, slug).id, _wanted(call))
    return [words.enrollment(row) | words.learner(row) for row in rows]


@_of_course("grades", "What the learners of a course handed in, and their results", "LearnersGrade")
def learners_grades(call: Call, slug: str) -> list[dict[str, Any]]:
    rows = queries.grades_in(_taught(call, slug).id, _wanted(call))
    return [words.grade(row, call.at, to_staff=True) | words.learner(row) for row in rows]


@_of_course(
    "gradebook",
    "Who learns in a course, with the grade of the course so far and every quiz and assignment that counts",
    "LearnersGradebook",
    says="The same numbers as on the page of the gradebook, which are those that the learners see.",
    query={"learner": EMAIL},
)
def learners_gradebook(call: Call, slug: str) -> list[dict[str, Any]]:
    course = _taught(call, slug)
    rows, book = queries.learners_in(course.id, _wanted(call)), gradebooks.book(course.id).for_learners()
    cells = gradebooks.cells_for_staff(course.id, [row.id for row in rows], call.at)
    return [
        words.gradebook(
            row.id,
            slug,
            book,
            standing(book, cells, Learner(row.id, row.enrolled_at), call.at, course.ends_at),
        )
        | words.learner(row)
        for row in rows
    ]


@_of_course("certificates", "The certificates that a course gave", "LearnersCertificate")
def learners_certificates(call: Call, slug: str) -> list[dict[str, Any]]:
    rows = queries.certificates_in(_taught(call, slug).id, _wanted(call))
    return [words.certificate(row) | words.learner(row) for row in rows]
