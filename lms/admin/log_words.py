"""What an entry of the audit log holds beside its people, in the reader's words."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_pgettext, pgettext

from lms.admin import gradebook_words
from lms.admin.words import ROLES

NAMES: dict[str, Any] = {
    "admin_networks": lazy_pgettext("audit log", "admin networks"),
    "after": lazy_pgettext("audit log", "after"),
    "assignment": lazy_pgettext("audit log", "assignment"),
    "attempts": lazy_pgettext("audit log", "attempts"),
    "before": lazy_pgettext("audit log", "before"),
    "categories": lazy_pgettext("audit log", "categories"),
    "changed": lazy_pgettext("audit log", "changed"),
    "closes_at": lazy_pgettext("audit log", "closes at"),
    "course": lazy_pgettext("audit log", "course"),
    "created": lazy_pgettext("audit log", "created"),
    "days": lazy_pgettext("audit log", "days"),
    "description": lazy_pgettext("audit log", "description"),
    "drop": lazy_pgettext("audit log", "drop"),
    "enabled": lazy_pgettext("audit log", "enabled"),
    "enrolled": lazy_pgettext("audit log", "enrolled"),
    "events": lazy_pgettext("audit log", "events"),
    "extra_attempts": lazy_pgettext("audit log", "extra attempts"),
    "extra_minutes": lazy_pgettext("audit log", "extra minutes"),
    "extra_percent": lazy_pgettext("audit log", "extra percent"),
    "gradebook": lazy_pgettext("audit log", "gradebook"),
    "how": lazy_pgettext("audit log", "how it counts"),
    "instructor": lazy_pgettext("audit log", "instructor"),
    "invited": lazy_pgettext("audit log", "invited"),
    "kind": lazy_pgettext("audit log", "kind"),
    "left_out": lazy_pgettext("audit log", "left out"),
    "message": lazy_pgettext("audit log", "message"),
    "messages": lazy_pgettext("audit log", "messages"),
    "name": lazy_pgettext("audit log", "name"),
    "number": lazy_pgettext("audit log", "number"),
    "opens_at": lazy_pgettext("audit log", "opens at"),
    "percent": lazy_pgettext("audit log", "percent"),
    "question": lazy_pgettext("audit log", "question"),
    "quiz": lazy_pgettext("audit log", "quiz"),
    "quiz_id": lazy_pgettext("audit log", "quiz id"),
    "reason": lazy_pgettext("audit log", "reason"),
    "registration": lazy_pgettext("audit log", "registration"),
    "registration_domains": lazy_pgettext("audit log", "registration domains"),
    "role": lazy_pgettext("audit log", "role"),
    "rule": lazy_pgettext("audit log", "rule"),
    "scopes": lazy_pgettext("audit log", "scopes"),
    "second_factor_roles": lazy_pgettext("audit log", "second factor roles"),
    "session_hours": lazy_pgettext("audit log", "session hours"),
    "since": lazy_pgettext("audit log", "since"),
    "slot": lazy_pgettext("audit log", "slot"),
    "submission_id": lazy_pgettext("audit log", "submission id"),
    "token_id": lazy_pgettext("audit log", "token id"),
    "untimed": lazy_pgettext("audit log", "untimed"),
    "url": lazy_pgettext("audit log", "address"),
    "user_id": lazy_pgettext("audit log", "person"),
    "verification_required": lazy_pgettext("audit log", "verification required"),
    "weight": lazy_pgettext("audit log", "weight"),
    "work": lazy_pgettext("audit log", "work"),
}

VALUES: dict[Any, Any] = {
    **ROLES,
    "closed": lazy_pgettext("audit log", "closed"),
    "domains": lazy_pgettext("audit log", "certain domains"),
    "open": lazy_pgettext("audit log", "open"),
    "service": lazy_pgettext("audit log", "service"),
    "personal": lazy_pgettext("audit log", "personal"),
    "all": lazy_pgettext("audit log", "regrade all"),
    "raise": lazy_pgettext("audit log", "only raise"),
    "full": lazy_pgettext("audit log", "full points for everybody"),
    "out": lazy_pgettext("audit log", "left out of the score"),
}
_IN_WORDS = frozenset(
    {"before", "after", "kind", "role", "registration", "second_factor_roles", "rule", "how"}
)
"""What holds one of the names above; in all else a word is somebody's own."""


def details(noted: dict[str, Any] | None) -> str:
    """An entry's details as one line: `quiz: Tea, session hours: 12 → 13`."""
    rest = dict(noted or {})
    changes = rest.pop("gradebook", [])
    before, after = rest.get("before"), rest.get("after")
    changed = []
    if isinstance(before, dict) and isinstance(after, dict):
        changed = [
            f"{_name(name)}: {_change(name, before.get(name), after.get(name))}"
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
    elif "before" in rest and "after" in rest:
        changed = [_change("before", before, after)]
    if changed:
        rest = {name: value for name, value in rest.items() if name not in ("before", "after")}
    return _listed([*_parts(rest, ""), *changed, *gradebook_words.said(changes)])


def _change(name: str, before: Any, after: Any) -> str:
    shown = {"before": _value(name, before), "after": _value(name, after)}
    return str(pgettext("audit log", "%(before)s → %(after)s", **shown))


def _listed(parts: list[str]) -> str:
    return str(pgettext("between the details of an entry", ", ")).join(parts)


def _parts(noted: dict[str, Any], before: str) -> Iterator[str]:
    for name, value in noted.items():
        label = f"{before}{_name(name)}"
        if isinstance(value, dict):
            yield from _parts(value, f"{label} ")
        elif value not in ("", None, [], ()):
            yield f"{label}: {_value(name, value)}"


def _name(name: str) -> str:
    """A name that has no words yet is shown as it is."""
    return str(NAMES.get(name, name.replace("_", " ")))


def _value(name: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return _("; ").join(_value(name, one) for one in value) or "–"
    if isinstance(value, dict):
        named = sorted(value, key=lambda one: one != "name")
        return _listed(list(_parts({one: value[one] for one in named}, "")))
    if isinstance(value, bool):
        return str(pgettext("audit log", "yes") if value else pgettext("audit log", "no"))
    if value in ("", None):
        return "–"
    return str(VALUES.get(value, value) if name in _IN_WORDS else value)
