"""A file of questions as a quiz: GIFT, or Moodle XML where GIFT cannot say what is asked."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import PurePosixPath

from lms.core.phrases import Phrase
from lms.interop.course_folder import naming
from lms.interop.course_folder.fields import Fields
from lms.interop.course_folder.files import Tree, suffix
from lms.interop.course_folder.model import BankSource, DrawSource, QuizSource
from lms.interop.gift.report import GiftQuestion, GiftResult
from lms.interop.moodle_xml.parser import parse as parse_moodle_xml
from lms.interop.moodle_xml.report import MoodleResult

ParseGift = Callable[[bytes], GiftResult]

QUIZ_FIELDS = frozenset(
    {
        "file",
        "id",
        "slug",
        "title",
        "kind",
        "mode",
        "required",
        "published",
        "passing_score",
        "max_attempts",
        "time_limit_minutes",
        "shuffle_questions",
        "shuffle_options",
        "time_limit_seconds",
        "counts",
        "one_per_page",
        "reveal",
        "reveal_score",
        "opens",
        "closes",
        "points",
        "draws",
        "from_bank",
    }
)
QUIZ_ENDINGS = (".gift", ".xml")
BANK = ("bank.gift", "bank.xml")
DRAW_FIELDS = frozenset({"count", "tags", "points"})
HEAD = 2_000
"""Bytes from which a quiz in Moodle XML is told from other XML, which is a file like any other."""

_TITLE_COMMENT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*//[ \t]*title[ \t]*:[ \t]*(\S[^\r\n]*)", re.IGNORECASE)
_SHORT = 100


def read_quiz(
    tree: Tree, path: str, settings: Fields | None, lesson_id: str, slugs: set[str], parse_gift: ParseGift
) -> QuizSource | None:
    """The quiz at `path` with the lesson's settings for it; None after reporting why not."""
    data = tree.data(path, tree.limits.markdown)
    if data is None:
        return None
    is_xml = suffix(path) == ".xml"
    result = parse_moodle_xml(data) if is_xml else parse_gift(data)
    name = PurePosixPath(path).name
    said = settings or Fields(path, {}, {}, tree.problems)
    said.unknown(QUIZ_FIELDS)
    draws = tuple(_draw(each) for each in said.items("draws"))
    questions = _questions(tree, path, result, needed=not draws)
    opens_at, closes_at = said.window("opens", "closes")
    modes = ("practice", "graded")
    identity = said.identity() or f"{lesson_id}/{naming.identity_of(name)}"
    title = said.text("title") or _title(data, name)
    return QuizSource(
        id=identity,
        slug=naming.take(
            naming.slug(said.text("slug"))
            or naming.slug_for("quiz", PurePosixPath(name).stem, title, identity),
            slugs,
        ),
        title=title,
        path=path,
        questions=questions,
        mode=said.choice("mode", modes) or said.choice("kind", modes),  # type: ignore[arg-type]
        required=said.flag("required"),
        published=said.flag("published"),
        passing_score=said.amount("passing_score", 0, 100),
        max_attempts=said.number("max_attempts", 1, 1_000),
        time_limit_seconds=_seconds(said),
        shuffle_questions=said.flag("shuffle_questions"),
        shuffle_options=said.flag("shuffle_options"),
        counts=said.choice("counts", ("best", "last", "average")),
        one_per_page=said.flag("one_per_page"),
        reveal=said.choice("reveal", ("submission", "close", "never")),
        reveal_score=said.choice("reveal_score", ("submission", "close")),
        opens_at=opens_at,
        closes_at=closes_at,
        points=_worth(result) | said.amounts("points", 0, 100_000),
        draws=draws,
        from_bank={name: str(origin) for name, origin in (said.mapping("from_bank") or {}).items()},
    )


def read_bank(
    tree: Tree, path: str, points: Mapping[str, int | Decimal], parse_gift: ParseGift
) -> BankSource | None:
    """The question bank at `path`; None after reporting why not."""
    data = tree.data(path, tree.limits.markdown)
    if data is None:
        return None
    result = parse_moodle_xml(data) if suffix(path) == ".xml" else parse_gift(data)
    return BankSource(path, _questions(tree, path, result), _worth(result) | dict(points))


def _draw(said: Fields) -> DrawSource:
    said.unknown(DRAW_FIELDS)
    points = said.amount("points", 0, 10_000)
    return DrawSource(said.number("count", 1, 100) or 1, said.texts("tags"), 1 if points is None else points)


def _worth(result: GiftResult | MoodleResult) -> dict[str, int | Decimal]:
    """Points by the id of a question, or by its title, where the file gives them."""
    if not isinstance(result, MoodleResult):
        return {}
    return {q.id or q.title: q.points for q in result.questions if q.points != 1 and (q.id or q.title)}


def _seconds(said: Fields) -> int | None:
    seconds, minutes = (
        said.number("time_limit_seconds", 1, 600_000),
        said.number("time_limit_minutes", 1, 10_000),
    )
    return seconds or (minutes * 60 if minutes else None)


def is_moodle_quiz(head: bytes) -> bool:
    """Whether the file that begins so holds questions of Moodle."""
    return (
        re.match(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<quiz\b", head, re.DOTALL
        )
        is not None
    )


def _questions(
    tree: Tree, path: str, result: GiftResult | MoodleResult, *, needed: bool = True
) -> tuple[GiftQuestion, ...]:
    if isinstance(result, MoodleResult) and result.files:
        message = Phrase(
            "holds pictures, which are not taken from here: put them into assets/, or import it in the course"
        )
        tree.problems.warning(path, message)
    for problem in result.problems:
        excerpt = " ".join(problem.text.split())
        shown = excerpt if len(excerpt) <= _SHORT else excerpt[: _SHORT - 1] + "…"
        why = problem.reason
        said = Phrase("not taken: %(why)s", why=why) if problem.severity == "error" else why
        message = Phrase("%(said)s (%(item)s)", said=said, item=shown) if shown else said
        tree.problems.warning(path, message, problem.line)
    if not result.questions and needed:
        tree.problems.error(path, Phrase("has no question that can be used; correct it or take the file out"))
    return tuple(
        q
        if isinstance(q, GiftQuestion)
        else GiftQuestion(q.content, q.key, q.title, q.id, q.tags, q.category, q.line)
        for q in result.questions
    )


def _title(data: bytes, name: str) -> str:
    said = _TITLE_COMMENT.match(data)
    if said:
        return said[1].decode("utf-8", "replace").strip()[:255]
    title = naming.words(name)
    return title if "quiz" in title.lower() else f"{title} quiz"
