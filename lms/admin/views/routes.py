"""Every page of the module, on its two blueprints."""

from lms.admin.views import (
    applications,
    audit,
    courses,
    dashboard,
    faults,
    handover,
    imports,
    invitations,
    joining,
    people,
    person,
    privacy,
    queue,
    settings,
    storage,
    view_as,
)
from lms.admin.views.blueprint import bp, membership

__all__ = [
    "applications",
    "audit",
    "bp",
    "courses",
    "dashboard",
    "faults",
    "handover",
    "imports",
    "invitations",
    "joining",
    "membership",
    "people",
    "person",
    "privacy",
    "queue",
    "settings",
    "storage",
    "view_as",
]
