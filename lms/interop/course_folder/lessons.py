"""One lesson's folder: its text, extra pages, quizzes and assignments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from lms.interop.course_folder import naming, rubric
from lms.interop.course_folder.assignment_rules import RULE_FIELDS, level_percents, read_rules
from lms.interop.course_folder.documents import read_document
from lms.interop.course_folder.fields import Fields
from lms.interop.course_folder.files import Tree, suffix
from lms.interop.course_folder.model import AssignmentSource, LessonSource, PageSource, QuizSource
from lms.interop.course_folder.quizzes import QUIZ_ENDINGS, ParseGift, read_quiz
from lms.learning.release import moment_of

LESSON_FIELDS = frozenset(
    {
        "id",
        "slug",
        "title",
        "duration",
        "preview",
        "required",
        "published",
        "release",
        "quizzes",
        "assignments",
    }
)
PAGE_FIELDS = frozenset({"id", "slug", "title"})
ASSIGNMENT_FIELDS = frozenset({"file", "id", "slug", "title", "max_points", "required"}) | RULE_FIELDS


@dataclass(slots=True)
class LessonReader:
    """Reads lessons of one course; their slugs are unique in it."""

    tree: Tree
    parse_gift: ParseGift
    slugs: set[str] = field(default_factory=set)

    def read(self, folder: str, files: list[str]) -> LessonSource | None:
        """The lesson in `folder`, whose text, page and quiz files are `files`."""
        main = f"{folder}/lesson.md"
        document = read_document(self.tree, main, LESSON_FIELDS)
        if document is None:
            return None
        said, name = document.fields, PurePosixPath(folder).name
        identity = said.identity() or naming.identity_of(main)
        title = document.title(self.tree, naming.words(name))
        # "assignment" is the address of the first brief, so no page may take it.
        taken = {"assignment", "quizzes"}
        assignments = self._assignments(folder, said, files, identity, taken)
        briefs = {assignment.path for assignment in assignments}
        pages = [p for p in files if suffix(p) == ".md" and p != main and p not in briefs]
        return LessonSource(
            id=identity,
            slug=naming.take(
                naming.slug(said.text("slug")) or naming.slug_for("lesson", name, title, identity), self.slugs
            ),
            title=title,
            body=document.body,
            path=main,
            duration_minutes=said.minutes("duration"),
            preview=bool(said.flag("preview")),
            required=said.flag("required"),
            published=said.flag("published"),
            release=_release(said),
            pages=tuple(page for path in pages if (page := self._page(folder, path, identity, taken))),
            quizzes=self._quizzes(folder, said, files, identity),
            assignments=assignments,
        )

    def _page(self, folder: str, path: str, lesson_id: str, taken: set[str]) -> PageSource | None:
        document = read_document(self.tree, path, PAGE_FIELDS)
        if document is None:
            return None
        within = path.removeprefix(f"{folder}/")
        identity = document.fields.identity() or f"{lesson_id}/{naming.identity_of(within)}"
        title = document.title(self.tree, naming.words(path))
        wanted = naming.slug(document.fields.text("slug"))
        name = naming.identity_of(within).replace("/", "-")
        slug = naming.take(wanted or naming.slug_for("page", name, title, identity), taken)
        return PageSource(identity, slug, title, document.body, path)

    def _listed(self, folder: str, said: Fields, name: str, files: list[str]) -> dict[str, Fields]:
        """Settings by path, for the entries of `quizzes:` or `assignments:` whose file is there."""
        found: dict[str, Fields] = {}
        for item in said.items(name):
            path = f"{folder}/{item.text('file').removeprefix('./')}"
            if path in found:
                item.wrong("file", "`%(field)s` is listed twice")
            elif path in files:
                found[path] = item
            elif named := item.text("file"):
                item.wrong(
                    "file", "`%(field)s` names %(name)s, which is not in this lesson's folder", name=named
                )
            else:
                item.wrong("file", "`%(field)s` names no file")
        return found

    def _quizzes(self, folder: str, said: Fields, files: list[str], lesson_id: str) -> tuple[QuizSource, ...]:
        paths = [path for path in files if suffix(path) in QUIZ_ENDINGS]
        listed = self._listed(folder, said, "quizzes", paths)
        order = [*listed, *(path for path in paths if path not in listed)]
        slugs: set[str] = set()
        quizzes = (
            read_quiz(self.tree, path, listed.get(path), lesson_id, slugs, self.parse_gift) for path in order
        )
        return tuple(quiz for quiz in quizzes if quiz)

    def _assignments(
        self, folder: str, said: Fields, files: list[str], lesson_id: str, taken: set[str]
    ) -> tuple[AssignmentSource, ...]:
        texts = [path for path in files if suffix(path) == ".md"]
        listed = self._listed(folder, said, "assignments", texts)
        usual = f"{folder}/assignment.md"
        order = [*listed, *([usual] if usual in texts and usual not in listed else [])]
        found: list[AssignmentSource] = []
        for path in order:
            document = read_document(self.tree, path, ASSIGNMENT_FIELDS)
            if document is None:
                continue
            within = naming.identity_of(path.removeprefix(f"{folder}/"))
            own, here = document.fields, listed.get(path, document.fields)
            here.unknown(ASSIGNMENT_FIELDS)
            title = here.text("title") or document.title(self.tree, naming.words(path))
            identity = here.identity() or own.identity() or f"{lesson_id}/{within}"
            body, table, wrong = rubric.split(document.body)
            if wrong:
                self.tree.problems.warning(path, wrong)
            wanted = naming.slug(here.text("slug")) or naming.slug_for("assignment", within, title, identity)
            graded = here if here.says("max_points") else own
            required = here.flag("required")
            found.append(
                AssignmentSource(
                    id=identity,
                    slug=naming.take(wanted, taken) if found else "assignment",
                    title=title,
                    body=body,
                    path=path,
                    rubric=table,
                    max_points=graded.amount("max_points", 0, 10_000),
                    points_at=(graded.path, graded.line("max_points")),
                    required=required if required is not None else own.flag("required"),
                    rules={**read_rules(own), **(read_rules(here) if here is not own else {})},
                    level_percents=level_percents(here) or level_percents(own),
                )
            )
        return tuple(found)


def _release(said: Fields) -> Mapping[str, Any] | None:
    """The release rule as it stands; the author hears of one that would hold nothing back."""
    rule = said.mapping("release")
    if not rule:
        return None
    is_date = moment_of(rule.get("date")) is not None
    days, after, quiz = rule.get("days"), rule.get("after"), rule.get("quiz")
    is_days = isinstance(days, int) and not isinstance(days, bool) and days > 0
    if not (is_date or is_days or isinstance(after, str) or isinstance(quiz, str)):
        said.doubt(
            "release",
            "`%(field)s` is not understood, so the lesson opens at once; it takes `date:`, `days:`, `after:` a lesson, "
            "or `quiz:` with a `score:`",
        )
    return rule
