"""All pages of assignments: importing a module adds its routes."""

from lms.assignments.views import desk, learner, queue
from lms.assignments.views.blueprint import bp

__all__ = ["bp", "desk", "learner", "queue"]
