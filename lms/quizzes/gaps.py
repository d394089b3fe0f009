"""The text of a cloze question as pieces of HTML with the gaps between them."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from lms.quizzes.content import GAP, ClozeContent
from lms.quizzes.rendering import html_of, split

# A word that neither Markdown, HTML nor the colouring of code takes apart; `[[1]]` they would.
_WORD = "zqgap{}zq"
_PLACE = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|zqgap(\d+)zq""")
_IN_TAG = re.compile(r"zqgap\d+zq")


@dataclass(frozen=True, slots=True)
class Pieces:
    """`title` is a first paragraph without gaps, or empty. `parts` are HTML and the ids of gaps in turn."""

    title: Markup
    parts: tuple[Markup | str, ...]


def pieces(content: ClozeContent, course_slug: str) -> Pieces:
    """Every gap of the question stands in the parts once; those that the text forgets, at the end."""
    numbers = {gap.id: number for number, gap in enumerate(content.gaps)}
    marked = GAP.sub(lambda m: _WORD.format(numbers[m[1]]) if m[1] in numbers else m[0], content.text)
    html = html_of(marked, content.format, course_slug)
    title, rest = split(html)
    if not rest or _IN_TAG.search(title):
        title, rest = "", html
    parts: list[Markup | str] = []
    seen: set[str] = set()
    text, start = "", 0
    for place in _PLACE.finditer(rest):
        text, start = text + rest[start : place.start()], place.end()
        id = content.gaps[int(place[1])].id if place[1] and int(place[1]) < len(numbers) else None
        if id is None or id in seen:
            text += _IN_TAG.sub("…", place[0])
            continue
        parts += [_safe(text), id]
        seen.add(id)
        text = ""
    parts.append(_safe(text + rest[start:]))
    parts += [id for id in numbers if id not in seen]
    return Pieces(_safe(title), tuple(part for part in parts if part))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - cleaned by html_of
