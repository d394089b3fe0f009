"""Decisions about discussions."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from lms.learning.rules import Season

EDITABLE = timedelta(days=1)
"""How long one's own post may be changed: longer, and replies would stand below something else."""


def may_write(*, takes_part: bool, is_staff: bool, season: Season) -> bool:
    """Who asks, replies, and changes or accepts what was written: learners until the course ends, its staff always."""
    return takes_part and (is_staff or season != "over")


def may_edit(
    author_id: int | None, person_id: int, created_at: datetime, at: datetime, *, is_open: bool
) -> bool:
    """Authors change their own words for a day, as long as the discussion goes on."""
    return author_id == person_id and is_open and at < created_at + EDITABLE


def may_accept(author_id: int | None, person_id: int, *, is_staff: bool) -> bool:
    """Whose question it is says which reply answered it; so do the staff."""
    return is_staff or (author_id is not None and author_id == person_id)


def mentioned(body: str, people: Iterable[tuple[int, str]]) -> set[int]:
    """Who of `people` (id, name) is named by an @ in the text: by the whole name, or by its first word where only
    one of them has it. Of two names that begin alike the longer one counts; code is no place to name somebody."""
    text = re.sub(r"```.*?```|`[^`]*`", " ", body, flags=re.DOTALL).casefold()
    names: dict[str, set[int]] = {}
    for number, name in people:
        whole = name.casefold().strip()
        names.setdefault(whole, set()).add(number)
    firsts: dict[str, set[int]] = {}
    for name, numbers in names.items():
        firsts.setdefault(name.split()[0] if name.split() else name, set()).update(numbers)
    for first, numbers in firsts.items():
        if len(numbers) == 1:
            names.setdefault(first, numbers)
    found: set[int] = set()
    for place in re.finditer(r"(?<!\w)@", text):
        rest = text[place.end() :]
        for name in sorted(filter(None, names), key=len, reverse=True):
            if rest.startswith(name) and not re.match(r"\w", rest[len(name) :]):
                found |= names[name]
                break
    return found
