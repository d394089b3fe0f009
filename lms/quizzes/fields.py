"""Reading the stored question documents: every wrong shape becomes a ValueError that names the field."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lms.core.plain import is_storable


class MalformedDocument(ValueError):
    """A stored document that is not what it should be."""


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?")


def exact_decimal(text: str) -> Decimal | None:
    """A finite decimal of bounded size written the computer's way ("-3.5", "1e3"); None for anything else."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_object(data: object, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise MalformedDocument(f"{where} must be an object")
    return data


def read_list(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    if not isinstance(value, list):
        raise MalformedDocument(f"'{name}' must be a list")
    return value


def read_text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise MalformedDocument(f"'{name}' must be text")
    if not is_storable(value):
        raise MalformedDocument(f"'{name}' holds characters that cannot be stored")
    return value


def read_bool(data: Mapping[str, Any], name: str, default: bool) -> bool:
    value = data.get(name, default)
    if not isinstance(value, bool):
        raise MalformedDocument(f"'{name}' must be true or false")
    return value


def read_decimal(data: Mapping[str, Any], name: str) -> Decimal:
    value = data.get(name)
    number = None
    if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool):
        number = exact_decimal(str(value))
    if number is None:
        raise MalformedDocument(f"'{name}' must be a number")
    return number
