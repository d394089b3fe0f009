"""All views of the studio, brought together on the blueprint."""

from lms.studio.views import courses, outline, revisions, settings, texts
from lms.studio.views.blueprint import bp

__all__ = ["bp", "courses", "outline", "revisions", "settings", "texts"]
