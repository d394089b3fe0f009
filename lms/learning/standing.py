"""How one person stands to one course: what they see, read and may do there."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Row

from lms.core.access import Viewer
from lms.learning import rules
from lms.learning.outline import Outline
from lms.learning.release import Hold


class Required(NamedTuple):
    """A course that has to be completed before enrolling."""

    slug: str
    title: str
    is_done: bool


@dataclass(frozen=True)
class Standing:
    """Made from a row of `queries.course`, `reading` or `asset`."""

    row: Row[*tuple[Any, ...]]
    is_staff: bool
    at: datetime
    looks: bool = False
    """Staff who look at their course as somebody who has just enrolled; nothing of it is kept."""

    @classmethod
    def of(
        cls, row: Row[*tuple[Any, ...]], viewer: Viewer | None, at: datetime, *, looks: bool = False
    ) -> "Standing":
        """Owner, co-instructors and admins are staff, unless they only want to look."""
        is_staff = viewer is not None and (row.is_teacher or viewer.is_admin)
        return cls(row, is_staff and not looks, at, is_staff and looks)

    @property
    def is_learner(self) -> bool:
        return self.looks or rules.is_learner(self.row.enrollment_state)

    @property
    def reads_all(self) -> bool:
        """Whether more than previews is for them."""
        return self.is_learner or self.is_staff

    @property
    def season(self) -> rules.Season:
        """Whether the course has begun and not ended, for a row with its dates."""
        dates = self.row._mapping
        return rules.season(dates.get("starts_at"), dates.get("ends_at"), self.at)

    @property
    def may_work(self) -> bool:
        """Whether somebody completes lessons, hands in and takes quizzes; after the end they read."""
        return self.leaves_traces and self.season == "open"

    @property
    def ended_at(self) -> datetime | None:
        """When the course ended for its learner; None while it runs."""
        ends_at: datetime | None = self.row.ends_at if self.season == "over" and self.is_learner else None
        return ends_at

    @property
    def enrollment_state(self) -> str | None:
        """The state of the enrollment by the date; needs a row with the course's end."""
        return rules.state_at(self.row.enrollment_state, self.row.ends_at, self.at)

    @property
    def leaves_traces(self) -> bool:
        """Whether what this person reads is remembered."""
        return self.is_learner and not self.looks

    @property
    def enrolled_at(self) -> datetime | None:
        """Since when they learn here; None for who does not."""
        if self.looks:
            return self.at
        return self.row.enrolled_at if self.is_learner else None

    @property
    def may_see(self) -> bool:
        """Whether the course exists for this person; else 404."""
        is_hidden_lesson = self.row._mapping.get("is_published") is False
        return (self.is_staff or not is_hidden_lesson) and (
            self.looks
            or rules.may_see(
                self.row.course_state, is_staff=self.is_staff, enrollment_state=self.row.enrollment_state
            )
        )

    @property
    def may_read(self) -> bool:
        """Whether the lesson (or, without one, the whole course) is open to this person; else 403."""
        is_preview = bool(self.row._mapping.get("is_preview"))
        if self.hold is not None or (self.season == "before" and not self.is_staff and not is_preview):
            return False
        return rules.may_read(is_staff=self.is_staff, is_learner=self.is_learner, is_preview=is_preview)

    @cached_property
    def holds(self) -> dict[int, Hold]:
        """Lessons that wait for the course to begin, a date or another lesson, by id; nothing waits for staff."""
        if self.is_staff or "outline" not in self.row._mapping:
            return {}
        begins = self.row._mapping.get("starts_at") if self.season == "before" else None
        return self.outline.holds(self.enrolled_at, self.at, begins)

    @property
    def hold(self) -> Hold | None:
        """Why the lesson of a `reading` row is not open yet."""
        return self.holds.get(self.row._mapping.get("lesson_id", 0))

    @cached_property
    def outline(self) -> Outline:
        return Outline.of(self.row.outline, with_unpublished=self.is_staff)

    @property
    def percent(self) -> int:
        """Progress as a fact: a completed course stays at 100, also when lessons were added later."""
        return 100 if self.row.completed_at is not None else self.outline.percent

    @property
    def new_questions(self) -> int:
        """Questions with something new, of lessons that are open to this person; needs a row of `course_page`."""
        shown = {line.id for line in self.outline.lines} - self.holds.keys()
        return sum(lesson_id in shown for lesson_id in self.row.lessons_with_news)

    def refusal(self, at: datetime) -> str | None:
        """Why the person cannot enroll now; needs a row of `queries.course`, or of `reading`, which knows of no courses
        that come first."""
        return rules.enrollment_refusal(
            course_state=self.row.course_state,
            access=self.row.access,
            capacity=self.row.capacity,
            learners=self.row.enrollment_count,
            ends_at=self.row.ends_at,
            at=at,
            is_back=self.is_back,
            lacks_courses=any(not required.is_done for required in self.prerequisites),
        )

    @property
    def is_back(self) -> bool:
        """Who left and may return; needs a row of `queries.course`."""
        return self.row.enrollment_state is not None and self.row.may_return

    @cached_property
    def prerequisites(self) -> list[Required]:
        """Courses that come first; needs a row of `queries.course`. Who was enrolled before is not asked again."""
        first = self.row._mapping.get("prerequisites", ())
        return [Required(slug, title, is_done or self.is_back) for slug, title, is_done in first]
