"""What those who teach type about sittings."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from lms.core.forms import Form
from lms.core.i18n import local, moment, utc
from lms.quizzes.accommodations import Grant

_MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""What browsers send for a date and time; the first is also shown."""


class SetAsideForm(Form):
    """How a question counts that was asked and should not have been."""

    how = RadioField(
        _l("How it counts"),
        choices=[
            SelectChoice("full", _l("Everybody gets full points for it, also who did not answer")),
            SelectChoice("out", _l("It is left out of the score: its points leave the total")),
        ],
        validators=[DataRequired(_l("Say how it counts."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Say why: the learners read it.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


class AccommodationForm(Form):
    """What a learner gets beyond the rules. Times are typed in the zone of who types them."""

    course_ends: datetime | None = None
    """Past this only what says so holds."""
    extra_percent = IntegerField(
        _l("More time, in percent"),
        validators=[Optional(), NumberRange(0, 900, _l("Use a whole number from 0 to 900."))],
    )
    extra_minutes = IntegerField(
        _l("More time, in minutes"),
        validators=[Optional(), NumberRange(0, 10080, _l("Use a whole number from 0 to 10080."))],
    )
    extra_attempts = IntegerField(
        _l("More attempts"),
        validators=[Optional(), NumberRange(0, 100, _l("Use a whole number from 0 to 100."))],
    )
    untimed = BooleanField(_l("No time limit"))
    opens_at = DateTimeLocalField(_l("Opens for this learner"), format=_MINUTES, validators=[Optional()])
    closes_at = DateTimeLocalField(_l("Closes for this learner"), format=_MINUTES, validators=[Optional()])
    after_end = BooleanField(_l("Also after the end of the course"))
    reason = TextAreaField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Say why, for those who look at it later.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_l("It must close after it opens."))
        closes = utc(field.data)
        if closes and self.course_ends and closes > self.course_ends and not self.after_end.data:
            raise ValidationError(
                _(
                    "The course ends %(time)s. Choose a time before that, or say that it holds after the end, too.",
                    time=moment(self.course_ends),
                )
            )

    def validate_after_end(self, field: BooleanField) -> None:
        if field.data and not self.closes_at.data:
            raise ValidationError(_l("Say above until when: when it closes for this learner."))

    def validate_reason(self, _field: TextAreaField) -> None:
        if not any(self[name].errors for name in self._fields) and self.grant.is_empty:
            raise ValidationError(
                _l("Say above what the learner gets: more time, more attempts or other dates.")
            )

    @property
    def grant(self) -> Grant:
        """What was typed, times in UTC."""
        return Grant(
            self.extra_percent.data or 0,
            self.extra_minutes.data or 0,
            self.extra_attempts.data or 0,
            self.untimed.data,
            utc(self.opens_at.data),
            utc(self.closes_at.data),
            self.after_end.data,
        )

    @classmethod
    def of(cls, given: object | None, course_ends: datetime | None) -> "AccommodationForm":
        """The form as it shows what was given, times in the reader's zone, in a course that ends at that time."""
        form = cls(obj=given)
        form.course_ends = course_ends
        if given is not None and not form.is_submitted():
            form.opens_at.data, form.closes_at.data = local(form.opens_at.data), local(form.closes_at.data)
        return form
