"""The `## Rubric` table of an assignment."""

import re

from lms.core.phrases import Phrase
from lms.interop.course_folder.model import Criterion, Rubric

_HEADING = re.compile(r"^(#{1,6})[ \t]+rubric[ \t:]*#*[ \t]*$", re.IGNORECASE | re.MULTILINE)
_DIVIDER = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")


def split(body: str) -> tuple[str, Rubric | None, Phrase | None]:
    """(body without the rubric, the rubric, what is wrong with it).

    An empty table is a form nobody filled in: no rubric, and said so. A section that cannot be read
    as a rubric stays in the body, so that learners still see it.
    """
    heading = _HEADING.search(body)
    if heading is None:
        return body, None, None
    following = re.compile(rf"^#{{1,{len(heading[1])}}}[ \t]", re.MULTILINE).search(body, heading.end())
    end = following.start() if following else len(body)
    lines = [line for line in body[heading.end() : end].splitlines() if line.strip()]
    if len(lines) < 2 or not _DIVIDER.match(lines[1]) or not all("|" in line for line in lines):
        return body, None, Phrase("the Rubric section should hold one table (criteria down, levels across)")
    rest = body[: heading.start()].rstrip() + "\n" + ("\n" + body[end:] if following else "")
    levels = tuple(_cells(lines[0])[1:])
    rows = [_cells(line) for line in lines[2:]]
    width = len(levels)
    criteria = tuple(
        Criterion(row[0] or f"Criterion {number}", tuple((row[1:] + [""] * width)[:width]))
        for number, row in enumerate((row for row in rows if any(row)), start=1)
    )
    if not criteria or not levels:
        wrong = Phrase("the rubric is empty, so the assignment has none; fill in its table or remove it")
        return rest, None, wrong
    return rest, Rubric(levels, criteria), None


def _cells(line: str) -> list[str]:
    text = line.strip().removeprefix("|")
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(text)]
    return cells[:-1] if cells and not cells[-1] and text.endswith("|") else cells
