"""What is typed about the rules of an assignment."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, DecimalField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms.assignments import rubrics
from lms.assignments.models import Assignment
from lms.core.forms import Form, no_control_characters
from lms.core.i18n import local, utc
from lms.core.numbers import read_number
from lms.core.plain import decimal_text

_MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_PERCENT = NumberRange(0, 100, message=_l("A number from 0 to 100."))


class RulesForm(Form):
    """Everything about an assignment that is not its brief. Times are typed in the zone of who types them."""

    due_at = DateTimeLocalField(_l("Due"), format=_MINUTES, validators=[Optional()])
    late_policy = RadioField(
        _l("Work that comes later"),
        choices=[
            SelectChoice("none", _l("is taken and loses nothing")),
            SelectChoice("percent", _l("loses points for each day")),
            SelectChoice("closed", _l("is not taken")),
        ],
    )
    late_percent = DecimalField(
        _l("Percent of all points that each late day takes off"),
        places=None,
        validators=[InputRequired(_l("Say how many percent a late day takes off.")), _PERCENT],
    )
    closes_at = DateTimeLocalField(
        _l("Closes"),
        format=_MINUTES,
        description=_l("After this nothing is taken at all. Leave it empty for no such end."),
        validators=[Optional()],
    )
    takes_text = BooleanField(_l("Text, written on the page"))
    takes_files = BooleanField(_l("Files"))
    max_attempts = IntegerField(
        _l("How often it can be handed in"),
        description=_l(
            "Leave it empty: as often as one likes until it is graded. Returned work may always come back."
        ),
        validators=[Optional(), NumberRange(1, 100, message=_l("A whole number from 1 to 100."))],
    )
    passing_percent = DecimalField(
        _l("Percent that the lesson asks for"),
        places=None,
        description=_l("Leave it empty: for a required assignment it is enough to hand it in."),
        validators=[Optional(), _PERCENT],
    )
    is_blind = BooleanField(_l("Hide the names of learners until their grade is released"))
    released_together = BooleanField(_l("Keep grades back until I release them all together"))
    percents = StringField(
        _l("What the levels of the rubric are worth, in percent"),
        description=_l(
            "Best first, with spaces between them, such as 100 70 40. Leave it empty for equal steps."
        ),
        validators=[Length(max=200)],
    )
    levels = 0
    """How many levels the rubric has; set by the view."""

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        if field.data and self.due_at.data and field.data < self.due_at.data:
            raise ValidationError(_("It must close after it is due."))

    def validate_late_policy(self, field: RadioField) -> None:
        if field.data != "none" and not self.due_at.data:
            raise ValidationError(_("Say above when it is due."))

    def validate_takes_files(self, field: BooleanField) -> None:
        if not field.data and not self.takes_text.data:
            raise ValidationError(_("Choose text, files, or both."))

    def validate_percents(self, field: StringField) -> None:
        typed = (field.data or "").split()
        numbers = [read_number(part.removesuffix("%")) for part in typed]
        if typed and (len(typed) != self.levels or any(n is None or not 0 <= n <= 100 for n in numbers)):
            raise ValidationError(
                _("Give %(count)s numbers from 0 to 100, with spaces between them.", count=self.levels)
            )

    def values(self) -> dict[str, Any]:
        """The fields as columns of the assignment; times in UTC."""
        same = (
            "late_policy", "late_percent", "takes_text", "takes_files", "max_attempts", "passing_percent",
            "is_blind", "released_together",
        )  # fmt: skip
        typed = (self.percents.data or "").split()
        return {
            **{name: self[name].data for name in same},
            "due_at": utc(self.due_at.data),
            "closes_at": utc(self.closes_at.data),
            "percents": [read_number(part.removesuffix("%")) or Decimal(0) for part in typed],
        }

    @classmethod
    def of(cls, assignment: Assignment) -> "RulesForm":
        """The form as it shows what is set."""
        form = cls(obj=assignment, formdata=None)
        form.due_at.data, form.closes_at.data = local(assignment.due_at), local(assignment.closes_at)
        form.late_percent.data = Decimal(decimal_text(assignment.late_percent))
        if assignment.rubric:
            shown = rubrics.percents(assignment.rubric)
            form.percents.data = " ".join(decimal_text(round(percent, 2)) for percent in shown)
        return form


class ExtensionForm(Form):
    """More days for one learner."""

    days = IntegerField(
        _l("More days"),
        description=_l("Beyond what everybody has; 0 takes them back."),
        validators=[
            InputRequired(_l("Say how many days.")),
            NumberRange(0, 365, message=_l("A whole number from 0 to 365.")),
        ],
    )
    reason = StringField(
        _l("Reason"),
        validators=[Length(max=500, message=_l("At most 500 characters.")), no_control_characters],
    )

    def validate_reason(self, field: StringField) -> None:
        if self.days.data and not (field.data or "").strip():
            raise ValidationError(_("Say why, for those who look at it later."))
