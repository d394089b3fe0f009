"""What an import does to grades that are being given: choices follow their criteria, and points stay worth something."""

from typing import Any

from lms.assignments import grading, redrafting
from lms.assignments.models import Assignment
from lms.core.phrases import Phrase
from lms.interop.course_folder.model import Problem


def follow(brief: Assignment, path: str, rubric: dict[str, Any] | None) -> list[Problem]:
    """Let the choices in graders' notes follow their criteria and levels into the folder's rubric. Those of which it has
    none any more are named: they go, and the points that were noted stay."""
    if not brief.rubric or brief.rubric == rubric:
        return []
    change = redrafting.change(brief, *redrafting.by_words(brief.rubric, rubric))
    change.follow()
    if not change.lost:
        return []
    message = Phrase(
        "graders’ notes have chosen %(names)s, which the rubric does not have any more; those choices go, and points "
        "that were noted stay",
        names=[f"“{name}”" for name in change.lost],
    )
    return [Problem(path, None, "warning", message)]


def keep_points(brief: Assignment, said_at: tuple[str, int | None], values: dict[str, Any]) -> list[Problem]:
    """Leave out 0 points for what was graded already: what comes later could earn nothing. `said_at` are the file and
    line that say so."""
    if values.get("max_points") != 0 or brief.max_points == 0 or not grading.has_graded(brief.id):
        return []
    values.pop("max_points")
    message = Phrase(
        "`max_points: 0` is left out: work on it is graded already, and what comes later could earn nothing"
    )
    return [Problem(*said_at, "warning", message)]
