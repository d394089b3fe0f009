"""What somebody chooses about their messages."""

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from lms.core.forms import Form
from lms.notifications.kinds import MODES, Kind


class _Preferences(Form):
    """Two fields for each kind: how by mail, and whether in the inbox."""

    @property
    def wishes(self) -> dict[str, tuple[str, bool]]:
        """What was chosen, by kind."""
        return {
            kind.name: (self[f"{kind.name}-email"].data, kind.needed or self[f"{kind.name}-inbox"].data)
            for kind in self.kinds
        }

    kinds: tuple[Kind, ...] = ()


def preferences_form(kinds: list[Kind], chosen: dict[str, Any]) -> _Preferences:
    """A form for these kinds that shows what was chosen; `chosen` are rows of `queries.preferences`."""
    fields: dict[str, Any] = {"kinds": tuple(kinds)}
    for kind in kinds:
        row = chosen.get(kind.name)
        fields[f"{kind.name}-email"] = SelectField(
            kind.title,
            choices=[SelectChoice(mode, label) for mode, label in MODES.items()],
            default=row.email if row else kind.email,
        )
        fields[f"{kind.name}-inbox"] = BooleanField(kind.title, default=row.inbox if row else True)
    made: _Preferences = type("PreferencesForm", (_Preferences,), fields)()
    return made
