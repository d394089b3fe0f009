"""All views of the studio, brought together on the blueprint."""

from lms.studio.views import (
    bank,
    courses,
    learners,
    looking,
    outline,
    parts,
    questions,
    quiz_preview,
    quizzes,
    revisions,
    settings,
    texts,
)
from lms.studio.views.blueprint import bp

__all__ = [
    "bank",
    "bp",
    "courses",
    "learners",
    "looking",
    "outline",
    "parts",
    "questions",
    "quiz_preview",
    "quizzes",
    "revisions",
    "settings",
    "texts",
]
