"""Forms of certificates."""

import re
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ColorField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from lms.certificates import look
from lms.certificates.look import Look
from lms.certificates.pdf_words import WORDS
from lms.core.forms import Form, no_control_characters

_REASON = [
    DataRequired(_l("Please give a reason.")),
    Length(max=500, message=_l("Please keep the reason under 500 characters.")),
]


class RevokeForm(Form):
    """Why a certificate is void: public from then on."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Please give a reason; it is shown to everyone who verifies the certificate.")),
            Length(max=500, message=_l("Please keep the reason under 500 characters.")),
        ],
    )


class AwardForm(Form):
    """Who is awarded a certificate by hand, and why. Those ticked in the list come as `enrollment`."""

    people = TextAreaField(
        _l("Email addresses"),
        description=_l("One a line, or with commas between them. They must be enrolled in the course."),
        validators=[Length(max=50_000, message=_l("That is too long; award in several goes."))],
    )
    reason = StringField(
        _l("Reason"),
        description=_l("Kept in the audit log; learners do not see it."),
        validators=_REASON,
    )


class _Wording(StringField):
    """A line of the certificate, with placeholders."""

    def pre_validate(self, form: Any) -> None:
        wrong = look.misused_placeholders(self.data or "")
        if wrong:
            raise ValidationError(
                _(
                    "%(wrong)s means nothing here. You can use %(known)s.",
                    wrong=_(", ").join(dict.fromkeys(wrong)),
                    known=_(", ").join(f"{{{name}}}" for name in look.PLACEHOLDERS),
                )
            )


def _line(label: Any, longest: int) -> _Wording:
    too_long = _l("At most %(max)s characters.", max=longest)
    return _Wording(label, validators=[Length(max=longest, message=too_long), no_control_characters])


class LookForm(Form):
    """How the certificates of a course look from now on."""

    design = RadioField(
        _l("Design"),
        choices=[
            SelectChoice("classic", _l("Classic: an engraved border on cream paper")),
            SelectChoice("modern", _l("Modern: a bar of colour, text at the side")),
            SelectChoice("plain", _l("Plain: thin lines, little ink")),
        ],
    )
    accent = ColorField(_l("Colour"), description=_l("Of the name, the lines and the small print."))
    language = SelectField(_l("Language of the words"))
    heading = _line(_l("Heading"), 60)
    presented = _line(_l("Above the name"), 120)
    completed = _line(_l("Below the name"), 120)
    note = _line(_l("Below the course"), 200)
    signer = StringField(_l("Who signs"), validators=[Length(max=80), no_control_characters])
    signer_title = StringField(_l("Their position"), validators=[Length(max=120), no_control_characters])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.language.choices = [
            SelectChoice("", _("The course’s, if we have words in it")),
            *(
                SelectChoice(code, (Locale.parse(code).get_display_name() or code).capitalize())
                for code in WORDS
            ),
        ]

    def validate_accent(self, field: ColorField) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", field.data or ""):
            raise ValidationError(_("Choose a colour such as #8a6a2f."))
        design = self.design.data if self.design.data in look.DESIGNS else "classic"
        if not look.is_legible(field.data, design):
            raise ValidationError(
                _(
                    "This colour is too light for small print on this paper. %(darker)s is the same, dark enough.",
                    darker=look.legible(field.data, design),
                )
            )

    def chosen(self) -> Look:
        """What was typed."""
        names = ("design", "language", "heading", "presented", "completed", "note", "signer", "signer_title")
        return Look(accent=self.accent.data.lower(), **{name: self[name].data or "" for name in names})
