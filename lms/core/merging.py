"""Settings that several people keep: what one did not touch stays as another saved it.

A form carries what it showed, as digests. Of each setting there are then three values: shown, typed and stored now.
Only one that was typed over and that somebody else changed to something else meanwhile asks for a decision: the page
comes back with what both wrote, and each such setting can be taken from the other or sent again as it was typed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import Length

from lms.core import field_words
from lms.core.forms import Form


@dataclass(frozen=True, slots=True)
class Merge:
    """Names of settings: `mine` are to be stored as they were typed, `clashes` two people changed to different things,
    `untouched` came back as the page showed them. All but the first stay as they are stored."""

    mine: frozenset[str]
    clashes: frozenset[str]
    untouched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clash:
    """A setting to decide about, in words: `at` is the id of its control. `whole` is all that the other wrote, where
    `theirs` is only a part of it; else "". `is_text`: both sides are somebody's own text and not words of the page."""

    name: str
    label: str
    at: str
    mine: str
    theirs: str
    whole: str = ""
    is_text: bool = False


def note(said: Mapping[str, str]) -> str:
    """What a page shows, by the names of its settings, for its hidden field."""
    return json.dumps({name: digest(value) for name, value in said.items()}, separators=(",", ":"))


def merge(shown: str | None, typed: Mapping[str, str], stored: Mapping[str, str]) -> Merge:
    """Compare what a page showed (its `note`) with what was typed and what is stored. A setting of which the page does
    not say what it showed is decided by what was typed."""
    return compare(_read(shown), typed, stored)


def compare(shown: Mapping[str, Any], typed: Mapping[str, str], stored: Mapping[str, str]) -> Merge:
    """The same with the digests of what a page showed."""
    untouched = {name for name, value in typed.items() if shown.get(name) == digest(value)}
    changed = {name for name, value in typed.items() if value != stored.get(name, "")} - untouched
    clashes = {name for name in changed if name in shown and shown[name] != digest(stored.get(name, ""))}
    return Merge(frozenset(changed - clashes), frozenset(clashes), frozenset(untouched))


