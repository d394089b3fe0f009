"""Texts whose pictures changed: their stored HTML says how large a picture is, and in which widths it can be had."""

from collections.abc import Iterator
from urllib.parse import quote

from sqlalchemy import select

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.courses import links
from lms.courses.markdown import labels_for, render
from lms.courses.models import Course, Lesson, LessonPage, Module
from lms.studio import queries
from lms.studio.actions import Place, described


def redraw(course_id: int, path: str) -> int:
    """Render anew every text of the course that shows the file at `path`; what its author wrote stays as it is.

    Doing it again changes nothing. Returns how many texts changed.
    """
    course = db.session.scalars(select(Course).where(Course.id == course_id).with_for_update()).one_or_none()
    if course is None:
        return 0
    address = f"/courses/{course.slug}/assets/{quote(path)}"
    found = links.places(course, queries.parts(course.id))
    labels, changed = labels_for(course.language), 0
    for place in _texts(course):
        if address not in place.text.body_html:
            continue
        html = render(place.text.body, link=found.resolver(place.file(found)), labels=labels).html
        if address in html and html != place.text.body_html:
            place.text.body_html = html
            changed += 1
    if address in course.description_html:
        course.description_html = described(course, course.description)
    return changed


def _texts(course: Course) -> Iterator[Place]:
    for module in db.session.scalars(
        select(Module).where(Module.course_id == course.id, Module.removed_at.is_(None))
    ):
        yield Place(course, None, "module", module)
    lessons = {
        lesson.id: lesson
        for lesson in db.session.scalars(
            select(Lesson).where(Lesson.course_id == course.id, Lesson.removed_at.is_(None))
        )
    }
    for lesson in lessons.values():
        yield Place(course, lesson, "lesson", lesson)
    for page in db.session.scalars(select(LessonPage).where(LessonPage.lesson_id.in_(lessons))):
        yield Place(course, lessons[page.lesson_id], "page", page)
    briefs = select(Assignment).where(Assignment.lesson_id.in_(lessons), Assignment.removed_at.is_(None))
    for brief in db.session.scalars(briefs):
        yield Place(course, lessons[brief.lesson_id], "assignment", brief)
