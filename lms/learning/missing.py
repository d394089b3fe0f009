"""What a lesson still asks for before it is complete."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Missing:
    """A required quiz or assignment that is not done. `needs` are the percent that an assignment asks for, None when
    handing it in is enough; `is_returned` says that it came back to be revised."""

    kind: Literal["quiz", "assignment"]
    slug: str
    title: str
    needs: Decimal | None = None
    is_returned: bool = False


def missing_quizzes(unmet: Iterable[tuple[str, str]]) -> list[Missing]:
    """From the slug and title of each required quiz that is not passed."""
    return [Missing("quiz", slug, title) for slug, title in unmet]


def missing(quizzes: Iterable[Any], assignments: Iterable[Any]) -> list[Missing]:
    """From the quizzes and assignments of a lesson as one learner stands in them."""
    found = missing_quizzes((row.slug, row.title) for row in quizzes if row.is_asked and not row.passed)
    return found + [
        Missing("assignment", line.slug, line.title, line.terms.passing_percent, line.state == "returned")
        for line in assignments
        if line.is_asked and not line.is_done
    ]
