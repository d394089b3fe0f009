"""All pages of grades: importing a module adds its routes."""

from lms.gradebook.views import grid, learner, own, settings
from lms.gradebook.views.blueprint import bp

__all__ = ["bp", "grid", "learner", "own", "settings"]
