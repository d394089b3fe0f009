"""What one learner's dashboard shows, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, column, func, literal, select, table

from lms.core import clock
from lms.core.access import Viewer
from lms.core.prepared import Prepared
from lms.courses.models import Course
from lms.courses.queries import teaches
from lms.learning import queries, rules
from lms.learning.models import Enrollment
from lms.learning.standing import Standing

Facts = Row[*tuple[Any, ...]]

# Certificates stand above learning; all that is read of them is whether there are any.
_certificate = table("certificates", column("user_id"))
_HAS_CERTIFICATES = select(literal(1)).where(_certificate.c.user_id == bindparam("user_id")).exists()
_STATE = queries.state_at(bindparam("at"))
_LATEST_FIRST = (Enrollment.last_active_at.desc(), Enrollment.id.desc())
_MAY_GO_ON = and_(_STATE == "active", func.coalesce(Course.starts_at <= bindparam("at"), literal(True)))
_WHERE_THEY_GO_ON = and_(
    _MAY_GO_ON, func.row_number().over(partition_by=_MAY_GO_ON, order_by=_LATEST_FIRST) == 1
)
_MINE = Prepared(
    select(
        Course.slug,
        Course.title,
        Course.state.label("course_state"),
        Course.cover_path,
        Course.certificate,
        Course.starts_at,
        Course.ends_at,
        _STATE.label("state_now"),
        *queries.ENROLLMENT,
        queries.REQUIRED.c.required,
        queries.REQUIRED.c.completed,
        _HAS_CERTIFICATES.label("has_certificates"),
        case((_WHERE_THEY_GO_ON, teaches(bindparam("user_id")))).label("is_teacher"),
        case((_WHERE_THEY_GO_ON, queries.OUTLINE_HERE)).label("outline"),
    )
    .select_from(Enrollment)
    .join(Course, Course.id == Enrollment.course_id)
    .join(queries.REQUIRED, literal(True))
    .where(Enrollment.user_id == bindparam("user_id"), Course.state != "draft")
    .order_by(*_LATEST_FIRST)
)


@dataclass(frozen=True)
class Learning:
    """A learner's courses, last active first, with their counts of required and completed lessons."""

    rows: Sequence[Facts]
    going_on: Standing | None
    """The course to lead them on in: the first active one."""

    @property
    def may_have_certificates(self) -> bool:
        """False when there are none; whose courses are all gone may still have some."""
        return not self.rows or bool(self.rows[0].has_certificates)

    @property
    def percents(self) -> dict[int, int]:
        """Progress in each course, by enrollment."""
        return {row.enrollment_id: rules.progress_percent(row.completed, row.required) for row in self.rows}

    def of_state(self, state: str) -> list[Facts]:
        """The courses in which they are at this state by now."""
        return [row for row in self.rows if row.state_now == state]


def learning_of(viewer: Viewer) -> Learning:
    """What the dashboard shows, in one statement."""
    at = clock.now()
    rows = _MINE.all(user_id=viewer.id, at=at)
    latest = next((row for row in rows if row.outline is not None and row.slug != viewer.looks_at), None)
    return Learning(rows, Standing.of(latest, viewer, at) if latest else None)
