"""What was changed of a gradebook, as the audit log says it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext


def said(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each change of `lms.gradebook.changes` in words; one that is not known, of a later release, as nothing."""
    return [str(_WORDS[one["did"]](one)) for one in changes if one.get("did") in _WORDS]


def _added(one: Mapping[str, Any]) -> str:
    return str(
        pgettext(
            "audit log",
            "new category “%(name)s” (weight %(weight)s, lowest dropped: %(drop)s)",
            name=one["name"],
            weight=one["weight"],
            drop=one["drop"],
        )
    )


def _changed(one: Mapping[str, Any]) -> str:
    names = {
        "name": pgettext("audit log", "name"),
        "weight": pgettext("audit log", "weight"),
        "drop": pgettext("audit log", "lowest dropped"),
    }
    values = [
        pgettext(
            "audit log",
            "%(what)s %(before)s → %(after)s",
            what=names[what],
            before=one["values"][what][0],
            after=one["values"][what][1],
        )
        for what in names
        if what in one["values"]
    ]
    listed = str(pgettext("between the details of an entry", ", ")).join(values)
    return str(pgettext("audit log", "category “%(name)s”: %(values)s", name=one["category"], values=listed))


def _removed(one: Mapping[str, Any]) -> str:
    return str(pgettext("audit log", "category “%(name)s” removed", name=one["category"]))


def _ordered(one: Mapping[str, Any]) -> str:
    names = str(_(", ")).join(f"\u2068{name}\u2069" for name in one["names"])
    return str(pgettext("audit log", "order of the categories: %(names)s", names=names))


def _moved(one: Mapping[str, Any]) -> str:
    before, after = (name or pgettext("audit log", "no category") for name in one["categories"])
    return str(
        pgettext(
            "audit log", "“%(work)s”: %(before)s → %(after)s", work=one["work"], before=before, after=after
        )
    )


_WORDS = {
    "added": _added,
    "changed": _changed,
    "removed": _removed,
    "ordered": _ordered,
    "moved": _moved,
}
