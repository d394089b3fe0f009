"""What is typed about tokens."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lms.api import rules
from lms.core.forms import Form, no_control_characters

SCOPES: dict[str, Any] = {
    rules.READ_COURSES: _l("Read courses and their outlines"),
    rules.READ_LEARNING: _l("Read your courses, progress, results and certificates"),
    rules.WRITE_ENROLLMENTS: _l("Enroll in courses and leave them"),
    rules.READ_TEACHING: _l("Read the learners, progress and results of courses that are taught"),
}
DAYS: dict[str, Any] = {"30": _l("30 days"), "90": _l("90 days"), "365": _l("one year")}


class TokenForm(Form):
    """What a new token is called, what it may do, and for how long."""

    name = StringField(
        _l("Name"),
        description=_l("What uses it, so that you know which one to revoke."),
        validators=[
            DataRequired(_l("Give it a name.")),
            Length(max=80, message=_l("Use at most 80 characters.")),
            no_control_characters,
        ],
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        validators=[DataRequired(_l("Choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(_l("Works for"), choices=[], default="90")

    def __init__(self, scopes: Sequence[str], **more: Any) -> None:
        super().__init__(**more)
        self.scopes.choices = [SelectChoice(name, SCOPES[name]) for name in scopes]
        self.days.choices = [SelectChoice(*item) for item in DAYS.items()]
