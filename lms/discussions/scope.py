"""Who takes part in what is said around a course."""

from lms.core import access
from lms.core.access import allow, found
from lms.learning import queries as learning
from lms.learning.standing import Standing


def joined(slug: str) -> Standing:
    """The course, for its learners and staff; 403 for others who see it, 404 for who does not."""
    standing = found(learning.course(slug, access.viewer()))
    allow(standing.is_learner or standing.is_staff)
    return standing


def taught(slug: str) -> Standing:
    """The course, for its staff alone."""
    standing = found(learning.course(slug, access.viewer()))
    allow(standing.is_staff)
    return standing
