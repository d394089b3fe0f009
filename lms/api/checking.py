"""Whether a request is what its description says: the part of JSON Schema that `schemas` uses."""

import re
from collections.abc import Mapping
from typing import Any

from lms.api.schemas import Schema


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
    if not _is_storable(value):
        raise Misfit(name, "It holds signs that no text has.")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10_000):
        raise Misfit(name, "It is too short or too long.")
    # `$` of Python would let a line break follow.
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), value):
        raise Misfit(name, f"It must match {schema['pattern']}.")
    return value


def _is_storable(text: str) -> bool:
    """PostgreSQL text holds no NUL, and UTF-8 no half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
