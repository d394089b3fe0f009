"""What people type about their account."""

from typing import Any, ClassVar

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from lms.accounts import passwords, rules
from lms.accounts.naming import is_address, is_name
from lms.core.forms import Form, no_control_characters
from lms.core.i18n import LANGUAGES, zones


class _NewPassword:
    """A validator: long enough for the role, not too long, not what guessers try, not one's own name."""

    field_flags: ClassVar[dict[str, Any]] = {"required": True}

    def __call__(self, form: Form, field: PasswordField) -> None:
        password = field.data or ""
        least = rules.shortest_password(getattr(form, "role", "student"))
        if len(password) < least:
            raise ValidationError(
                _("Use at least %(least)s characters. Four plain words are easy to remember.", least=least)
            )
        if len(password) > rules.LONGEST_PASSWORD:
            raise ValidationError(_l("Use at most 128 characters."))
        own = [str(form[name].data or "").partition("@")[0] for name in ("name", "email") if name in form]
        if passwords.is_common(password) or passwords.is_about(
            password, [*own, current_app.config["LECTERN"].product_name]
        ):
            raise ValidationError(_l("This password is among the first that guessers try. Choose another."))


def _email_field() -> EmailField:
    return EmailField(
        _l("Email address"),
        validators=[
            DataRequired(_l("Enter your email address.")),
            Length(max=254, message=_l("This address is too long.")),
            is_address,
        ],
    )


class RegisterForm(Form):
    """A new student."""

    name = StringField(
        _l("Your name"),
        description=_l("As it should stand on your certificates."),
        validators=[
            DataRequired(_l("Enter your name.")),
            is_name,
        ],
    )
    email = _email_field()
    password = PasswordField(
        _l("Password"), description=_l("At least 8 characters."), validators=[_NewPassword()]
    )
    time_zone = HiddenField()

    @property
    def chosen_zone(self) -> str:
        """The browser's zone when it is a real one, else UTC."""
        zone = self.time_zone.data or ""
        return zone if zone in zones() else "UTC"


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _l("Email address"), validators=[DataRequired(_l("Enter your email address.")), Length(max=254)]
    )
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Enter your password.")), Length(max=500)]
    )
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()


class ForgotForm(Form):
    """Where to send the reset link."""

    email = _email_field()


def _current_password() -> PasswordField:
    return PasswordField(
        _l("Your current password"),
        validators=[DataRequired(_l("Enter your current password.")), Length(max=500)],
    )


class ResetForm(Form):
    """The new password of somebody whose role says how long it must be."""

    role = "student"
    password = PasswordField(
        _l("New password"), description=_l("At least 8 characters."), validators=[_NewPassword()]
    )

    def __init__(self, role: str = "student", **more: Any) -> None:
        super().__init__(**more)
        self.role = role
        self.password.description = _("At least %(least)s characters.", least=rules.shortest_password(role))


class PasswordForm(ResetForm):
    """A new password instead of the current one."""

    current = _current_password()


class EmailForm(Form):
    """A new address."""

    email = _email_field()
    current = _current_password()


class CodeForm(Form):
    """A code of the app, a mailed one, or a recovery code."""

    code = StringField(
        _l("Code"),
        validators=[
            DataRequired(_l("Enter the code.")),
            Length(max=40, message=_l("A code is shorter than that.")),
            no_control_characters,
        ],
    )


class GuardedCodeForm(CodeForm):
    """The same, with the password asked again."""

    current = _current_password()


class SetupForm(Form):
    """The first administrator."""

    role = "admin"
    token = StringField(
        _l("Setup token"),
        description=_l("The command flask accounts setup-token prints it."),
        validators=[DataRequired(_l("Enter the setup token.")), Length(max=200)],
    )
    name = StringField(
        _l("Your name"),
        validators=[DataRequired(_l("Enter your name.")), is_name],
    )
    email = _email_field()
    password = PasswordField(
        _l("Password"), description=_l("At least 12 characters."), validators=[_NewPassword()]
    )


class ProfileForm(Form):
    """What a person says about themself."""

    name = StringField(
        _l("Your name"),
        description=_l("As it should stand on your certificates."),
        validators=[DataRequired(_l("Enter your name.")), is_name],
    )
    bio = TextAreaField(
        _l("About you"), validators=[Length(max=2000, message=_l("Use at most 2000 characters."))]
    )
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
    time_zone = SelectField(
        _l("Time zone"),
        description=_l("Deadlines are shown in this zone."),
        choices=[SelectChoice(zone) for zone in sorted(zones())],
    )
