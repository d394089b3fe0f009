"""What people type about their account."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, Length, ValidationError

from lms.accounts import passwords, rules
from lms.core.forms import Form, no_control_characters
from lms.core.i18n import LANGUAGES


class _NewPassword:
    """A validator: long enough, not too long, not one that guessers try first."""

    field_flags: dict[str, Any] = {"required": True}

    def __call__(self, form: Form, field: PasswordField) -> None:
        password = field.data or ""
        if len(password) < rules.SHORTEST_PASSWORD:
            raise ValidationError(_l("Use at least 8 characters. Four plain words are easy to remember."))
        if len(password) > rules.LONGEST_PASSWORD:
            raise ValidationError(_l("Use at most 128 characters."))
        if passwords.is_common(password):
            raise ValidationError(_l("This password is among the first that guessers try. Choose another."))


def _email_field() -> EmailField:
    return EmailField(
        _l("Email address"),
        validators=[
            DataRequired(_l("Enter your email address.")),
            Length(max=254, message=_l("This address is too long.")),
            Email(_l("This does not look like an email address. It should be like name@example.org.")),
        ],
    )


class RegisterForm(Form):
    """A new student."""

    name = StringField(
        _l("Your name"),
        description=_l("As it should stand on your certificates."),
        validators=[
            DataRequired(_l("Enter your name.")),
            Length(max=120, message=_l("Use at most 120 characters.")),
            no_control_characters,
        ],
    )
    email = _email_field()
    password = PasswordField(_l("Password"), description=_l("At least 8 characters."), validators=[_NewPassword()])
    time_zone = HiddenField()

    @property
    def chosen_zone(self) -> str:
        """The browser's zone when it is a real one, else UTC."""
        zone = self.time_zone.data or ""
        return zone if zone in available_timezones() else "UTC"


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_l("Email address"), validators=[DataRequired(_l("Enter your email address.")), Length(max=254)])
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Enter your password.")), Length(max=500)])
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()


class ForgotForm(Form):
    """Where to send the reset link."""

    email = _email_field()


class ResetForm(Form):
    """The new password."""

    password = PasswordField(_l("New password"), description=_l("At least 8 characters."), validators=[_NewPassword()])


class ProfileForm(Form):
    """What a person says about themself."""

    name = StringField(
        _l("Your name"),
        description=_l("As it should stand on your certificates."),
        validators=[DataRequired(_l("Enter your name.")), Length(max=120), no_control_characters],
    )
    bio = TextAreaField(_l("About you"), validators=[Length(max=2000, message=_l("Use at most 2000 characters."))])
    language = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    time_zone = SelectField(
        _l("Time zone"), description=_l("Deadlines are shown in this zone."), choices=[SelectChoice(zone) for zone in sorted(available_timezones())]
    )
