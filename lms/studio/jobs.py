"""What the studio does later."""

from lms.core import clock, work
from lms.core.jobs import job
from lms.studio import purging, redrawing


@job("studio.redraw")
def redraw(*, course_id: int, path: str) -> None:
    """Texts show a replaced picture in its new size."""
    redrawing.redraw(course_id, path)


@job("studio.purge_courses", own_units=True)
def purge_courses() -> None:
    """Delete for good what was deleted long enough ago, one course in a transaction."""
    at = clock.now()
    with work.unit():
        courses = purging.due(at)
    for course_id in courses:
        with work.unit():
            purging.purge(course_id, at)
