"""What a macro makes of the same facts, in the same language, is made once: catalogues show the same cards again."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from lms.core import i18n

MOST = 2000
"""Pieces kept in a process; a card of the catalogue has 1.5 kB."""

_kept: OrderedDict[Any, Markup] = OrderedDict()
_lock = Lock()


def same(macro: Callable[..., Markup], *facts: Any, **options: Any) -> Markup:
    """`macro(*facts, **options)`, from memory when all of it was asked before: `{{ same(card, course) }}`.

    For macros whose answer follows from their arguments and the language alone, and whose arguments are plain
    values or rows of them: nothing about the reader, no clock, no token.
    """
    given = (*facts, *options.values())
    key = (macro._func.__code__, i18n.language(), given, *map(_kind, given), *options)  # type: ignore[attr-defined]
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = macro(*facts, **options)
    with _lock:
        _kept[key] = made
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def _kind(value: Any) -> Any:
    """What equality overlooks and a page shows: text and markup of the same letters, True and 1, the names in a row."""
    if isinstance(value, (tuple, Row)):
        return getattr(value, "_fields", ()), *map(type, value)
    return type(value)
