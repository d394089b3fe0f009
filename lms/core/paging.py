"""Pages of long lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Generic, TypeVar

Item = TypeVar("Item")

PER_PAGE = 20
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list of `total` items; `number` counts from 1."""

    items: Sequence[Item]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.per_page))

    @property
    def first(self) -> int:
        """The place of the first item shown, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0


def page_number(text: str | None) -> int:
    """The page asked for in the address; anything odd is page 1."""
    return min(int(text), MOST_PAGES) if text and text.isdecimal() and len(text) < 6 and int(text) else 1
