"""The base of every form: trimmed text, one CSRF rule, messages in the reader's language."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError

from lms.core import csrf
from lms.core.i18n import size


class _Token(FlaskForm.Meta.csrf_class):
    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        return csrf.token()


class Form(FlaskForm):
    """Shape and format only; a form changes nothing."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Token

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if unbound_field.field_class.__name__ != "PasswordField":
                filters.append(_trimmed)
            return unbound_field.bind(form=form, filters=filters, **options)

    def validate(self, *given: Any, **more: Any) -> bool:
        """One message for what is no number at all: the field's own words stand in for those of WTForms."""
        is_valid: bool = super().validate(*given, **more)
        for field in self:
            own = list(field.errors)[len(field.process_errors) :]
            if own and field.process_errors:
                field.errors = own
        return is_valid


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def largest_upload() -> str:
    """How large a file may be that people send, in the reader's words."""
    return size(current_app.config["LECTERN"].upload_limit)


def no_control_characters(form: FlaskForm, field: Field) -> None:
    """A validator for one-line text."""
    if field.data and any(ord(sign) < 32 or ord(sign) == 127 for sign in str(field.data)):
        raise ValidationError(_("Please use ordinary characters only."))
