"""What people write in and about reviews."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.core.forms import Form, no_control_characters

SHORTEST, LONGEST = 10, 2000
"""Characters of a review."""


def _lines(text: str | None) -> str | None:
    """Browsers send line ends as two characters and count them as one."""
    return text.replace("\r\n", "\n").strip() if text else text


class ReviewForm(Form):
    """A rating and why."""

    rating = RadioField(
        _l("Your rating"),
        choices=[str(n) for n in range(1, 6)],
        validators=[InputRequired(_l("Choose from one to five stars."))],
        validate_choice=False,
    )
    body = TextAreaField(_l("What should others know?"), filters=[_lines], validators=[InputRequired()])

    def validate_rating(self, field: Any) -> None:
        if field.data not in {"1", "2", "3", "4", "5"}:
            raise ValidationError(_("Choose from one to five stars."))

    def validate_body(self, field: Any) -> None:
        length = len(field.data or "")
        if length < SHORTEST:
            raise ValidationError(_("Write at least %(number)s characters.", number=SHORTEST))
        if length > LONGEST:
            more = length - LONGEST
            raise ValidationError(
                _("Write at most %(most)s characters; these are %(more)s too many.", most=LONGEST, more=more)
            )
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in field.data):
            raise ValidationError(_("Please use ordinary characters only."))


class AnswerForm(Form):
    """What the course's staff answer; nothing takes an answer back."""

    answer = TextAreaField(
        lazy_pgettext("a review", "Answer"),
        filters=[_lines],
        validators=[Length(max=LONGEST, message=_l("Write at most 2000 characters."))],
    )


class HideForm(Form):
    """Why a review is taken out of sight."""

    reason = StringField(
        _l("Reason"),
        description=_l("The author sees it, and the audit log keeps it."),
        validators=[
            InputRequired(_l("Say why; the author will see it.")),
            Length(3, 300, _l("Write between 3 and 300 characters.")),
            no_control_characters,
        ],
    )
