"""The blueprints with all their views on them."""

from lms.api.table import bp
from lms.api.views import courses, documentation, learning, teaching, tokens

pages = tokens.bp

__all__ = ["bp", "courses", "documentation", "learning", "pages", "teaching"]
