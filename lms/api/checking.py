"""Whether a request is what its description says: the part of JSON Schema that `schemas` uses."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lms.api.schemas import Schema

_MOMENT = r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"


class Misfit(Exception):
    """What is wrong with one field."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.detail = field, detail


def arguments(given: Mapping[str, list[str]], known: Mapping[str, Schema]) -> dict[str, Any]:
    """The query of an address as its schemas say, defaults filled in. Raises Misfit for the first that is wrong."""
    for name, values in given.items():
        if name not in known:
            raise Misfit(name, "There is no such parameter.")
        if len(values) > 1:
            raise Misfit(name, "Give it once.")
    return {
        name: _argument(name, given[name][0], schema) if name in given else schema.get("default")
        for name, schema in known.items()
    }


def _argument(name: str, text: str, schema: Schema) -> Any:
    if schema["type"] != "integer":
        return checked(name, text, schema)
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Misfit(name, "It must be a whole number.")
    return checked(name, int(text), schema)


def body(given: Any, schema: Schema) -> dict[str, Any]:
    """The object that was sent, if it is one as the schema says. Raises Misfit."""
    if not isinstance(given, dict):
        raise Misfit("", "Send a JSON object.")
    known = schema["properties"]
    for name in schema["required"]:
        if name not in given:
            raise Misfit(name, "It is missing.")
    for name, value in given.items():
        if name not in known:
            raise Misfit(name, "There is no such field.")
        checked(name, value, known[name])
    return given


def checked(name: str, value: Any, schema: Schema) -> Any:
    """The value, if it is as the schema says. Raises Misfit."""
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        if not least <= value <= most:
            raise Misfit(name, f"It must be from {least} to {most}.")
        return value
    if not isinstance(value, str):
        raise Misfit(name, "It must be text.")
    if schema.get("format") == "date-time":
        return _moment(name, value)
    if not _is_storable(value):
        raise Misfit(name, "It holds signs that no text has.")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10_000):
        raise Misfit(name, "It is too short or too long.")
    # `$` of Python would let a line break follow.
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), value):
        raise Misfit(name, f"It must match {schema['pattern']}.")
    return value


def _moment(name: str, value: str) -> datetime:
    """A time with its offset (RFC 3339); a leap second is taken as the second before it."""
    try:
        if not re.fullmatch(_MOMENT, value.upper()):
            raise ValueError
        return datetime.fromisoformat(re.sub(r":60(?=[.Z+-])", ":59", value.upper())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misfit(name, "It must be a time such as 2026-03-02T10:00:00Z.") from None


def _is_storable(text: str) -> bool:
    """PostgreSQL text holds no NUL, and UTF-8 no half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
