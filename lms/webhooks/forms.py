"""What admins type about endpoints."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form, no_control_characters
from lms.webhooks import addresses, rules, words

HOURS = {"1": _l("the last hour"), "24": _l("the last day"), "72": _l("the last three days")}


class EndpointForm(Form):
    """Where messages go, and which."""

    url = StringField(
        _l("Address of the receiver"),
        description=_l("Such as https://hooks.example.org/lectern."),
        validators=[
            DataRequired(_l("Enter the address.")),
            Length(max=2000, message=_l("Use at most 2000 characters.")),
            no_control_characters,
        ],
    )
    description = StringField(
        _l("Description"),
        description=_l("What this is for, and who looks after it."),
        validators=[Length(max=200, message=_l("Use at most 200 characters.")), no_control_characters],
    )
    events = SelectMultipleField(
        _l("Events"),
        validators=[DataRequired(_l("Choose at least one event."))],
        choices=[SelectChoice(name, words.EVENTS[name]) for name in rules.EVENTS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_url(self, field: StringField) -> None:
        allow_private = current_app.config["LECTERN"].webhooks_allow_private
        schemes = ("https", "http") if allow_private else ("https",)
        target = _parsed(field.data or "")
        if target is None or target.scheme not in schemes or not target.host:
            raise ValidationError(_("Enter a whole address that begins with https://."))
        if target.auth:
            raise ValidationError(_("Leave user and password out: the signature shows who sends."))
        literal = addresses.literal_address(target.host)
        is_here = target.host == "localhost" or target.host.endswith(".localhost")
        if not allow_private and (is_here or (literal and addresses.is_forbidden(str(literal)))):
            raise ValidationError(
                _("This address is private or belongs to this machine. Enter a public one.")
            )
        # In the form in which it is sent: a name in another script in the letters of the name servers.
        field.data = Url(*target[:-1], fragment=None).url


def _parsed(text: str) -> Url | None:
    try:
        return parse_url(text)
    except LocationParseError:
        return None


class ReplayForm(Form):
    """How far back to look for what failed."""

    hours = SelectField(_l("What failed in"), choices=[], default="24")

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.hours.choices = [SelectChoice(*item) for item in HOURS.items()]
