"""What people write to a course."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.core.forms import Form, no_control_characters
from lms.core.i18n import utc

_MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""What browsers send for a date and time; the first is also shown."""


def _lines(text: str | None) -> str | None:
    """Browsers send line ends as two characters and count them as one."""
    return text.replace("\r\n", "\n").strip() if text else text


def _plain(_form: Form, field: Any) -> None:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in field.data or ""):
        raise ValidationError(_("Please use ordinary characters only."))


def _title(label: Any, asked: Any, most: int = 200) -> StringField:
    return StringField(
        label,
        validators=[
            InputRequired(asked),
            Length(3, most, _l("Write between 3 and %(max)d characters.")),
            no_control_characters,
        ],
    )


def _body(label: Any, asked: Any, most: int) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[_lines],
        validators=[
            InputRequired(asked),
            Length(max=most, message=_l("Write at most %(max)d characters.")),
            _plain,
        ],
    )


class AnnouncementForm(Form):
    """News for a course. The time is typed in the zone of who types it."""

    title = _title(_l("Title"), _l("Give it a title; it is the subject of the message."))
    body = _body(_l("Text"), _l("Write what there is to say."), 20000)
    publish_at = DateTimeLocalField(_l("Publish at"), format=_MINUTES, validators=[Optional()])

    @property
    def when(self) -> datetime | None:
        """The moment in UTC; None for now."""
        return utc(self.publish_at.data)


class QuestionForm(Form):
    """A question about a lesson."""

    title = _title(_l("Your question in one sentence"), _l("Put your question in one sentence."))
    body = _body(_l("More about it"), _l("Say a little more: what did you try, and what happened?"), 10000)


class ReplyForm(Form):
    """A reply to a question, or a post that is changed."""

    body = _body(_l("Your reply"), _l("Write your reply."), 10000)


class ReasonForm(Form):
    """Why a post should not stand as it does."""

    reason = StringField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Say why.")),
            Length(3, 300, _l("Write between %(min)d and %(max)d characters.")),
            no_control_characters,
        ],
    )
