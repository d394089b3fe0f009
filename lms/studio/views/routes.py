"""All views of the studio, brought together on the blueprint."""

from lms.studio.views import courses, looking, outline, revisions, settings, texts
from lms.studio.views.blueprint import bp

__all__ = ["bp", "courses", "looking", "outline", "revisions", "settings", "texts"]
