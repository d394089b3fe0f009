"""What the studio does later."""

from lms.core.jobs import job
from lms.studio import redrawing


@job("studio.redraw")
def redraw(*, course_id: int, path: str) -> None:
    """Texts show a replaced picture in its new size."""
    redrawing.redraw(course_id, path)
