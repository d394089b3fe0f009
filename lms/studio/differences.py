"""What differs between two versions of a text, line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

CONTEXT = 3
"""Lines that are shown around a change."""


class Line(NamedTuple):
    """`kind` is same, added, removed or gap (lines left out, `text` then says how many)."""

    kind: str
    text: str


def lines(before: str, after: str) -> list[Line]:
    """The changes from `before` to `after`, with a little around them; empty when there are none."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    return list(_lines(old, new))


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    end = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        if (skipped := group[0][1] - end) > 0:
            yield Line("gap", str(skipped))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Line("same", text) for text in old[i1:i2])
            else:
                yield from (Line("removed", text) for text in old[i1:i2])
                yield from (Line("added", text) for text in new[j1:j2])
        end = group[-1][2]
    if (skipped := len(old) - end) > 0:
        yield Line("gap", str(skipped))
