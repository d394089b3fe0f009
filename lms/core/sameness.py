"""What a macro makes of the same facts, in the same language, is made once: catalogues show the same cards again."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from markupsafe import Markup

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
    key = (macro._func.__code__, i18n.language(), facts, tuple(options.items()))  # type: ignore[attr-defined]
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
