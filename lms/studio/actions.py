"""What authors do with texts: look at them, keep a draft, save. The course is locked by who calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.core.db import db
from lms.courses import editing, links, revisions
from lms.courses.markdown import Rendered, labels_for, render
from lms.courses.models import Course, Lesson
from lms.courses.revisions import Saved, Written
from lms.learning import queries as learning
from lms.studio import queries


@dataclass(frozen=True, slots=True)
class Place:
    """A text that is edited: a lesson, a page or assignment of it, or the introduction of a module (`lesson` None)."""

    course: Course
    lesson: Lesson | None
    kind: str
    text: Any

    @property
    def text_of_lesson(self) -> Lesson:
        """The lesson of a page or assignment."""
        assert self.lesson is not None
        return self.lesson

    def file(self, places: links.Places) -> str:
        """Its path in the course folder."""
        if self.lesson is None:
            return f"{self.text.source_id}/module.md"
        name = "lesson" if self.kind == "lesson" else self.text.slug
        return f"{places.folders[self.lesson.id]}/{name}.md"


def place(course: Course, lesson: str, kind: str, part: str) -> Place | None:
    """The text of an address; None when the course does not hold it."""
    if kind == "module":
        module = editing.module_of(course, int(part)) if part.isdecimal() and len(part) < 19 else None
        return Place(course, None, kind, module) if module is not None else None
    row = editing.lesson_of(course, lesson)
    if row is None:
        return None
    found = {"page": queries.page, "assignment": queries.brief}
    text = row if kind == "lesson" else found[kind](row.id, part)
    return Place(course, row, kind, text) if text is not None else None


def rendered(at: Place, body: str) -> Rendered:
    """The text as its reader will see it."""
    found = links.places(at.course, queries.parts(at.course.id))
    return render(body, link=found.resolver(at.file(found)), labels=labels_for(at.course.language))


def described(course: Course, description: str) -> str:
    """The course's description as HTML."""
    found = links.places(course, queries.parts(course.id))
    return render(description, link=found.resolver("course.md"), labels=labels_for(course.language)).html


def save(at: Place, written: Written, author_id: int, now: datetime) -> Saved:
    """Publish what was written, unless somebody else saved meanwhile."""
    saved = revisions.save(
        at.kind,
        at.text,
        written,
        rendered(at, written.body).html,
        course_id=at.course.id,
        author_id=author_id,
        at=now,
    )
    if saved.changed:
        at.course.updated_at = now
        if at.lesson is not None:
            at.lesson.updated_at = now
    return saved


def circle_with(lesson: Lesson, rule: dict[str, Any] | None) -> list[str]:
    """The titles of the lessons that would wait for each other if the lesson opened by this rule; empty for none."""
    before, lesson.release = lesson.release, rule
    db.session.flush()
    found = learning.circles(lesson.course_id)
    lesson.release = before
    db.session.flush()
    return next(
        ([line.title for line in circle] for circle in found if lesson.id in {line.id for line in circle}), []
    )


def restore(at: Place, number: int, author_id: int, now: datetime) -> bool:
    """Make an earlier revision the text again, as a new revision. False when there is none."""
    old = revisions.revision(at.kind, at.text.id, number)
    if old is None:
        return False
    base = revisions.fingerprint(at.text.title, at.text.body)
    save(at, Written(old.title, old.body, base), author_id, now)
    return True
