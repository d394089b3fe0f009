"""Finding words in the lessons, extra pages and briefs of a course, for one reader: nothing of what is not open to
them, and nothing of quizzes. Typing errors are forgiven."""

import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from lms.core.db import read
from lms.courses.catalogue import OPERATORS, words_of
from lms.courses.spelling import corrected
from lms.learning import search_sql
from lms.learning.excerpts import Marked
from lms.learning.outline import Line
from lms.learning.standing import Standing

# Thai, Lao, Burmese, Khmer, Japanese and Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f]"
)
PREVIEW_KINDS = ("lesson", "page")
KINDS = (*PREVIEW_KINDS, "assignment")


class Result(NamedTuple):
    """A text that has the words. `place` is the part of its address behind the path; `title`, `heading`, `excerpt` and
    `files` are markup with what was found in `<mark>`."""

    kind: str
    lesson: Line
    slug: str
    title: Markup
    heading: Markup
    excerpt: Markup
    files: list[Markup]
    place: str


@dataclass(frozen=True, slots=True)
class Found:
    """`results` are the likeliest of `total` texts; `meant` is the spelling that they are of, where nothing has the
    words as typed."""

    results: tuple[Result, ...] = ()
    total: int = 0
    meant: str = ""


def open_lessons(standing: Standing) -> dict[int, Line]:
    """The lessons that this person may read now, by id."""
    may_read_all = standing.is_staff or standing.is_learner
    return {
        line.id: line
        for line in standing.outline.lines
        if (may_read_all or line.is_preview) and line.id not in standing.holds
    }


def search(standing: Standing, q: str) -> Found:
    """The texts of the course that have the words, in one statement; a second one when only another spelling is found."""
    words, lessons = words_of(q), open_lessons(standing)
    if not words or not lessons:
        return Found()
    found, guesses = _ask(standing, lessons, q, words)
    meant = None if found.results else corrected(words, guesses)
    if meant is None:
        return found
    found, _ = _ask(standing, lessons, " ".join(meant), meant)
    return replace(found, meant=" ".join(meant)) if found.results else found


def _ask(
    standing: Standing, lessons: dict[int, Line], q: str, words: list[str]
) -> tuple[Found, list[tuple[str, str]]]:
    language = standing.row.language
    unspaced = [word for word in words if _UNSPACED.search(word)]
    exactly = bool(OPERATORS.search(q)) and not unspaced
    values: dict[str, Any] = {"typed": q} if exactly else {"tongues": [language], "unspaced": unspaced}
    row = read(
        search_sql.search(exactly=exactly),
        course_id=standing.row.id,
        open=list(lessons),
        kinds=list(KINDS if standing.is_staff or standing.is_learner else PREVIEW_KINDS),
        words=words,
        reader=language,
        **values,
    ).one()
    results = tuple(_result(facts, lessons, unspaced, words) for facts in row.found or ())
    return Found(results, row.found[0][-1] if results else 0), row.guesses or []


def _result(facts: list[Any], lessons: dict[int, Line], unspaced: list[str], words: list[str]) -> Result:
    kind, lesson_id, slug, title, anchor, heading, text, files, _total = facts
    body = Marked.of(text, unspaced)
    named = [name for name in files.split("\n") if any(word in name.lower() for word in words)]
    return Result(
        kind,
        lessons[lesson_id],
        slug,
        Marked.of(title, unspaced).html,
        Marked.of(heading, unspaced).html,
        body.excerpt(),
        [Marked.of(name, words).html for name in named if name],
        # A place in the address is stronger than where the reader stopped before.
        f"#{anchor or 'main'}{body.directive()}",
    )
