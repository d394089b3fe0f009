"""The form in which an essay is graded."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.core.forms import Form
from lms.quizzes.fields import is_storable
from lms.quizzes.marking import MAX_FEEDBACK, Mark
from lms.quizzes.numbers import read_number


class MarkForm(Form):
    """Points from 0 to `most`, which the view sets; feedback is Markdown and may be empty."""

    points = StringField(_l("Points"), [InputRequired(_l("Give the points, 0 or more."))])
    feedback = TextAreaField(_l("Feedback"), [Length(max=MAX_FEEDBACK)])
    seen = HiddenField()

    def __init__(self, most: Decimal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def validate_points(self, field: StringField) -> None:
        number = read_number(field.data or "")
        if number is None or not 0 <= number <= self.most or round(number, 2) != number:
            raise ValidationError(
                _(
                    "Give a number from 0 to %(most)s, with at most two decimals.",
                    most=format_decimal(self.most),
                )
            )

    def validate_feedback(self, field: TextAreaField) -> None:
        if not is_storable(field.data or ""):
            raise ValidationError(_("This holds a character that cannot be stored. Please type it again."))

    def mark(self) -> Mark:
        """What was given; after validation."""
        text = (self.feedback.data or "").replace("\r\n", "\n")
        return Mark(read_number(self.points.data or "") or Decimal(0), text)

    def seen_at(self) -> datetime | None:
        """When the essay had been graded last as the page was opened; None when it had not."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
