"""Finding words in the lessons, extra pages and briefs of a course, for one reader: nothing of what is not open to
them, and nothing of quizzes. Typing errors are forgiven."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from lms.core.db import read
from lms.courses.asked import Part, may_be_misspelt, only_leaves_out, parts_of, phrases_of, plain_words
from lms.courses.excerpts import Marked, pattern_of
from lms.courses.spelling import corrected
from lms.learning import search_sql
from lms.learning.outline import Line
from lms.learning.standing import Standing

PREVIEW_KINDS = ("lesson", "page")
KINDS = (*PREVIEW_KINDS, "assignment")


class Result(NamedTuple):
    """A text that has the words. `place` is the part of its address behind the path; `title`, `heading`, `excerpt`,
    `pictures` (what describes those that nobody reads as text) and `files` are markup with what was found in `<mark>`."""

    kind: str
    lesson: Line
    slug: str
    title: Markup
    heading: Markup
    excerpt: Markup
    pictures: list[Markup]
    files: list[Markup]
    place: str


@dataclass(frozen=True, slots=True)
class Found:
    """`results` are the likeliest of `total` texts; `meant` is the spelling that they are of, where nothing has the
    words as typed. `only_leaves_out`: nothing was looked for, because no word was wanted."""

    results: tuple[Result, ...] = ()
    total: int = 0
    meant: str = ""
    only_leaves_out: bool = False


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
    parts, lessons = parts_of(q), open_lessons(standing)
    if not parts or not lessons:
        return Found(only_leaves_out=only_leaves_out(q))
    found, guesses = _ask(standing, lessons, parts)
    is_unfound = may_be_misspelt(parts) and not found.results
    meant = corrected(plain_words(parts), guesses) if is_unfound else None
    if meant is None:
        return found
    found, _ = _ask(standing, lessons, parts_of(" ".join(meant)))
    return replace(found, meant=" ".join(meant)) if found.results else found


def _ask(
    standing: Standing, lessons: dict[int, Line], parts: list[Part]
) -> tuple[Found, list[tuple[str, str]]]:
    plain = plain_words(parts)
    row = read(
        search_sql.SEARCH,
        course_id=standing.row.id,
        open=list(lessons),
        kinds=list(KINDS if standing.is_staff or standing.is_learner else PREVIEW_KINDS),
        reader=standing.row.language,
        choices=[part.choice for part in parts],
        words=[part.words for part in parts],
        phrases=[part.is_phrase for part in parts],
        left_out=[part.is_left_out for part in parts],
        unspaced=[part.is_unspaced for part in parts],
        plain=plain,
    ).one()
    marker = _Marker(
        [part.words for part in parts if part.is_unspaced and not part.is_left_out], phrases_of(parts)
    )
    results = tuple(_result(facts, lessons, marker, plain) for facts in row.found or ())
    return Found(results, row.found[0][-1] if results else 0), row.guesses or []


def _result(facts: list[Any], lessons: dict[int, Line], marker: "_Marker", words: list[str]) -> Result:
    kind, lesson_id, slug, title, anchor, heading, text, pictures, files, _total = facts
    body = marker.marked(text)
    named = (Marked.of(name, words) for name in files.split("\n"))
    return Result(
        kind,
        lessons[lesson_id],
        slug,
        marker.marked(title).html,
        marker.marked(heading).html,
        body.excerpt(),
        [one.excerpt() for one in marker.marked(pictures).lines() if one.spans],
        [one.html for one in named if one.spans],
        # A place in the address is stronger than where the reader stopped before.
        f"#{anchor or 'main'}{body.directive()}",
    )


@dataclass(frozen=True, slots=True)
class _Marker:
    """What is marked by its letters, and by its words as they stand, beside what the database finds."""

    letters: list[str]
    phrases: tuple[str, ...]

    def marked(self, pair: tuple[str, str]) -> Marked:
        """A text as it stands, and with what the database found in it."""
        text, marked = pair
        return Marked.over(text, marked, self.letters, pattern_of(self.phrases))
