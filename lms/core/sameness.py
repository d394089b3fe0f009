"""What a macro makes of the same facts, in the same language, is made once: catalogues show the same cards again."""

from collections.abc import Callable, Iterable, Mapping
from types import NoneType
from typing import Any, Generic, TypeVar

from markupsafe import Markup
from sqlalchemy import Row

from lms.core import i18n

MOST = 2000
"""Pieces kept in a process, and as many again that were asked for before them; a card of the catalogue has 1.5 kB."""

_PLAIN = frozenset({str, Markup, int, float, bool, NoneType})


Piece = TypeVar("Piece")


class Kept(Generic[Piece]):
    """Two halves: what was asked for lately, and before. A full half takes the place of the older one, which is forgotten.

    Needs no lock: a piece that two threads make or move at once is the same piece.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lately: dict[Any, Piece] = {}
        self._before: dict[Any, Piece] = {}

    def __len__(self) -> int:
        return len(self._lately) + len(self._before)

    def find(self, key: Any) -> Piece | None:
        """The piece, if it was kept; finding it keeps it longer."""
        found = self._lately.get(key)
        if found is None and (found := self._before.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Any, piece: Piece) -> None:
        """Keep a piece until as many others were asked for."""
        if len(self._lately) >= self._most:
            self._before, self._lately = self._lately, {}
        self._lately[key] = piece


_kept = Kept[Markup]()


def same(macro: Callable[..., Markup], *facts: Any, **options: Any) -> Markup:
    """`macro(*facts, **options)`, from memory when all of it was asked before: `{{ same(card, course) }}`.

    For macros whose answer follows from their arguments and the language alone, and whose arguments are plain
    values or rows of them: nothing about the reader, no clock, no token.
    """
    given = (*facts, *options.values()) if options else facts
    key = (macro._func.__code__, i18n.language(), given, _kinds(given), *options)  # type: ignore[attr-defined]
    found = _kept.find(key)
    if found is None:
        found = macro(*facts, **options)
        _kept.keep(key, found)
    return found


GAP = Markup("\x00")
"""What a kept macro writes where readers differ; no text of a person can hold it."""


def filled(piece: Markup, names: Iterable[str], pieces: Mapping[str, Markup]) -> Markup:
    """`piece` with each `GAP` in it filled, in order, by the piece of that name:
    `{{ filled(same(outline, lessons), states, marks) }}`.

    Raises KeyError for an unknown name, ValueError when there are more or fewer names than gaps.
    """
    first, *others = piece.split(GAP)
    made = [str(first)]
    for name, other in zip(names, others, strict=True):
        made += (pieces[name], other)
    return Markup("".join(made))  # noqa: S704 - all of it is Markup


def _kinds(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """What equality overlooks and a page shows: text and markup of the same letters, True and 1, the names in a row."""
    kinds: tuple[Any, ...] = tuple(map(type, given))
    return kinds if _PLAIN.issuperset(kinds) else tuple(map(_kind, given))


def _kind(value: Any) -> Any:
    if isinstance(value, (tuple, Row)):
        return getattr(value, "_fields", ()), *map(type, value)
    return type(value)
