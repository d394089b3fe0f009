"""Forms of settings that several people keep: what one did not touch stays as another saved it.

A form carries what it showed, as digests. Of each field there are then three values: shown, typed and stored now. Only
one that was typed over and that somebody else changed meanwhile asks for a decision.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import Length

from lms.core.forms import Form

MOST_SAID = 300
"""Signs of the other's value that a message holds."""


class SharedForm(Form):
    """`shown` is filled by `remember`, and read by `catch_up` when it comes back."""

    shown = HiddenField(validators=[Length(max=8000)])

    def remember(self) -> None:
        """Note what this form shows."""
        digests = {field.short_name: _digest(field) for field in _settings(self)}
        self.shown.data = json.dumps(digests, separators=(",", ":"))

    def catch_up(self, stored: "SharedForm") -> bool:
        """Bring what was not typed over to what is `stored` now. False when both changed the same: the fields say
        what stands there, what was typed stays, and sending the form again decides on purpose."""
        base = _read(self.shown.data)
        clashes = False
        for field, theirs in zip(_settings(self), _settings(stored), strict=True):
            was, mine, now = base.get(field.short_name), _digest(field), _digest(theirs)
            if was == mine:
                field.data, field.raw_data = theirs.data, None
            elif was is not None and now not in (was, mine):
                clashes = True
                field.errors = [
                    _("Somebody else changed this meanwhile. It says now: %(value)s", value=_said(theirs))
                ]
        stored.remember()
        self.shown.data = stored.shown.data
        return not clashes


def _settings(form: SharedForm) -> Iterator[Field]:
    return (
        field for field in form if not isinstance(field, HiddenField) and field.short_name != "csrf_token"
    )


def _read(text: str | None) -> dict[str, Any]:
    """The digests; none when the form does not say what it showed: then it decides everything."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _digest(field: Field) -> str:
    value = field.data
    if isinstance(value, datetime):
        value = value.strftime("%Y-%m-%dT%H:%M")
    elif isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    return hashlib.sha256(repr(value or "").encode()).hexdigest()[:16]


def _said(field: Field) -> str:
    """What a field holds, in the words of the page."""
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if choices := getattr(field, "choices", None):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        said = ", ".join(str(choice.label) for choice in choices if choice.value in chosen)
    elif isinstance(field.data, datetime):
        said = field.data.strftime("%Y-%m-%d %H:%M")
    else:
        said = " ".join(str(field.data or "").split())
    return (said[:MOST_SAID] + "…" if len(said) > MOST_SAID else said) or "–"
