"""Settings beside a text, when several people save them: what an author did not touch stays as it stands.

A form carries what it showed. Of each setting there are then three values: shown, typed and stored now. Only one that
was typed over and that somebody else changed meanwhile asks for a decision.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from wtforms import BooleanField, Field, SelectField

from lms.studio.forms import BriefForm, LessonForm, TextForm
from lms.studio.rubric_field import RubricField

_RELEASE = {
    "date": ("release_date",),
    "days": ("release_days",),
    "after": ("release_after",),
    "quiz": ("release_quiz", "release_score"),
}
_PARTS = {"release": ("release", *(name for names in _RELEASE.values() for name in names))}


@dataclass(frozen=True, slots=True)
class Merge:
    """Names of settings: those to store, and those that two people changed to different things."""

    to_store: frozenset[str]
    clashes: frozenset[str]

    def accepts(self, wrong: Iterable[str]) -> bool:
        """Whether these fields may be wrong: all belong to settings that nobody touched."""
        touched = {part for name in self.to_store | self.clashes for part in parts(name)}
        return all(name in ALL_PARTS and name not in touched for name in wrong)


def settings_of(form: TextForm) -> tuple[str, ...]:
    """The settings that this form has beside its text."""
    if isinstance(form, LessonForm):
        return "minutes", "is_published", "is_preview", "is_required", "release"
    return ("max_points", "is_required", "rubric") if isinstance(form, BriefForm) else ()


def parts(name: str) -> tuple[str, ...]:
    """The fields of a setting."""
    return _PARTS.get(name, (name,))


ALL_PARTS = frozenset(
    {"minutes", "max_points", "is_published", "is_preview", "is_required", "rubric", *parts("release")}
)


def shown(form: TextForm) -> dict[str, list[str]]:
    """Every setting as the form shows it, or as its answer says it."""
    return {name: [_text(form[part]) for part in _of_kind(form, name)] for name in settings_of(form)}


def as_said(form: TextForm, **other: list[str]) -> str:
    """`shown` for the form's hidden field; `other` are settings that it showed otherwise when its draft began."""
    return json.dumps(shown(form) | other, separators=(",", ":"))


def _of_kind(form: TextForm, name: str) -> tuple[str, ...]:
    return ("release", *_RELEASE.get(form["release"].data, ())) if name == "release" else (name,)


def _text(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    if isinstance(field, SelectField):
        known = {str(choice.value) for choice in field.choices or ()}
        return str(field.data) if str(field.data) in known else ""
    return str(field._value()).strip()


def merge(typed: TextForm, stored: TextForm) -> Merge:
    """What of the typed settings is to be stored. A form that does not say what it showed decides everything."""
    mine, theirs = shown(typed), shown(stored)
    try:
        base = json.loads(typed.shown.data or "{}")
    except ValueError:
        base = {}
    if not isinstance(base, dict) or base.keys() != mine.keys():
        return Merge(frozenset(mine), frozenset())
    touched = {name for name in mine if mine[name] != base[name]}
    clashes = {name for name in touched if theirs[name] not in (base[name], mine[name])}
    return Merge(frozenset(touched - clashes), frozenset(clashes))


def take_theirs(form: TextForm, stored: TextForm, merged: Merge) -> None:
    """Bring the form up to date: what was not typed over shows what is stored now, and that becomes its base."""
    for name in settings_of(form):
        if name not in merged.to_store | merged.clashes:
            for part in parts(name):
                form[part].raw_data, form[part].data = None, stored[part].data
    form.shown.data = as_said(stored)


def clashing(stored: TextForm, merged: Merge) -> list[tuple[str, str]]:
    """(label, what the other person chose) of each clash, in words."""
    return [
        (
            str(stored[name].label.text),
            ", ".join(filter(None, (_words(stored[p]) for p in _of_kind(stored, name)))),
        )
        for name in settings_of(stored)
        if name in merged.clashes
    ]


def _words(field: Field) -> str:
    if isinstance(field, RubricField):
        return field.in_words()
    if isinstance(field, BooleanField):
        return "✓" if field.data else "–"
    if isinstance(field, SelectField):
        return next((str(c.label) for c in field.choices or () if str(c.value) == str(field.data)), "")
    return _text(field)
