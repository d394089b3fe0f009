"""A GIFT file as a quiz."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from lms.interop.course_folder import naming
from lms.interop.course_folder.fields import Fields
from lms.interop.course_folder.files import Tree
from lms.interop.course_folder.model import QuizSource
from lms.interop.gift.report import GiftQuestion, GiftResult

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
        "passing_score",
        "max_attempts",
        "time_limit_minutes",
        "shuffle_questions",
        "shuffle_options",
        "time_limit_seconds",
        "counts",
        "one_per_page",
        "reveal",
        "points",
    }
)
_TITLE_COMMENT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*//[ \t]*title[ \t]*:[ \t]*(\S[^\r\n]*)", re.IGNORECASE)
_SHORT = 100


def read_quiz(
    tree: Tree, path: str, settings: Fields | None, lesson_id: str, slugs: set[str], parse_gift: ParseGift
) -> QuizSource | None:
    """The quiz at `path` with the lesson's settings for it; None after reporting why not."""
    data = tree.data(path, tree.limits.markdown)
    if data is None:
        return None
    questions = _questions(tree, path, data, parse_gift)
    name = PurePosixPath(path).name
    said = settings or Fields(path, {}, {}, tree.problems)
    said.unknown(QUIZ_FIELDS)
    modes = ("practice", "graded")
    identity = said.identity() or f"{lesson_id}/{naming.identity_of(name)}"
    title = said.text("title") or _title(data, name)
    return QuizSource(
        id=identity,
        slug=naming.unused(
            naming.slug(said.text("slug"))
            or naming.slug_for("quiz", PurePosixPath(name).stem, title, identity),
            slugs,
        ),
        title=title,
        path=path,
        questions=questions,
        mode=said.choice("mode", modes) or said.choice("kind", modes),  # type: ignore[arg-type]
        required=said.flag("required"),
        passing_score=said.amount("passing_score", 0, 100),
        max_attempts=said.number("max_attempts", 1, 1_000),
        time_limit_seconds=_seconds(said),
        shuffle_questions=said.flag("shuffle_questions"),
        shuffle_options=said.flag("shuffle_options"),
        counts=said.choice("counts", ("best", "last", "average")),
        one_per_page=said.flag("one_per_page"),
        reveal=said.choice("reveal", ("submission", "never")),
        points=said.amounts("points", 0, 100_000),
    )


def _seconds(said: Fields) -> int | None:
    seconds, minutes = (
        said.number("time_limit_seconds", 1, 600_000),
        said.number("time_limit_minutes", 1, 10_000),
    )
    return seconds or (minutes * 60 if minutes else None)


def _questions(tree: Tree, path: str, data: bytes, parse_gift: ParseGift) -> tuple[GiftQuestion, ...]:
    result = parse_gift(data)
    for problem in result.problems:
        excerpt = " ".join(problem.text.split())
        shown = excerpt if len(excerpt) <= _SHORT else excerpt[: _SHORT - 1] + "…"
        said = f"not taken: {problem.reason}" if problem.severity == "error" else problem.reason
        message = said + (f" ({shown})" if shown else "")
        tree.problems.warning(path, message, problem.line)
    if not result.questions:
        tree.problems.error(path, "has no question that can be used; correct it or take the file out")
    return tuple(result.questions)


def _title(data: bytes, name: str) -> str:
    said = _TITLE_COMMENT.match(data)
    if said:
        return said[1].decode("utf-8", "replace").strip()[:255]
    title = naming.words(name)
    return title if "quiz" in title.lower() else f"{title} quiz"
