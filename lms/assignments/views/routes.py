"""All pages of assignments: importing a module adds its routes."""

from lms.assignments.views import desk, extensions, files, learner, own, queue, settings
from lms.assignments.views.blueprint import bp

__all__ = ["bp", "desk", "extensions", "files", "learner", "own", "queue", "settings"]