def digest(value: str) -> str:
    """What is kept of a value that was shown."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:16]


def _read(shown: str | None) -> dict[str, Any]:
    try:
        found = json.loads(shown or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class SharedForm(Form):
    """Every field is a setting, but those `together` are one, under the name of their first, and those `apart` are
    none: whoever has them compares them otherwise. `remember` before the form is shown, `settles` when it comes back.
    A field of many texts is compared by them: it has `parts`, `join` and `take`, see `lms.studio.rubric_field`.
    """

    together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    apart: ClassVar[frozenset[str]] = frozenset()

    shown = HiddenField(validators=[Length(max=20_000)])
    theirs = SelectMultipleField(choices=[], validate_choice=False)
    """Names of settings that are to be as the other saved them."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.touched: frozenset[str] = frozenset()
        self.clashes: list[Clash] = []

    def values(self) -> dict[str, Any]:
        """The settings as they are stored, by the names of their fields."""
        return {name: self[name].data for names in self._settings().values() for name in names}

    def changes(self) -> dict[str, Any]:
        """The part of `values` that was typed over and is to be stored; after `settles`."""
        return {name: value for name, value in self.values().items() if name in self.touched}

    def counted(self, name: str, fields: tuple[str, ...]) -> tuple[str, ...]:
        """The fields that matter for what a setting says now."""
        return fields

    def words(self, name: str, fields: tuple[str, ...]) -> str:
        """What a setting says now, for people."""
        return field_words.said([self[part] for part in self.counted(name, fields)])

    def remember(self, **otherwise: str) -> Self:
        """Note what this form shows; `otherwise` are values of settings that it showed when its draft was begun."""
        parts = {
            f"{name}:{part}": value
            for name in self._with_parts() - otherwise.keys()
            for part, value in self[name].parts().items()
        }
        self.shown.data = note(
            self._said() | parts | {name: json.dumps([one]) for name, one in otherwise.items()}
        )
        return self

    def _with_parts(self) -> set[str]:
        return {name for name in self._settings() if hasattr(self[name], "parts")}

    @property
    def refusal(self) -> int:
        """The status to answer with when the form is shown again: 409 to decide, 422 to mend."""
        return 409 if self.clashes else 422

    def settles(self, stored: Self) -> bool:
        """Whether what was typed can be stored. What is not touched is brought to what is `stored`, and may be wrong:
        it stays as it stands. False when something typed is wrong, or when two people changed the same: then
        `clashes` say so, and sending the form again decides on purpose."""
        settings = self._settings()
        asked = set(self.theirs.data or ())
        taken = asked & settings.keys()
        self._take(_fields(settings, taken), stored)
        for name in self._with_parts() - taken:
            self[name].take(stored[name], _parts_of(name, asked))
        self.theirs.data = []
        self.validate()
        merged = merge(self.shown.data, self._said(), stored._said())
        for field in _fields(settings, merged.untouched | taken):
            self[field].errors = []
        if self.errors:
            return False
        self._take(_fields(settings, settings.keys() - merged.mine - merged.clashes), stored)
        joined = self._joined(merged.clashes, stored)
        self.shown.data = stored.remember().shown.data
        self.touched = _fields(settings, merged.mine | joined.keys())
        whole = [name for name in settings if name in merged.clashes - joined.keys()]
        self.clashes = [self._clash(name, stored) for name in whole]
        for clash in self.clashes:
            self[clash.name].errors = [field_words.changed_meanwhile(clash.theirs)]
        self.clashes += [clash for found in joined.values() for clash in found]
        return not self.clashes and not self.errors

    def _joined(self, names: Iterable[str], stored: Self) -> dict[str, list[Clash]]:
        """Settings that two people changed in different parts, with what is to decide in them."""
        base = _read(self.shown.data)
        found: dict[str, list[Clash]] = {}
        for name in self._with_parts() & set(names):
            shown = {part: base[f"{name}:{part}"] for part in _parts_of(name, base)}
            clashes = self[name].join(shown, stored[name], self)
            if clashes is not None:
                found[name] = clashes
        return found

    def _settings(self) -> dict[str, tuple[str, ...]]:
        """{setting: its fields}."""
        first = {name: names for names in self.together for name in names}
        found: dict[str, tuple[str, ...]] = {}
        for field in self:
            if isinstance(field, HiddenField) or field.short_name in self.apart | {"theirs", "csrf_token"}:
                continue
            names = first.get(field.short_name, (field.short_name,))
            found[names[0]] = names
        return found

    def _said(self) -> dict[str, str]:
        return {
            name: json.dumps([field_words.value(self[part]) for part in self.counted(name, fields)])
            for name, fields in self._settings().items()
        }

    def _take(self, fields: Iterable[str], stored: Self) -> None:
        for name in fields:
            self[name].raw_data, self[name].data = None, stored[name].data

    def _both(self, name: str, fields: tuple[str, ...], stored: Self) -> tuple[str, str]:
        """What a setting says here and as it is stored; of a field of many texts those that differ."""
        if name in self._with_parts():
            return self[name].unlike(stored[name]), stored[name].unlike(self[name])
        return self.words(name, fields), stored.words(name, fields)

    def _clash(self, name: str, stored: Self) -> Clash:
        fields = self._settings()[name]
        return Clash(
            name,
            field_words.label([self[part] for part in fields]),
            field_words.first_control(self[name]),
            *self._both(name, fields, stored),
            field_words.whole(stored[name]),
            is_text=all(field_words.is_text(self[part]) for part in self.counted(name, fields)),
        )


def _parts_of(name: str, named: Iterable[str]) -> set[str]:
    """Of `rubric:row-0` and the like the second half, for the setting of this name."""
    return {
        part for one in named for setting, _sign, part in [one.partition(":")] if part and setting == name
    }


def _fields(settings: Mapping[str, tuple[str, ...]], names: Iterable[str]) -> frozenset[str]:
    return frozenset(field for name in names for field in settings[name])
