"""The gradebook of a course: a page of learners with every grade, and all of it as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from lms.core import clock, csv_file, web
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.gradebook import queries
from lms.gradebook.standing import Learner, Standing, standing
from lms.gradebook.views.blueprint import bp
from lms.gradebook.words import grid_words, staff_words

BOOK = "/teaching/<slug>/gradebook"
AT_ONCE = 200
"""Learners of the file that are read together."""


def course_of(slug: str, person: Viewer) -> Course:
    """The course, for who teaches it; 404 for others."""
    return found(courses.course_to_edit(slug, person))


@bp.get(BOOK)
@teachers_only
def index(slug: str) -> Response:
    """Learners down, work across."""
    person = signed_in_viewer()
    course, at = course_of(slug, person), clock.now()
    q = request.args.get("q", "").strip()[:200]
    book, page = (
        queries.book(course.id),
        queries.learners(course.id, q, page_number(request.args.get("page"))),
    )
    cells = queries.cells_for_staff(course.id, [row.id for row in page.items], at)
    return web.render(
        "gradebook/index.html",
        course=course,
        book=book,
        page=page,
        q=q,
        standings={
            row.id: standing(book, cells, Learner(row.id, row.enrolled_at), at, course.ends_at)
            for row in page.items
        },
        cell_words=grid_words,
        names={one.id: one.name for one in book.categories},
    )


@bp.get(f"{BOOK}.csv")
@teachers_only
def download(slug: str) -> Response:
    """Every learner with every grade, in percent."""
    course, at = course_of(slug, signed_in_viewer()), clock.now()
    book = queries.book(course.id)
    parts = [_("%(name)s (category)", name=one.name) for one in book.categories]
    heads = [
        _("Learner"),
        _("Email address"),
        *(_("%(title)s (hidden)", title=item.title) if item.is_hidden else item.title for item in book.items),
        *parts,
        _("Grade so far"),
    ]
    return csv_file.answer(f"{course.slug}-grades.csv", heads, _lines(course.id, course.ends_at, book, at))


def _lines(
    course_id: int, ends_at: datetime | None, book: queries.Book, at: datetime
) -> Iterator[list[object]]:
    """Read while the answer is sent, when the request's own objects may be gone."""
    number = 1
    while (page := queries.learners(course_id, "", number, AT_ONCE)).items:
        cells = queries.cells_for_staff(course_id, [row.id for row in page.items], at)
        for row in page.items:
            mine = standing(book, cells, Learner(row.id, row.enrolled_at), at, ends_at)
            yield [row.name, row.email, *_numbers(mine, with_parts=bool(book.categories))]
        number += 1


def _numbers(mine: Standing, *, with_parts: bool) -> list[Any]:
    grades = [
        line.grade.percent if line.grade.percent is not None else staff_words(line) for line in mine.lines
    ]
    parts = [part.percent for part in mine.total.parts] if with_parts else []
    return [*grades, *parts, mine.total.percent]
