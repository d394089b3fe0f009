"""Courses and their outlines."""

from itertools import groupby
from typing import Any

from lms.api import queries, rules
from lms.api.problems import not_found
from lms.api.table import Call, endpoint
from lms.api.views import words


def _taught(call: Call) -> Any:
    caller = call.caller
    everything = caller.sees_everything and (not caller.is_service or rules.READ_TEACHING in caller.scopes)
    return queries.taught(caller.user_id, everything=everything)


def _scope(call: Call) -> Any:
    """What is published; for a person also what they learn and teach; everything for who may read all teaching."""
    return queries.any_of(queries.published(), queries.learnt(call.caller.user_id), _taught(call))


@endpoint("GET", "/me", None, "The token itself, and whose it is", item="Token")
def me(call: Call) -> dict[str, Any]:
    caller = call.caller
    user = {"id": caller.user_id, "name": caller.user_name, "email": caller.email}
    return {
        "name": caller.name,
        "kind": "service" if caller.is_service else "personal",
        "scopes": list(caller.scopes),
        "expires_at": words.plain(caller.expires_at),
        "user": None if caller.is_service else user,
    }


@endpoint("GET", "/courses", rules.READ_COURSES, "Courses that are open to you", page="Course")
def courses(call: Call) -> list[dict[str, Any]]:
    rows = queries.courses(_scope(call), call.after, call.arguments["limit"] + 1)
    return [words.course(row) for row in rows]


@endpoint(
    "GET",
    "/courses/{slug}",
    rules.READ_COURSES,
    "A course with its modules and lessons",
    item="CourseWithOutline",
    problems=(404,),
)
def course(call: Call, slug: str) -> dict[str, Any]:
    row = queries.course(_scope(call), slug)
    if row is None:
        raise not_found()
    is_staff = queries.course(_taught(call), slug) is not None
    lessons = queries.outline(row.id, with_unpublished=is_staff)
    names = ("slug", "title", "minutes", "required", "preview", "published")
    return words.course(row) | {
        "modules": [
            {
                "slug": module[0],
                "title": module[1],
                "lessons": [{name: getattr(lesson, name) for name in names} for lesson in part],
            }
            for module, part in groupby(lessons, key=lambda line: (line.module_slug, line.module_title))
        ]
    }
