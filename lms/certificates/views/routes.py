"""All views of certificates, brought together on the blueprint."""

from lms.certificates.views import awards, badges, design, own, public, staff
from lms.certificates.views.blueprint import bp

__all__ = ["awards", "badges", "bp", "design", "own", "public", "staff"]
