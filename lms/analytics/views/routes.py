"""Every page of the module."""

from lms.analytics.views import course, own, site, teaching
from lms.analytics.views.blueprint import bp

__all__ = ["bp", "course", "own", "site", "teaching"]
