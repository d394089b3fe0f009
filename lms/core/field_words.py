"""What a field of a form holds: as a value that can be compared, and in the words of the page.

A field of our own kind says it itself: `_value` to be compared, `in_words` for people.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.core.plain import decimal_text

MOST_SAID, MOST_BESIDE = 300, 100
"""Signs of a value that are said at the top of a page, and beside its field."""


def changed_meanwhile(value: str) -> str:
    """The message beside a field that somebody else changed to `value`."""
    return str(
        _("Somebody else changed this meanwhile. It says now: %(value)s", value=_cut(value, MOST_BESIDE))
    )


def label(fields: Sequence[Field]) -> str:
    """The name of a setting of these fields: of a choice and what belongs to it that of the choice."""
    named = fields[:1] if isinstance(fields[0], SelectField) else fields
    return str(_(", ")).join(str(field.label.text) for field in named)


def value(field: Field) -> str:
    """The same text for what means the same: as it is stored, as it is shown, and as it comes back."""
    data = field.data
    if data is None and field.raw_data:
        data = field.raw_data[0]  # typed, and not understood
    if isinstance(field, SelectField):
        return "\n".join(str(choice.value) for choice in _chosen(field))
    if data is None or isinstance(data, bool):
        return "y" if data else ""
    if isinstance(data, datetime):
        return data.strftime("%Y-%m-%dT%H:%M")
    if isinstance(data, int | Decimal):
        return decimal_text(Decimal(data))
    if isinstance(data, str):
        return data.replace("\r\n", "\n").strip()
    return str(field._value())


def said(fields: Sequence[Field]) -> str:
    """What a setting of these fields says; those after the first with their labels."""
    first, *others = fields
    more = [
        _("%(label)s: %(value)s", label=field.label.text, value=_words(field))
        for field in others
        if value(field)
    ]
    return str(_("; ")).join([_words(first), *more] if value(first) or not more else more)


def whole(field: Field) -> str:
    """All that a field holds, where its words are only a part of it; else ""."""
    text = value(field) if isinstance(field.data, str) else ""
    return text if len(text) > MOST_SAID or "\n" in text else ""


def is_text(field: Field) -> bool:
    """Whether its words are only what somebody typed."""
    return isinstance(field, StringField)


def first_control(field: Field) -> str:
    """The id of the control that stands for a field: of a group of buttons or boxes the first."""
    return f"{field.id}-0" if hasattr(field.widget, "html_tag") else str(field.id)


def _chosen(field: SelectField) -> list[SelectChoice]:
    wanted = [str(one) for one in (field.data if isinstance(field.data, list) else [field.data])]
    return [choice for choice in field.choices or () if str(choice.value) in wanted]


def _words(field: Field) -> str:
    if hasattr(field, "in_words"):
        return str(field.in_words())
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if isinstance(field, SelectField):
        text = str(_(", ")).join(str(choice.label) for choice in _chosen(field))
    elif isinstance(field.data, datetime):
        text = field.data.strftime("%Y-%m-%d %H:%M")
    else:
        text = " ".join(value(field).split())
    return _cut(text, MOST_SAID) or "–"


def _cut(text: str, most: int) -> str:
    return text[:most].rstrip() + "…" if len(text) > most else text
