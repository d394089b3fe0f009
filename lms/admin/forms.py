"""What admins type, and people who join."""

import re
from ipaddress import ip_network
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.accounts import applications, naming, passwords
from lms.accounts import rules as account_rules
from lms.accounts.naming import is_address, is_name
from lms.admin import words
from lms.core.forms import Form
from lms.core.merging import SharedForm

MOST_ADDRESSES = 200
LARGEST_LIST = 10 * 1024 * 1024
"""Bytes of an uploaded list of people."""


def _name_field(label: Any, description: Any = "") -> StringField:
    return StringField(
        label,
        description=description,
        validators=[DataRequired(_l("Enter the name.")), is_name],
    )


def _role_field(**more: Any) -> SelectField:
    choices = [SelectChoice(role, label) for role, label in words.ROLES.items()]
    return SelectField(_l("Role"), choices=choices, default="student", **more)


class PersonForm(Form):
    """A new account."""

    name = _name_field(_l("Name"))
    email = EmailField(
        _l("Email address"),
        validators=[
            DataRequired(_l("Enter the email address.")),
            Length(max=254, message=_l("This address is too long.")),
            is_address,
        ],
    )
    role = _role_field()


class RoleForm(Form):
    """Another role for somebody."""

    role = _role_field()


class DecisionForm(Form):
    """Verify or reject an application."""

    verdict = RadioField(
        _l("Decision"),
        choices=[SelectChoice("verified", _l("Verify")), SelectChoice("rejected", _l("Reject"))],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The applicant reads it. Needed for a rejection."),
        validators=[Length(max=1000, message=_l("Use at most 1000 characters."))],
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if self.verdict.data == "rejected" and not field.data:
            raise ValidationError(_("Say why, so that the applicant knows what to change."))


class InviteForm(Form):
    """One address or many."""

    addresses = TextAreaField(
        _l("Email addresses"),
        description=_l("One a line, or with commas between them."),
        validators=[DataRequired(_l("Enter at least one address.")), Length(max=60_000)],
    )
    role = _role_field()
    course = SelectField(
        _l("Course"),
        description=_l("They are enrolled as soon as they accept."),
        coerce=str,
        default="",
        choices=[],
    )

    def validate_addresses(self, field: TextAreaField) -> None:
        found = self.listed
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(
                _("At most %(most)s at once; bring longer lists as a CSV file.", most=MOST_ADDRESSES)
            )
        if wrong := [address for address in found if naming.address(address) is None]:
            raise ValidationError(_("These are no addresses: %(list)s", list=_(", ").join(wrong[:10])))

    @property
    def listed(self) -> list[str]:
        """What was typed, piece by piece."""
        return (self.addresses.data or "").replace(",", " ").replace(";", " ").split()

    @property
    def normalised(self) -> list[str]:
        """The addresses of a form that is valid."""
        return [address for typed in self.listed if (address := naming.address(typed))]


class AcceptForm(Form):
    """Who was invited sets name and password."""

    name = _name_field(_l("Your name"), _l("As it should stand on your certificates."))
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Choose a password."))])

    def __init__(self, role: str = "student", **more: Any) -> None:
        super().__init__(**more)
        self.least = account_rules.shortest_password(role)
        self.password.description = _("At least %(least)s characters.", least=self.least)

    def validate_password(self, field: PasswordField) -> None:
        if len(field.data) < self.least:
            raise ValidationError(
                _(
                    "Use at least %(least)s characters. Four plain words are easy to remember.",
                    least=self.least,
                )
            )
        if len(field.data) > account_rules.LONGEST_PASSWORD:
            raise ValidationError(_("Use at most 128 characters."))
        if passwords.is_common(field.data):
            raise ValidationError(_("This password is among the first that guessers try. Choose another."))


class ApplyForm(Form):
    """The wish to teach."""

    bio = TextAreaField(
        _l("About you as a teacher"),
        description=_l("10 to 2000 characters. It stands on the pages of your courses."),
        validators=[
            DataRequired(_l("Tell something about yourself.")),
            Length(
                applications.SHORTEST_BIO, applications.LONGEST_BIO, message=_l("Use 10 to 2000 characters.")
            ),
        ],
    )
    expertise = TextAreaField(
        _l("Fields of expertise"),
        description=_l("One a line, 1 to 10 of them."),
        validators=[DataRequired(_l("Name at least one field."))],
    )

    def validate_expertise(self, field: TextAreaField) -> None:
        found = self.fields_of_expertise
        if not 1 <= len(found) <= applications.MOST_FIELDS:
            raise ValidationError(_("Name 1 to 10 fields."))
        if any(len(name) > 80 for name in found):
            raise ValidationError(_("Use at most 80 characters for a field."))

    @property
    def fields_of_expertise(self) -> list[str]:
        """Each once, in the order they were typed."""
        lines = (self.expertise.data or "").replace(",", "\n").splitlines()
        return list(dict.fromkeys(name for line in lines if (name := " ".join(line.split()))))


class HandOverForm(Form):
    """Who owns courses from now on."""

    email = EmailField(
        _l("New owner"),
        description=_l("The email address of somebody who teaches here."),
        validators=[DataRequired(_l("Enter the email address.")), Length(max=254)],
    )
    stays = BooleanField(_l("The owner until now goes on teaching"))


class PeopleFileForm(Form):
    """A list of people and their courses."""

    file = FileField(
        _l("CSV file"),
        description=_l("Comma, semicolon or tab between the cells; at most 50,000 rows."),
        validators=[FileRequired(_l("Choose the file."))],
    )
    invite = BooleanField(
        _l("Write to the new people"),
        description=_l("Each gets an invitation with a link to set a password."),
    )

    def validate_file(self, field: FileField) -> None:
        stream = field.data.stream
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(0)
        if not size:
            raise ValidationError(_("The file is empty."))
        if size > LARGEST_LIST:
            raise ValidationError(_("The file is larger than 10 MB. Cut it in parts."))


_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class SettingsForm(SharedForm):
    """What is enforced for everyone."""

    together = (("registration", "registration_domains"),)

    registration = RadioField(
        _l("Who may register"),
        choices=[
            SelectChoice("open", _l("Everyone")),
            SelectChoice("domains", _l("Only addresses of these domains")),
            SelectChoice("closed", _l("Nobody; people come by invitation")),
        ],
    )
    registration_domains = StringField(
        _l("Domains"),
        description=_l(
            "Such as example.org, example.edu. Each address is confirmed before its first sign-in."
        ),
        validators=[Length(max=2000)],
    )
    verification_required = BooleanField(_l("An address must be confirmed before its first sign-in"))
    second_factor_roles = SelectMultipleField(
        _l("A second factor is required of"),
        choices=[SelectChoice(role, label) for role, label in words.ROLES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    session_hours = IntegerField(
        _l("Hours that a sign-in lasts"),
        description=_l("From 1 to 720. Who chooses to stay signed in stays longer."),
        validators=[
            InputRequired(_l("Enter the hours.")),
            NumberRange(1, 720, message=_l("Use a whole number from 1 to 720.")),
        ],
    )
    admin_networks = TextAreaField(
        _l("Addresses that administrators work from"),
        description=_l("Ranges such as 10.0.0.0/8, one a line. Empty: from everywhere."),
        validators=[Length(max=4000)],
    )

    def validate_registration_domains(self, field: StringField) -> None:
        for domain in self.domains:
            if not _DOMAIN.fullmatch(domain):
                raise ValidationError(_("%(value)s is no domain; write it like example.org.", value=domain))
        if self.registration.data == "domains" and not self.domains:
            raise ValidationError(_("Name at least one domain that may register, such as example.org."))

    def validate_admin_networks(self, field: TextAreaField) -> None:
        for network in self.networks:
            try:
                nearest = ip_network(network, strict=False)
            except ValueError:
                raise ValidationError(
                    _("%(value)s is no address range; write it like 10.0.0.0/8.", value=network)
                ) from None
            if "/" in network and str(nearest) != network:
                raise ValidationError(
                    _("%(value)s lies inside of a range; write %(range)s.", value=network, range=str(nearest))
                )

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of `site.SiteSettings`."""
        return {
            "registration": self.registration.data,
            "registration_domains": self.domains,
            "verification_required": bool(self.verification_required.data),
            "second_factor_roles": self.second_factor_roles.data,
            "session_hours": self.session_hours.data,
            "admin_networks": self.networks,
        }

    @property
    def domains(self) -> list[str]:
        """Domains in lower case, without an @ before them."""
        typed = (self.registration_domains.data or "").replace(",", " ").replace(";", " ").split()
        return [domain.lower().lstrip("@") for domain in typed]

    @property
    def networks(self) -> list[str]:
        """Address ranges as typed."""
        return (self.admin_networks.data or "").replace(",", " ").split()


class EraseForm(Form):
    """The last word before an account is erased."""

    password = PasswordField(
        _l("Your password"), validators=[DataRequired(_l("Enter your password.")), Length(max=500)]
    )
    sure = BooleanField(
        _l("I understand that this can't be undone."), validators=[InputRequired(_l("Tick this first."))]
    )
