"""The form in which an essay is graded."""

from datetime import datetime

from lms.core.marking_form import MarkingForm
from lms.quizzes.marking import Mark


class MarkForm(MarkingForm):
    """Points of those that the question is worth, and feedback."""

    def mark(self) -> Mark:
        """What was given; after validation."""
        return Mark(self.given_points(), self.words())

    def seen_at(self) -> datetime | None:
        """When the essay had been graded last as the page was opened; None when it had not."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
