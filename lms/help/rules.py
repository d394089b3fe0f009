"""Who reads which part of the documentation."""

from lms.core.access import Viewer

SECTIONS = ("learners", "instructors", "admins", "operators", "developers")
_TEACHING = frozenset({"learners", "instructors"})


def readable(viewer: Viewer | None) -> frozenset[str]:
    """What is written for this person: everybody learns, some teach, and who looks after a site reads all."""
    if viewer is not None and viewer.is_admin:
        return frozenset(SECTIONS)
    if viewer is not None and viewer.can_teach:
        return _TEACHING
    return frozenset({"learners"})
