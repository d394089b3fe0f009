"""The form in which a person grades something by hand: points, words, and what stood there as they began."""

from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.core.forms import Form
from lms.core.numbers import read_number
from lms.core.plain import is_storable

MAX_FEEDBACK = 20_000


class MarkingForm(Form):
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

    def given_points(self) -> Decimal:
        """What was given; after validation."""
        return read_number(self.points.data or "") or Decimal(0)

    def words(self) -> str:
        """The feedback, its lines ended as they are stored."""
        return (self.feedback.data or "").replace("\r\n", "\n")
